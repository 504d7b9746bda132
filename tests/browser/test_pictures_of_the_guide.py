"""The editors' guide shows screens that exist. ``RALLYNOV_GUIDE=1`` takes its pictures again."""

import io
import os
import re
from pathlib import Path

import pytest
from PIL import Image

from tests import pictures
from tests.browser.forms import fill_fields, fill_title, open_new_form, open_tab, send_photo, with_plain_spaces

DOCS = Path(__file__).parents[2] / "docs"
GUIDE = "".join((DOCS / name).read_text() for name in ("redaction.md", "redaction-suite.md"))
NAMED = re.findall(r"!\[([^\]]+)\]\(images/([a-z-]+)\.png\)", GUIDE)
MOST_BYTES = 120_000
SUBMITTED = "La blanchisserie qui compte"


def dashboard(page):
    page.goto("/admin/")
    page.get_by_role("heading", name="À relire ou à approuver").wait_for()


def list_of_fiches(page):
    page.goto("/admin/fiches/")


def fiche(page):
    open_fiche(page, "La recette d’une organisation partagée")


def open_fiche(page, title):
    page.goto("/admin/fiches/")
    with page.expect_navigation():
        page.locator("tbody").get_by_role("link", name=title).first.click()


def grid(page):
    fiche(page)
    open_tab(page, "Grille")


def place(page):
    fiche(page)
    open_tab(page, "Organisation")
    page.locator("#id_point_map .leaflet-marker-icon").first.wait_for()
    centre(page, "#id_point_latlng")


def alternative(page):
    open_new_form(page, "fiche")
    fill_title(page, "Le four partagé")
    fill_fields(page, organisation="Les Fournées")
    send_photo(page, pictures.picture(image=Image.new("RGB", (640, 420), "#7fa98d")), title="Le four")
    centre(page, "#id_photo_alt")


def import_to_correct(page):
    page.goto("/admin/redaction/imports/")
    rows = [f"Innovation {number};Organisation {number};SCRL;Dole" for number in range(9)]
    rows += [f"Atelier {number};Les ateliers {number};SCOP;Atlantis" for number in range(2)]
    text = "\n".join(["innovation;organisation;statut juridique;commune", *rows])
    page.set_input_files(
        "input[name=fichier]", {"name": "innovations.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.get_by_role("button", name="Vérifier ce fichier").click()
    page.get_by_role("heading", name="cellules à corriger").wait_for()


def reports(page):
    page.goto("/admin/etapes/comptes-rendus/")


def sending(page):
    page.goto("/admin/pages/")
    page.get_by_role("link", name=re.compile("^Explorer les sous-pages de.*Carnets de route")).click()
    page.get_by_role("link", name=re.compile("^Carnet de route n°.1$")).first.click()
    page.wait_for_url("**/edit/")
    page.goto(page.url.replace("/pages/", "/carnets/").replace("/edit/", "/envoi/"))


def centre(page, selector):
    page.locator(selector).evaluate("element => element.scrollIntoView({block: 'center'})")


def decision(page):
    page.goto("/admin/")
    with page.expect_navigation():
        page.get_by_role("row").filter(has_text=SUBMITTED).get_by_role("link", name="Lire et décider").click()


def dossier(page):
    page.goto("/admin/candidatures/dossiers/")
    with page.expect_navigation():
        page.locator("tbody").get_by_role("link", name="Mécanique du Lison").click()


def etape(page):
    page.goto("/admin/etapes/")
    with page.expect_navigation():
        page.locator("tbody td.title a").first.click()


def dimension(page):
    page.goto("/admin/snippets/rallynov_fiches/dimension/")
    with page.expect_navigation():
        page.locator("main").get_by_role("link", name="centrée sur").click()


SCREENS = {
    "accueil": (dashboard, ["À relire ou à approuver", "Candidatures", "Rallye", "Étapes", "Bibliographie"]),
    "fiche": (
        fiche,
        ["Innovation", "Grille", "Organisation", "Partenaires", "Publication", "Enregistrer le brouillon"],
    ),
    "texte-alternatif": (alternative, ["décorative"]),
    "grille": (grid, ["Grille"]),
    "lieu": (place, ["Commune", "Latitude et longitude", "Sans localisation"]),
    "decision": (decision, ["Ce qui a changé", "Décider", "Transmettre à l’approbation"]),
    "dossier": (dossier, ["Ce que l’entreprise a dit, ce qui sera publié"]),
    "import": (import_to_correct, ["Corriger et vérifier de nouveau"]),
    "etape": (etape, ["Moment de la journée"]),
    "comptes-rendus": (reports, ["Pas de compte rendu"]),
    "carnet": (sending, ["Envoyer un essai"]),
    "liste-des-fiches": (list_of_fiches, ["Ajouter : fiche"]),
    "dimension": (dimension, []),
}
"""What each picture shows: how one gets there, and the words of the screen that the guide relies on."""


def test_the_guide_names_each_picture_once_with_words_for_those_who_cannot_see_it():
    assert [name for _words, name in NAMED] == list(SCREENS)
    assert sorted(file.stem for file in (DOCS / "images").glob("*.png")) == sorted(SCREENS)
    assert [file.name for file in (DOCS / "images").iterdir() if file.stat().st_size > MOST_BYTES] == []


@pytest.mark.nightly
@pytest.mark.parametrize("name", SCREENS)
def test_the_screen_is_as_the_guide_says(staff, name):
    opened, words = SCREENS[name]
    page = staff("redaction", height=800, device_scale_factor=1, reduced_motion="reduce")
    opened(page)
    screen = with_plain_spaces(page.locator("body").inner_text())
    for word in words:
        assert word in screen
        assert word in with_plain_spaces(GUIDE)
    if os.environ.get("RALLYNOV_GUIDE"):
        page.wait_for_load_state("networkidle")
        keep_picture(name, page.screenshot())


def keep_picture(name, shot):
    """In few colours, which is enough for a screen and a third of the bytes."""
    few = Image.open(io.BytesIO(shot)).convert("RGB").quantize(64, dither=Image.Dither.NONE)
    few.save(DOCS / "images" / f"{name}.png", optimize=True)
