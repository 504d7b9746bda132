"""A company sends its dossier in a real browser, with JavaScript and without, on a telephone and on a desk."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import WIDTHS, at_each_width, horizontal_overflow, violations
from tests.browser.forms import backdate_form, type_on
from tests.browser.largeurs import faults
from tests.browser.screens import link_from_mail, save_and_continue
from tests.pictures import picture


def begin(page, server, courriel):
    page.goto("/candidature/")
    page.get_by_label("Votre courriel").fill(courriel)
    backdate_form(page)
    page.get_by_role("button", name="Recevoir le lien").click()
    page.wait_for_url("**/lien-envoye/")
    return link_from_mail(server, courriel)


def expect_autosave(page):
    """Waits until the form has saved by itself what the block does."""
    return page.expect_response(lambda answer: answer.request.method == "POST" and answer.ok)


@pytest.mark.nightly
def test_the_communes_that_are_suggested_hide_no_button(visit, draft):
    page = visit()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{draft}organisation/")
        page.get_by_label(re.compile("commune", re.IGNORECASE)).first.press_sequentially("bes")
        page.locator("suggestion-combobox [role=option]").first.wait_for()
        page.get_by_role("button", name="Enregistrer et continuer", exact=True).click(trial=True)


def test_a_company_sends_its_dossier(visit, server):
    page = visit(width=360)
    link = begin(page, server, "gerante@tilleuls.test")
    page.goto(f"{link}organisation/")
    assert "NON ENVOYÉ" in page.locator("main").inner_text()
    page.get_by_label("Comment s’appelle votre organisation").fill("Fruitière des Tilleuls")
    page.locator("#id_commune").fill("Flagey (25330)")
    save_and_continue(page)
    page.get_by_label("Comment s’appelle votre innovation").fill("Le lait de nuit")
    page.get_by_label("Comment résumez-vous votre innovation").fill("Une fruitière qui laisse dormir ses fromagers.")
    page.get_by_label("Qu’avez-vous fait").fill("Le lait attend au frais.")
    save_and_continue(page)
    for group in page.locator("fieldset:has([name=criteres])").all():
        group.get_by_role("checkbox").first.check()
    save_and_continue(page)
    file = {"name": "vache.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    page.get_by_label("Choisir une image").first.set_input_files(file)
    page.get_by_label("Que montre la photo").fill("Une vache")
    save_and_continue(page)
    page.get_by_label("Qui peut répondre aux questions").fill("Jeanne Marmier")
    page.get_by_label(re.compile("J’accepte que la description")).check()
    page.get_by_label(re.compile("J’ai le droit d’utiliser les images")).check()
    save_and_continue(page)
    page.get_by_role("link", name="Voir la fiche comme le public la verra").click()
    cow = page.get_by_alt_text("Une vache")
    expect(cow).to_be_visible()
    assert cow.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 0
    page.get_by_role("link", name="Retour").click()
    page.get_by_role("button", name="Envoyer mon dossier").click()
    page.wait_for_url("**/?fait=envoye")
    assert re.search(r"Dossier \d{4}-\d{5}", page.locator("main").inner_text())
    # Back, and sent again: still one.
    page.goto(f"{link}relecture/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("button", name="Envoyer mon dossier")).to_have_count(0)


def test_what_is_typed_is_saved_by_itself_and_is_there_the_next_time(visit, draft):
    page = visit()
    page.goto(f"{draft}innovation/")
    with expect_autosave(page):
        page.get_by_label("Comment s’appelle votre innovation").fill("Le lait de nuit")
    page.get_by_text("Enregistré à").wait_for()
    again = visit()
    again.goto(f"{draft}innovation/")
    assert again.get_by_label("Comment s’appelle votre innovation").input_value() == "Le lait de nuit"
    # Two tabs on one answer: the second is told, and shown both.
    with expect_autosave(page):
        page.get_by_label("Comment s’appelle votre innovation").fill("Le lait du soir")
    again.get_by_label("Comment s’appelle votre innovation").fill("Le lait du matin")
    expect(again.locator("[data-etat]")).to_contain_text("Enregistrez pour voir les deux textes.")
    save_and_continue(again)
    assert "Le lait du soir" in again.locator("#id_titre_error").inner_text()
    assert again.get_by_label("Comment s’appelle votre innovation").input_value() == "Le lait du matin"
    save_and_continue(again)
    again.wait_for_url("**/caracterisation/")
    assert all("409 (Conflict)" in fault for fault in visit.faults)
    visit.faults.clear()


@pytest.mark.nightly
@pytest.mark.parametrize("leave", ["goes on", "closes"])
def test_what_is_typed_before_the_answer_comes_is_stored_when_the_page_is_left(visit, draft, leave):
    page, address = visit(), f"{draft}innovation/"
    page.goto(address)
    titre = page.get_by_label("Comment s’appelle votre innovation")
    held = []
    page.route("**/innovation/", lambda route: held.append((route, route.fetch())), times=1)
    titre.press_sequentially("Le lait")
    expect(page.locator("[data-etat]")).to_have_text("Enregistrement…")
    while not held:
        page.wait_for_timeout(20)
    titre.press_sequentially(" du soir")  # the server has the first words, the page doesn't know it
    if leave == "goes on":
        save_and_continue(page)
        page.wait_for_url("**/caracterisation/")
    else:
        page.goto("/")
        page.wait_for_load_state("networkidle")
    again = visit()
    again.goto(address)
    expect(again.get_by_label("Comment s’appelle votre innovation")).to_have_value("Le lait du soir")


@pytest.mark.nightly
def test_who_types_without_a_pause_is_saved_all_the_same(visit, draft):
    page = visit()
    page.goto(f"{draft}innovation/")
    sent = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.post_data))
    for letter in "Le lait du soir, " * 6:
        page.get_by_label("Comment s’appelle votre innovation").press_sequentially(letter, delay=80)
        if sent:
            break
    assert "Le lait du soir, Le lait" in sent[0]


HIDE = """() => {
  Object.defineProperty(document, "hidden", { value: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.mark.nightly
def test_long_answers_are_saved_as_soon_as_their_tab_is_hidden(visit, draft):
    page, address = visit(), f"{draft}innovation/"
    page.goto(address)
    for folded in page.locator(".groupe__facultatif > summary").all():
        folded.click()
    answers = [page.locator("textarea").nth(place) for place in (1, 2)]
    for answer in answers:
        answer.fill("é" * 19_000)
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.ok, timeout=8000):
        page.evaluate(HIDE)
    page.goto(address)
    assert [len(answer.input_value()) for answer in answers] == [19_000, 19_000]


@pytest.mark.nightly
def test_communes_are_suggested_though_one_types_on_while_the_first_are_awaited(visit, draft):
    page = visit()
    page.goto(f"{draft}organisation/")
    type_on(page.locator("#id_commune"), "flage", "y", asked="**/communes.json**")
    page.get_by_role("option", name="Flagey (25330, Doubs)").click()
    expect(page.locator("#id_commune")).to_have_value("Flagey (25330, Doubs)")


def test_enter_in_a_field_goes_on_and_takes_no_file_out(visit, draft):
    page = visit()
    page.goto(f"{draft}images/")
    file = {"name": "vache.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    held = []
    page.route("**/images/", lambda route: held.append(route))
    page.get_by_label("Choisir une image").first.set_input_files(file)
    expect(page.locator("[data-fichier]")).to_have_text("Enregistrement…")  # its place is taken before the answer comes
    while not held:
        page.wait_for_timeout(20)
    held.pop().continue_()
    page.unroute("**/images/")
    page.get_by_text("Fichier enregistré : vache.jpg").wait_for()  # as soon as it is chosen
    page.reload()
    expect(page.get_by_role("button", name="Retirer vache.jpg")).to_be_visible()
    page.get_by_label("Que montre la photo").press_sequentially("Une vache")
    page.get_by_label("Que montre la photo").press("Enter")
    page.wait_for_url("**/contacts/")
    page.go_back()
    page.reload()
    expect(page.get_by_label("Remplacer la photo")).to_be_visible()
    page.get_by_role("button", name="Retirer vache.jpg").click()
    expect(page.get_by_role("button", name="Retirer vache.jpg")).to_have_count(0)
    expect(page.get_by_label("Que montre la photo")).to_have_value("Une vache")


STEPS = (
    "organisation/",
    "innovation/",
    "caracterisation/",
    "images/",
    "contacts/",
    "relecture/",
    "consentements/",
    "retirer/",
)


def test_each_step_is_open_to_everyone(visit, draft):
    page, found = visit(width=360, reduced_motion="reduce"), []
    page.goto("/candidature/")
    assert page.locator(".piege").bounding_box()["width"] <= 1  # what only a machine fills in
    for step in ("", *STEPS):
        page.goto(draft + step)
        for folded in page.locator(".groupe__facultatif > summary").all():
            folded.click()
        found += [f"{step}: {each}" for each in (*violations(page), *at_each_width(page, horizontal_overflow))]
    page.goto(f"{draft}organisation/?a-completer")
    expect(page.locator("#erreurs")).to_be_focused()
    found += faults(page)
    page.get_by_role("link", name=re.compile("Comment s’appelle votre organisation")).click()
    expect(page.locator("#id_organisation")).to_be_focused()
    assert found == []


STATES = {
    "brouillon": "NON ENVOYÉ",
    "invite": "NON ENVOYÉ",
    "recu": "Nous avons reçu votre dossier. L’équipe du rallye va le lire.",
    "corrections_demandees": "Corrections à faire",
    "approuve": "Votre dossier est approuvé",
    "publie": "Voir la fiche en ligne",
    "refuse": "Votre dossier n’est pas retenu",
    "retire": "Vous avez retiré votre dossier.",
    "sans_accord": "Vous avez retiré votre accord pour la publication",
    "lien_perdu": "Recevoir un nouveau lien",
    "bon_a_tirer": "Je suis d’accord avec cette fiche",
}


@pytest.mark.nightly
def test_each_state_of_a_dossier_is_told_and_open_to_everyone(visit, dossiers):
    page, found = visit(color_scheme="dark", reduced_motion="reduce"), []
    for state, words in STATES.items():
        page.goto(dossiers.states[state])
        expect(page.locator("main")).to_contain_text(words)
        found += faults(page)
    assert found == []
    visit.faults[:] = [fault for fault in visit.faults if "404" not in fault]  # the link that no longer works
