"""An editor writes a fiche and an étape, and adds to the grid: read this to know what the forms promise."""

import re

import pytest
from playwright.sync_api import expect

from tests import pictures
from tests.browser.conftest import horizontal_overflow
from tests.browser.forms import (
    DRAFT,
    admin_message,
    errors,
    fill_fields,
    fill_title,
    is_draft_saved,
    open_new_form,
    open_tab,
    press_button,
    press_in_menu,
    send_photo,
    with_plain_spaces,
)

FLAGEY = "Flagey : code INSEE 25241, code postal 25330, Doubs, centre de la commune connu"
SUBMIT = "Soumettre à la relecture"
MISSING = {"Grille": "1", "Organisation": "1"}
"""The number of errors beside each tab."""


@pytest.fixture
def redaction(staff):
    return staff("redaction")


def test_a_fiche_is_written_illustrated_previewed_kept_and_submitted_but_not_published(redaction):
    page = redaction
    page.goto("/admin/fiches/")
    with page.expect_navigation():
        page.locator("header").get_by_role("link", name="Ajouter :").click()
    fill_title(page, "Le four banal")
    fill_fields(page, organisation="Les Fournées", chapo="Un four pour tout le village.")
    press_in_menu(page, SUBMIT)
    assert errors(page).keys() == {"criteres", "commune"}
    for name, number in MISSING.items():
        expect(page.get_by_role("tab", name=re.compile(f"^{name}")).locator(".w-tabs__errors")).to_contain_text(number)
    assert page.get_by_text("Écrivez le texte de la fiche : au moins un bloc.", exact=True).is_visible()
    quote(page, "Le pain a réuni le village.")
    open_tab(page, "Grille")
    grid = page.get_by_role("region", name="Critères de la grille").locator("#id_criteres")
    assert with_plain_spaces(grid.inner_text()) == (
        "centrée sur individu territoire entreprise en lien avec procédure organisation législation conception"
    )
    grid.get_by_label("territoire").check()
    grid.get_by_label("organisation").check()
    open_tab(page, "Organisation")
    choose_flagey(page)
    fill_fields(page, point_latlng="47,0334 ; 6,0893")
    understood = page.locator("#id_point_compris")
    understood.get_by_text("Lieu exact").wait_for()
    assert (
        with_plain_spaces(understood.inner_text())
        == "Lieu exact à Flagey (25330, Doubs) : latitude 47,0334, longitude 6,0893."
    )
    assert page.locator("#id_point_map .carte-repere-exacte").count() == 1
    open_tab(page, "Innovation")
    send_photo(page, pictures.picture(), title="Le four")
    press_in_menu(page, SUBMIT)
    assert errors(page) == {
        "photo_alt": "Décrivez l’image pour les personnes qui ne la voient pas, ou cochez « décorative »."
    }
    fill_fields(page, photo_alt="Le four ouvert, au milieu de la place.")

    page.get_by_role("button", name="Afficher/masquer la prévisualisation").click()
    preview = page.frame_locator("iframe[title=Prévisualiser], #w-preview-iframe, [data-w-preview-target=iframe]").last
    preview.get_by_role("heading", level=1, name="Le four banal").wait_for()
    expect(preview.get_by_alt_text("Le four ouvert, au milieu de la place.")).to_have_count(1)

    assert is_draft_saved(press_button(page, DRAFT), "Le four banal")
    page.locator("footer").get_by_role("button", name="Plus d'actions").click()
    expect(page.locator("footer").get_by_role("button")).to_have_text(
        [DRAFT, "Plus d'actions", SUBMIT], use_inner_text=True
    )
    assert press_button(page, SUBMIT).startswith("La relecture de « Le four banal » commence.")
    page.goto("/admin/")
    row = page.get_by_role("row").filter(has_text="Le four banal").first
    assert "Approbation" in with_plain_spaces(row.inner_text())  # nobody else of the demo reads what its editor wrote
    assert page.request.get("/fiches/le-four-banal/").status == 404


