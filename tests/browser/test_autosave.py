"""What is typed in the admin is saved by itself: a browser that crashes loses nothing, and a button sends the form once."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import at_each_width, violations
from tests.browser.forms import (
    admin_message,
    errors,
    fill_fields,
    fill_title,
    open_new_form,
    open_tab,
    save_draft,
    wait_until_watched,
)


@pytest.fixture
def redaction(staff):
    return staff("redaction")


def wait_until_saved(page):
    """Waits until the form says that all is saved."""
    expect(page.locator("#w-autosave-indicator")).to_have_attribute("data-w-autosave-state-value", "saved")


@pytest.mark.parametrize(("kind", "field"), [("fiche", "chapo"), ("etape", "title")])
def test_a_browser_that_crashes_loses_nothing(redaction, kind, field):
    page = redaction
    open_new_form(page, kind)
    wait_until_watched(page)
    if kind == "etape":
        fill_fields(page, date="12/06/2030")
    fill_title(page, f"Le four et la tempête ({kind})")
    wait_until_saved(page)
    expect(page).to_have_url(re.compile(r"/admin/pages/\d+/edit/"))
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.url == page.url):
        fill_fields(page, **{field: "Le four et la tempête, pour tout le village."})
    again = page.context.new_page()
    page.close(run_before_unload=False)
    again.goto(f"/admin/{kind}s/")
    with again.expect_navigation():
        again.get_by_role("link", name="Le four et la tempête").first.click()
    expect(again.locator(f"#id_{field}")).to_have_value("Le four et la tempête, pour tout le village.")
    assert at_each_width(again, lambda each: violations(each, inside="#w-autosave-indicator")) == []


@pytest.mark.nightly
def test_a_browser_that_crashes_while_one_types_without_a_pause_loses_little(redaction):
    page = redaction
    open_new_form(page, "fiche")
    wait_until_watched(page)
    fill_title(page, "Le four sans répit")
    wait_until_saved(page)
    expect(page).to_have_url(re.compile(r"/admin/pages/\d+/edit/"))
    page.locator("#id_chapo").click()
    type_until_sent(page, "Chacun apporte son pain. ", "Chacun apporte son pain. Chacun apporte")
    stored = page.request.get(page.url).text()  # in the plain field, at this moment; then in a rich text
    assert re.search(r'<textarea name="chapo"[^>]*>\s*Chacun apporte son pain\. Chacun apporte', stored)
    page.get_by_role("button", name="Insérer un bloc").first.click()
    page.get_by_role("option", name="texte").click()
    address, text = page.url, ".public-DraftEditor-content >> nth=0"
    page.locator(text).click()
    type_until_sent(page, "Chacune apporte du bois. ", "Chacune apporte du bois. Chacune apporte")
    again = page.context.new_page()
    page.close(run_before_unload=False)
    again.goto(address)
    expect(again.locator(text)).to_contain_text("Chacune apporte du bois. Chacune apporte")


def type_until_sent(page, words, wanted):
    """Types words without a pause, six times or until the form has saved by itself what has ``wanted``."""
    sent = []
    page.on("response", lambda answer: wanted in (answer.request.post_data or "") and sent.append(answer))
    for letter in words * 6:
        page.keyboard.type(letter, delay=60)
        if sent:
            break


@pytest.mark.nightly
def test_what_is_typed_as_soon_as_the_page_opens_is_saved_too(redaction):
    """Wagtail watches a form two seconds after its page is shown."""
    page = redaction
    open_new_form(page, "fiche")
    page.locator("#id_title").press_sequentially("Le four pressé")
    wait_until_watched(page)
    wait_until_saved(page)
    expect(page).to_have_url(re.compile(r"/admin/pages/\d+/edit/"))
    pk = re.search(r"/pages/(\d+)/", page.url)[1]
    page.goto(f"/admin/pages/{pk}/edit/")
    expect(page.locator("#id_title")).to_have_value("Le four pressé")
    page.locator("#id_chapo").press_sequentially("Deux mots.")
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.url == page.url):
        wait_until_watched(page)
    wait_until_saved(page)
    page.wait_for_timeout(3000)  # and not again and again
    assert (
        page.evaluate(
            "performance.getEntriesByType('resource').filter((e) => e.initiatorType === 'fetch' && e.name.endsWith('/edit/')).length"
        )
        <= 2
    )


TYPE_AS_THE_ANSWER_COMES = """document.addEventListener("w-autosave:success", () => {
  const field = document.querySelector("#id_chapo");
  field.value = "Écrit pendant l’envoi.";
  field.dispatchEvent(new Event("input", { bubbles: true }));
}, { capture: true, once: true })"""


@pytest.mark.nightly
def test_what_is_typed_while_the_form_is_on_its_way_and_just_before_it_is_sent_is_stored(redaction):
    page = redaction
    open_new_form(page, "fiche")
    wait_until_watched(page)
    fill_title(page, "Le four en chemin")
    wait_until_saved(page)
    # Between the last look at the form and the answer: Wagtail would take it for stored.
    page.evaluate(TYPE_AS_THE_ANSWER_COMES)
    fill_fields(page, organisation="Les Fournées")
    with page.expect_request(lambda request: "Écrit pendant l’envoi." in (request.post_data or "")):
        expect(page.locator("#id_chapo")).to_have_value("Écrit pendant l’envoi.")
    wait_until_saved(page)
    assert "Écrit pendant l’envoi." in page.request.get(page.url).text()
    page.get_by_role("button", name="Insérer un bloc").first.click()
    page.get_by_role("option", name="texte").click()
    text = page.locator(".public-DraftEditor-content").first
    text.click()
    page.keyboard.type("Un four pour")
    page.wait_for_timeout(600)
    page.keyboard.type(" tous")
    save_draft(page)  # at once
    page.goto(page.url)
    expect(text).to_have_text("Un four pour tous")


def expect_autosave(page):
    return page.expect_response(lambda answer: answer.request.method == "POST" and "/admin/pages/" in answer.url)


SHOWN_BESIDE_SAVED = """document.addEventListener("w-autosave:success", () => setTimeout(() => {
  window.besideSaved = document.querySelector(".footer__container:not(.footer__container--hidden) .footer__save-warning")?.innerText;
}))"""


@pytest.mark.nightly
def test_a_new_page_without_a_title_says_beside_it_that_nothing_is_saved_yet(redaction):
    page = redaction
    open_new_form(page, "fiche")
    wait_until_watched(page)
    page.evaluate(SHOWN_BESIDE_SAVED)
    with expect_autosave(page):
        fill_fields(page, chapo="Du pain pour tous.")
    title = page.locator("#id_title")
    expect(title).to_have_attribute("aria-invalid", "true")
    why = "Rien n’est encore enregistré. Écrivez le titre : la page s’enregistre ensuite seule."
    assert errors(page) == {"title": why}
    assert at_each_width(page, lambda each: violations(each, inside="[data-field]:has(#id_title)")) == []
    assert "L'enregistrement automatique est en pause" in page.locator(".footer__save-warning").inner_text()
    title.fill("Le four collé")  # the cursor stays in the title: the page's address isn't made yet
    wait_until_saved(page)
    expect(page).to_have_url(re.compile(r"/admin/pages/\d+/edit/"))
    assert errors(page) == {}
    assert page.evaluate("besideSaved") is None, "one place says « Enregistré », another « en pause »"
    page.goto(page.url)
    expect(page.locator("#id_chapo")).to_have_value("Du pain pour tous.")


def fails_once(page, url):
    """The next request to ``url`` finds the server broken."""
    page.route(url, lambda route: route.fulfill(status=500, body="Verrou"), times=1)


@pytest.mark.nightly
@pytest.mark.parametrize("broken", ["**/admin/pages/add/**", "**/edit/?_w_hydrate_create_view=1"])
def test_a_server_that_fails_is_asked_again_without_another_key(redaction, visit, broken):
    """The panels of a page just made are asked for too: when they fail, Wagtail saves no more of the page."""
    page = redaction
    open_new_form(page, "fiche")
    wait_until_watched(page)
    fails_once(page, broken)
    with page.expect_response(lambda answer: answer.status == 500):
        fill_title(page, "Le four sous un verrou")
    wait_until_saved(page)
    (fault,) = visit.faults
    assert "status of 500" in fault
    visit.faults.clear()
    expect(page).to_have_url(re.compile(r"/admin/pages/\d+/edit/"))
    expect(page.locator("form [name=loaded_revision_id]")).to_have_count(1)
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.url == page.url):
        fill_fields(page, chapo="Du pain pour tous.")
    wait_until_saved(page)
    page.reload()
    expect(page.locator("#id_chapo")).to_have_value("Du pain pour tous.")


@pytest.mark.nightly
def test_a_page_published_before_its_first_autosave_is_made_once(redaction):
    """The autosave has not come back when « Publier » is pressed."""
    page = redaction
    open_new_form(page, "etape")
    wait_until_watched(page)
    fill_fields(page, date="12/06/2030")
    with page.expect_request(lambda request: request.method == "POST" and "/add/" in request.url):
        fill_title(page, "La route des fours")
    page.locator("footer").get_by_role("button", name="Plus d'actions").click()
    page.locator("footer").get_by_role("button", name="Publier", exact=True).click()
    page.wait_for_url("**/admin/pages/*/")
    assert admin_message(page).startswith("La page « La route des fours » a été publiée.")
    page.goto("/admin/etapes/?q=La+route+des+fours")
    expect(page.get_by_role("link", name="La route des fours", exact=True)).to_have_count(1)


SEND_AT_ONCE = """() => {
  const title = document.querySelector("#id_title");
  title.value = "La route pressée";
  title.dispatchEvent(new Event("input", { bubbles: true }));
  document.body.insertAdjacentHTML("beforeend", "<iframe name='elsewhere'></iframe>");
  title.form.target = "elsewhere";
  title.form.requestSubmit();
}"""


@pytest.mark.nightly
def test_no_autosave_follows_the_form_that_is_sent(redaction):
    """« Enregistrer » is pressed before the form is looked at, and the page is still there at the next look, as before a slow server:
    here the answer goes to a frame."""
    page = redaction
    open_new_form(page, "etape")
    wait_until_watched(page)
    fill_fields(page, date="12/06/2030")
    page.evaluate(SEND_AT_ONCE)
    page.wait_for_timeout(4000)
    page.goto("/admin/etapes/?q=La+route+pressée")
    expect(page.get_by_role("link", name="La route pressée", exact=True)).to_have_count(1)


def test_a_value_that_cannot_be_stored_says_so_while_the_rest_is_saved(redaction):
    """Without « Enregistrer »: the number is refused, what is typed after it is saved."""
    page = redaction
    open_new_form(page, "etape")
    wait_until_watched(page)
    fill_fields(page, numero="-5")
    fill_title(page, "La route des moulins")
    number = page.locator("#id_numero")
    expect(number).to_have_attribute("aria-invalid", "true")
    told = errors(page)
    assert list(told) == ["numero"]
    assert told["numero"].endswith("Cette valeur n’est pas encore enregistrée : corrigez-la.")
    wait_until_saved(page)
    page.evaluate("document.querySelector('#id_numero').scrollIntoView()")
    assert at_each_width(page, lambda each: violations(each, inside="[data-field]:has(#id_numero)")) == []
    number.fill("5")
    expect(number).not_to_have_attribute("aria-invalid", "true")
    assert errors(page) == {}
    page.reload()
    expect(page.locator("#id_title")).to_have_value("La route des moulins")
    expect(number).to_have_value("5")


@pytest.mark.nightly
def test_what_a_refused_draft_says_to_be_saved_by_itself_is(redaction):
    page = redaction
    open_new_form(page, "etape")
    wait_until_watched(page)
    fill_title(page, "La route des lavoirs")
    wait_until_saved(page)
    fill_fields(page, numero="-5", title="La route des moulins")
    assert "Le reste s’enregistre seul." in save_draft(page)
    wait_until_saved(page)
    page.goto(page.url)
    expect(page.locator("#id_title")).to_have_value("La route des moulins")


@pytest.mark.nightly
@pytest.mark.usefixtures("untouched")  # or another test may have decided on it
def test_a_page_locked_for_its_reader_cannot_be_typed_in(redaction):
    """It awaits its approval: neither the pointer nor the keyboard reaches its fields, and its tabs are still opened."""
    page = redaction
    page.goto("/admin/fiches/")
    with page.expect_navigation():
        page.get_by_role("link", name="Le car-bibliothèque des vallées").first.click()
    expect(page.locator("body")).to_have_class(re.compile("content-locked"))
    page.locator("#id_title").focus()
    page.keyboard.type("Perdu")
    assert "Perdu" not in page.locator("#id_title").input_value()
    open_tab(page, "Organisation")
    assert violations(page, inside="#page-edit-form") == []
