"""What editors do on their own screens: a file is imported and undone, a view is kept, a sending followed."""

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
    for name in ("Donner une année du rallye", "Soumettre", "Supprimer"):
        expect(actions.get_by_text(name, exact=True)).to_be_in_viewport(ratio=1)