@pytest.mark.nightly
def test_the_pin_is_set_and_moved_by_the_keyboard_alone(redaction):
    page = redaction
    open_new_form(page, "fiche")
    open_tab(page, "Organisation")
    latitude = page.locator("#id_point_latlng")
    page.get_by_role("application", name=re.compile("cliquez pour placer le point")).focus()
    page.keyboard.press("Enter")
    pin = page.get_by_role("button", name=re.compile("les flèches du clavier le déplacent"))
    pin.wait_for()
    before = [float(part.replace(",", ".")) for part in latitude.input_value().split(" ; ")]
    pin.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    after = [float(part.replace(",", ".")) for part in latitude.input_value().split(" ; ")]
    assert (after[0] > before[0], after[1] > before[1]) == (True, True)
    expect(pin).to_be_focused()
    assert page.get_by_role("button", name="Zoomer", exact=True).count() == 1


def quote(page, text):
    """Adds a quotation to the empty body, which offers its blocks."""
    page.get_by_role("button", name="Insérer un bloc").click()
    page.get_by_role("option", name="citation").click()
    page.locator("#corps-0-value-texte").fill(text)


def choose_flagey(page):
    """Types a commune and takes the first suggestion, with the keyboard."""
    commune = page.get_by_role("combobox", name="Commune")
    commune.press_sequentially("flagey")
    page.get_by_role("option", name="Flagey (25330, Doubs)").wait_for()
    commune.press("ArrowDown")
    commune.press("Enter")
    assert commune.input_value() == "Flagey (25330, Doubs)"
    assert with_plain_spaces(page.locator("output[for=id_commune]").inner_text()) == FLAGEY
    assert page.locator("#id_code_postal").input_value() == "25330"


@pytest.mark.nightly
def test_a_dimension_added_in_the_admin_is_in_the_form_and_on_the_fiches(redaction):
    page = redaction
    page.goto("/admin/snippets/rallynov_fiches/dimension/add/")
    fill_fields(page, nom="portée par", slug="portee-par", ordre="9")
    page.get_by_role("button", name="Ajouter : critère").click()
    page.locator("[name='criteres-0-name']").fill("habitants")
    press_button(page, "Enregistrer")
    assert admin_message(page).startswith("Enregistré")

    open_new_form(page, "fiche")
    open_tab(page, "Grille")
    assert page.get_by_role("checkbox", name="habitants").count() == 1
    page.goto("/fiches/la-recette-d-une-organisation-partagee/")
    assert "portée par" in page.locator("main").inner_text()
    assert page.get_by_text("habitants", exact=True).count() == 1
    page.goto("/grille/")
    assert page.get_by_role("heading", name="portée par").count() == 1

    # Taken away again: until it is, every fiche that awaits its approval lacks a criterion.
    page.goto("/admin/snippets/rallynov_fiches/dimension/")
    with page.expect_navigation():
        page.get_by_role("link", name="portée par").first.click()
    page.goto(page.url.replace("/edit/", "/delete/"))
    press_button(page, "Oui, supprimer")
    assert admin_message(page).startswith("Supprimé")


@pytest.mark.nightly
def test_the_pdf_of_a_draft_is_seen_whole_on_a_telephone(staff):
    page = staff("redaction", width=360)
    page.goto("/admin/fiches/?q=recette")
    edit = page.get_by_role("link", name="La recette d’une organisation partagée").first.get_attribute("href")
    page.goto(f"{edit.removesuffix('edit/')}view_draft/?mode=pdf")
    sheet = page.locator("main").bounding_box()
    assert (sheet["x"] >= 0, sheet["width"] > 300, sheet["x"] + sheet["width"] <= 360) == (True, True, True)
    assert horizontal_overflow(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    assert round(page.locator("main").bounding_box()["width"]) == 794  # 210 mm
