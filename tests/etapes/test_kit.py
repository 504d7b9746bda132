"""The étape's kit: one PDF, one click, tagged and in French, with what an event is held with."""

import datetime
import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from etapes.models import PresentationDeFiche
from tests.factories import FichePageFactory, UserFactory

PROGRAMME = [
    {
        "type": "debat",
        "value": {
            "debut": "14:00",
            "fin": "15:30",
            "titre": "Et chez vous ?",
            "intervenants": "Laure Tissot, chargée de mission",
            "texte": "",
        },
    }
]


@pytest.fixture
def etape_with_programme(etape, tree):
    """With a programme and two fiches presented, one of which is not online any more."""
    etape.programme = PROGRAMME
    etape.accessibilite = "Boucle magnétique."
    fiches = [FichePageFactory(parent=tree.fiches, title=title) for title in ("Le lait de nuit", "Retirée")]
    etape.presentations = [PresentationDeFiche(fiche=fiche, heure=datetime.time(15)) for fiche in fiches]
    etape.save_revision().publish()
    fiches[1].unpublish()
    return etape


def print_kit(browser, user, etape, name="etapes_kit"):
    response = browser(user).get(reverse(name, args=[etape.pk]))
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/pdf"
    assert {"no-store", "private"} <= set(response["Cache-Control"].split(", "))
    return PdfReader(io.BytesIO(response.content)), response


def words(page):
    return " ".join(page.extract_text().split())


def test_the_kit_is_a_programme_a_sheet_and_a_page_a_fiche(browser, organiser, etape_with_programme, register_people):
    register_people("anne", "bruno", "carole", organisation="Les Tilleuls")
    document, response = print_kit(browser, organiser, etape_with_programme)
    assert response["Content-Disposition"] == 'inline; filename="kit-dole.pdf"'
    programme, sheet, fiche = map(words, document.pages)
    assert "14 h – 15 h 30" in programme and "Et chez vous ?" in programme and "Laure Tissot" in programme
    assert "15 h" in programme and "Le lait de nuit" in programme and "Retirée" not in programme
    assert "2 personnes inscrites" in sheet
    assert sheet.index("Anne") < sheet.index("Bruno") and "Carole" not in sheet
    assert "Signature" in sheet
    assert "Le lait de nuit" in fiche
    assert "Retirée" not in "".join(map(words, document.pages))


def test_the_sheet_comes_alone_too(browser, organiser, etape_with_programme, register_people):
    register_people("anne")
    sheet, response = print_kit(browser, organiser, etape_with_programme, "etapes_emargement")
    assert (len(sheet.pages), response["Content-Disposition"]) == (1, 'inline; filename="emargement-dole.pdf"')
    assert "Feuille d’émargement" in words(sheet.pages[0])


def test_where_paper_can_not_be_made_one_is_told(browser, etape, monkeypatch):
    from fiches.diffusion.paper import pdf

    def broken(*args, **kwargs):
        raise pdf.PaperUnavailable("pango")

    monkeypatch.setattr(pdf, "render_pdf", broken)
    response = browser(UserFactory(role="admin")).get(reverse("etapes_kit", args=[etape.pk]))
    assert response.status_code == 503
