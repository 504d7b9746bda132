"""The editors' screens in a browser, wide and narrow, light and dark: axe finds nothing in them that isn't Wagtail's own; a
file is imported and undone, a deleted fiche taken back, as a person does it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import at_each_width, violations, wait_until_settled
from tests.browser.test_admin import WAGTAILS_OWN
from tests.browser.test_pictures_of_the_guide import sending

WAGTAILS_LISTS = {
    "scrollable-region-focusable": "Wagtail's tables scroll sideways on a narrow screen",
    "aria-allowed-role: ['h2[role=\"alert\"]']": "how many lines were found",
    "label-content-name-mismatch: ['.w-slim-header-action-button']": "the number of filters in use, beside their button",
    "label-content-name-mismatch: ['.w-dropdown__toggle']": "the same, where the screen has no other menu",
}
SCREENS = [
    "/admin/",
    "/admin/fiches/?manque=photo",
    "/admin/fiches/?q=rienderien",
    "/admin/snippets/rallynov_fiches/partenaire/",
    "/admin/etapes/?manque=photo",
    "/admin/etapes/comptes-rendus/",
    "/admin/redaction/imports/",
    "/admin/redaction/corbeille/",
    "/admin/redaction/liens/",
    "/admin/redaction/courriels/?etat=partis",
    "/admin/snippets/rallynov_fiches/modeledecourriel/",
    "/admin/snippets/rallynov_fiches/modeledecourriel/edit/accuse/",
    "/admin/portee/silences/",
    "/admin/guide/",
    "/admin/snippets/rallynov_fiches/dimension/edit/1/",
]


OUT_OF_THEIR_LINE = """() => [...document.querySelectorAll(".correction > *")].filter((each) =>
  each.getBoundingClientRect().right > each.parentElement.getBoundingClientRect().right + 1).map((each) => each.id)"""


def own_violations(page, only=None):
    wait_until_settled(page)
    problems = violations(page, only=only)
    return [each for each in problems if not each.startswith((*WAGTAILS_OWN, *WAGTAILS_LISTS))]


def by_day_and_by_night(page):
    page.emulate_media(color_scheme="light")
    problems = own_violations(page)
    page.emulate_media(color_scheme="dark")
    return problems + own_violations(page, only="color-contrast")


LISTS = [
    "/admin/candidatures/dossiers/",
    "/admin/candidatures/signalements/",
    "/admin/fiches/",
    "/admin/etapes/",
    "/admin/snippets/rallynov_fiches/partenaire/",
    "/admin/redaction/liens/",
]


def test_the_lists_of_the_editors_fit_a_telephone_and_axe_finds_nothing_in_them(staff):
    page = staff("redaction", width=360, reduced_motion="reduce")
    wide, cut, found = {}, {}, {}
    for address in LISTS:
        page.goto(address)
        cut[address] = page.eval_on_selector("[data-w-breadcrumbs]", "(name) => name.scrollWidth - name.clientWidth")
        wide[address] = page.eval_on_selector("table.listing", "(table) => table.offsetWidth - innerWidth")
        found[address] = own_violations(page) if address not in SCREENS else []
    assert {address: more for address, more in wide.items() if more > 0} == {}
    assert {address: more for address, more in cut.items() if more > 0} == {}
    assert {address: faults for address, faults in found.items() if faults} == {}


def test_axe_finds_nothing_in_the_screens_of_the_editors(staff):
    page = staff("redaction", reduced_motion="reduce")
    found = {}
    for address in SCREENS:
        page.goto(address)
        found[address] = at_each_width(page, by_day_and_by_night)
    assert {address: faults for address, faults in found.items() if faults} == {}


def test_axe_finds_nothing_in_the_wording_of_a_mail_that_a_colleague_has_open(staff):
    page, colleague = staff("redaction", reduced_motion="reduce"), staff("admin")
    wording = "/admin/snippets/rallynov_fiches/modeledecourriel/edit/accuse/"
    page.goto(wording)
    text = page.locator("#id_texte")
    text.fill(f"{text.input_value()}\nMerci.")
    page.get_by_role("button", name="Enregistrer").last.click()
    page.locator(".messages .success").wait_for()
    colleague.goto(wording)
    page.goto(wording)
    page.locator(".w-editing-sessions__session").wait_for(state="attached")
    assert at_each_width(page, violations) == []
    text.fill(text.input_value().removesuffix("\nMerci."))  # the wording is left as it was found
    page.get_by_role("button", name="Enregistrer").last.click()
    page.locator(".messages .success").wait_for()


def test_axe_finds_nothing_beside_the_form_nor_where_versions_are_compared(staff):
    page = staff("redaction", width=360, reduced_motion="reduce")
    page.goto("/admin/fiches/")
    page.locator("tbody td.title a").first.click()
    page.wait_for_url("**/edit/")
    page.get_by_role("button", name="Afficher ou masquer les contrôles avant l’envoi").click()
    page.get_by_text("Contrôles de la dernière version enregistrée.").wait_for()
    page.mouse.move(0, 0)  # the button's tooltip is Wagtail's
    assert at_each_width(page, own_violations) == []
    pk = re.search(r"/pages/(\d+)/", page.url)[1]
    page.goto(f"/admin/pages/{pk}/revisions/compare/earliest...latest/")
    page.get_by_role("heading", name="Ce qui a changé").wait_for()
    assert at_each_width(page, own_violations) == []


def test_a_file_is_imported_followed_and_undone(staff):
    page = staff("redaction")
    page.goto("/admin/redaction/imports/")
    text = "innovation;organisation;commune\nLe four du navigateur;Les Fournées;Dole\nLa scierie du navigateur;Bois;Atlantis\n"
    page.set_input_files(
        "input[name=fichier]", {"name": "f.csv", "mimeType": "text/csv", "buffer": text.encode("cp1252")}
    )
    page.get_by_role("button", name="Vérifier ce fichier").click()
    expect(page.get_by_label("C3")).to_have_value("Atlantis", timeout=60_000)
    assert own_violations(page) == []
    page.locator(".colonnes summary").click()
    assert at_each_width(page, lambda page: page.evaluate(OUT_OF_THEIR_LINE)) == []
    page.goto("/admin/redaction/imports/")
    good = text.replace("Atlantis", "Besançon").encode("utf-16")
    page.set_input_files("input[name=fichier]", {"name": "bon.csv", "mimeType": "text/csv", "buffer": good})
    page.get_by_role("button", name="Vérifier ce fichier").click()
    page.get_by_role("button", name="Créer 2 brouillons").click(timeout=60_000)
    page.get_by_role("link", name="Le four du navigateur").wait_for(timeout=60_000)
    assert own_violations(page) == []
    page.get_by_role("link", name="Annuler cet import").click()
    assert own_violations(page) == []
    page.get_by_role("button", name="Retirer 2 brouillons").click()
    page.get_by_text("Annulé").wait_for(timeout=60_000)
    expect(page.get_by_role("link", name="Le four du navigateur")).to_have_count(0)


WORKING = """<div class="suivi"><p role="status"><strong>Vérification</strong> : {done} sur 3</p>
<progress max="3" value="{done}" aria-label="Avancement"></progress><p><a href="">Regarder de nouveau</a></p></div>"""


def test_the_progress_of_an_import_moves_and_ends_without_losing_the_focus(staff):
    page = staff("redaction")
    page.goto("/admin/redaction/imports/")
    text = "innovation;organisation;commune\nLe four suivi;Les Fournées;Atlantis\n"
    page.set_input_files("input[name=fichier]", {"name": "s.csv", "mimeType": "text/csv", "buffer": text.encode()})
    page.get_by_role("button", name="Vérifier ce fichier").click()
    expect(page.get_by_label("C2")).to_have_value("Atlantis", timeout=60_000)
    coming = [WORKING.format(done=done) for done in (0, 1, 2)]

    def working(route):
        part = coming.pop(0)
        if route.request.is_navigation_request():
            part = re.sub(r"(?s)(<suivi-import[^>]*>).*(?=</suivi-import>)", rf"\1{part}", route.fetch().text())
        route.fulfill(body=part, content_type="text/html")

    page.route(page.url, working, times=3)
    page.reload()
    again, progress = page.get_by_role("link", name="Regarder de nouveau"), page.get_by_role("progressbar")
    state = page.locator("suivi-import [role=status]")
    again.focus()
    for part in (state, progress):
        part.evaluate("part => { part.dataset.first = '' }")
    expect(progress).to_have_js_property("value", 1)
    expect(state).to_have_text("Vérification : 1 sur 3")
    expect(again).to_be_focused()
    expect(page.locator("suivi-import [data-first]")).to_have_count(2)
    expect(page.get_by_label("C2")).to_have_value("Atlantis")  # the work is over
    expect(page.get_by_role("progressbar")).to_have_count(0)
    expect(page.locator("suivi-import [role=status][data-first]")).to_be_focused()
    assert own_violations(page) == []


ON_ITS_WAY = """<h2 id="avance">L’envoi est en cours</h2><envoi-avance data-adresse="/avance/" data-envoye="Envoyé">
<progress></progress><b data-partis></b><b data-attendent></b><b data-perdus></b><p data-continue></p></envoi-avance>"""


def test_a_slow_server_is_asked_once_at_a_time_how_a_sending_goes(staff):
    page = staff("redaction")
    sending(page)
    held = []
    page.route("**/avance/", lambda route: held.append(route))
    page.clock.install()
    page.evaluate("part => { document.querySelector('main').innerHTML = part }", ON_ITS_WAY)
    page.clock.run_for(3500)
    while not held:
        page.wait_for_timeout(20)
    page.clock.run_for(7000)
    page.wait_for_timeout(200)
    assert len(held) == 1
    held[0].fulfill(json={"partis": 2, "attendent": 0, "perdus": 1, "total": 3})
    expect(page.locator("#avance")).to_have_text("Envoyé")
    expect(page.locator("[data-partis]")).to_have_text("2")
    expect(page.locator("[data-continue]")).to_have_count(0)


def test_the_buttons_of_a_report_begin_where_its_text_begins_on_a_phone(staff):
    page = staff("redaction", width=360, reduced_motion="reduce")
    page.goto("/admin/etapes/comptes-rendus/")
    etape = page.locator("main section").first
    starts = [
        round(each.bounding_box()["x"]) for each in (etape.locator("textarea"), *etape.get_by_role("button").all())
    ]
    assert len(starts) == 3
    assert set(starts) == {starts[0]}


@pytest.mark.parametrize("list_of", ["fiches", "etapes"])
def test_a_list_and_what_can_be_done_to_many_stand_within_a_common_window_and_scroll_in_a_narrow_one(staff, list_of):
    page = staff("redaction", reduced_motion="reduce")
    page.goto(f"/admin/{list_of}/")
    last = page.locator("#listing-results thead th").last
    expect(last).to_be_in_viewport(ratio=0.99)
    page.set_viewport_size({"width": 1024, "height": 800})
    expect(last).not_to_be_in_viewport()
    page.locator("#listing-results tbody td").nth(1).hover()
    page.mouse.wheel(2000, 0)
    expect(last).to_be_in_viewport(ratio=0.99)
    if list_of == "fiches":
        page.locator("tbody [data-bulk-action-checkbox]").first.check()
        for width in (1024, 320):
            page.set_viewport_size({"width": width, "height": 900})
            shows_what_can_be_done(page)


def shows_what_can_be_done(page):
    actions = page.get_by_role("region", name="Actions en masse")
    expect(actions.get_by_text("1 élément sélectionné")).to_be_in_viewport(ratio=1)
    for name in ("Ajouter des critères", "Donner un partenaire", "Donner une année du rallye", "Plus"):
        expect(actions.get_by_text(name, exact=True)).to_be_in_viewport(ratio=1)


def test_a_view_is_kept_and_a_filter_taken_off_without_leaving_the_list(staff):
    page = staff("redaction")
    page.goto("/admin/fiches/?manque=photo")
    page.get_by_label("Enregistrer cette vue sous le nom").fill("Sans photo")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.get_by_role("link", name="Sans photo").wait_for()
    assert "manque=photo" in page.url
    page.get_by_role("button", name="Supprimer la vue « Sans photo »").click()
    page.get_by_text("La vue « Sans photo » est supprimée.").wait_for()


def test_each_shape_of_a_fiche_is_drawn_without_a_fault(staff):
    page = staff("redaction", width=1280)
    page.goto("/admin/fiches/")
    pk = re.search(r"/pages/(\d+)/", page.locator("tbody td.title a").first.get_attribute("href"))[1]
    blank = []
    for shape in ("pdf", "integration"):
        page.goto(f"/admin/pages/{pk}/view_draft/?mode={shape}")
        page.wait_for_load_state("networkidle")
        if not page.locator("body").inner_text().strip() and not page.locator("img").count():
            blank.append(shape)
    assert blank == []
