"""What editors do on their own screens: a file is imported and undone, a view is kept, a sending followed."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import at_each_width
from tests.browser.largeurs import faults_for_staff


def test_a_file_is_imported_followed_and_undone(staff):
    page = staff("redaction")
    page.goto("/admin/redaction/imports/")
    text = (
        "innovation;organisation;commune;couleur\n"
        "Le four du navigateur;Les Fournées;Dole;bleu\nLa scierie du navigateur;;Atlantis;vert\n"
    )
    page.set_input_files(
        "input[name=fichier]", {"name": "f.csv", "mimeType": "text/csv", "buffer": text.encode("cp1252")}
    )
    page.get_by_role("button", name="Vérifier ce fichier").click()
    expect(page.get_by_text("C3 : « Atlantis »")).to_be_visible(timeout=60_000)
    assert faults_for_staff(page) == []
    assert at_each_width(page, faults_for_staff) == []
    page.goto("/admin/redaction/imports/")
    good = text.replace("Atlantis", "Besançon").replace(";;", ";Bois;").encode("utf-16")
    page.set_input_files("input[name=fichier]", {"name": "bon.csv", "mimeType": "text/csv", "buffer": good})
    page.get_by_role("button", name="Vérifier ce fichier").click()
    page.get_by_role("button", name="Créer les brouillons").click(timeout=60_000)
    page.get_by_role("link", name="Les voir dans la liste").click(timeout=60_000)
    expect(page.get_by_role("link", name="Le four du navigateur")).to_be_visible()
    page.go_back()
    assert faults_for_staff(page) == []
    page.get_by_role("link", name="Annuler cet import").click()
    assert faults_for_staff(page) == []
    page.get_by_role("button", name="Retirer 2 brouillons").click()
    page.get_by_role("button", name="Créer les brouillons").wait_for(timeout=60_000)


ON_ITS_WAY = """<h2 id="avance">L’envoi est en cours</h2><envoi-avance data-adresse="/avance/" data-envoye="Envoyé">
<progress></progress><b data-partis></b><b data-attendent></b><b data-perdus></b><p data-continue></p></envoi-avance>"""


def sending(page):
    """Opens the screen from which the demo's first road book is sent."""
    page.goto("/admin/pages/")
    page.get_by_role("link", name=re.compile("^Explorer les sous-pages de.*Carnets de route")).click()
    page.get_by_role("link", name=re.compile("^Carnet de route n°.1$")).first.click()
    page.wait_for_url("**/edit/")
    page.goto(page.url.replace("/pages/", "/carnets/").replace("/edit/", "/envoi/"))


@pytest.mark.nightly
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


@pytest.mark.nightly
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
    for name in ("Donner une année du rallye", "Soumettre", "Exporter", "Plus"):
        expect(actions.get_by_text(name, exact=True)).to_be_in_viewport(ratio=1)
