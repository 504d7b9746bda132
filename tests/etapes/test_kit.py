"""The étape's kit: one PDF, one click, tagged and in French, with what an event is held with."""

import datetime
import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from etapes.kit.poster_layout import ROOM, layout
from etapes.models import EtapePage, PresentationDeFiche
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
            "en_parallele": False,
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


def test_the_kit_is_a_poster_a_programme_a_sheet_badges_and_a_page_a_fiche(
    browser, organiser, etape_with_programme, register_people
):
    register_people("anne", "bruno", "carole", organisation="Les Tilleuls")
    document, response = print_kit(browser, organiser, etape_with_programme)
    assert response["Content-Disposition"] == 'inline; filename="kit-dole.pdf"'
    poster, programme, sheet, badges, fiche = map(words, document.pages)
    for told in ("Étape 3", "Étape à Dole", "14 h – 17 h 30", "Salle des fêtes", "Programme et inscription"):
        assert told in poster
    assert "localhost/etapes/dole" in poster and "Boucle magnétique." in poster and "Chambre des métiers" in poster
    assert "14 h – 15 h 30" in programme and "Et chez vous ?" in programme and "Laure Tissot" in programme
    assert "15 h" in programme and "Le lait de nuit" in programme and "Retirée" not in programme
    assert "2 personnes inscrites" in sheet
    assert sheet.index("Anne") < sheet.index("Bruno") and "Carole" not in sheet
    assert "Signature" in sheet
    assert badges.count("Étape 3") == 2 and "Anne" in badges and "Les Tilleuls" in badges
    assert "Le lait de nuit" in fiche
    assert "Retirée" not in "".join(map(words, document.pages))


def test_it_is_a4_tagged_in_french_and_titled(browser, organiser, etape_with_programme, register_people):
    register_people("anne")
    document, _response = print_kit(browser, organiser, etape_with_programme)
    assert {tuple(round(float(side)) for side in page.mediabox[2:]) for page in document.pages} == {(595, 842)}
    root = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "fr"
    assert "/StructTreeRoot" in root
    assert document.metadata.title.startswith("Étape à Dole – ")


def test_the_sheet_and_the_poster_come_alone_too(browser, organiser, etape_with_programme, register_people):
    register_people("anne")
    sheet, response = print_kit(browser, organiser, etape_with_programme, "etapes_emargement")
    assert (len(sheet.pages), response["Content-Disposition"]) == (1, 'inline; filename="emargement-dole.pdf"')
    assert "Feuille d’émargement" in words(sheet.pages[0])
    poster, _response = print_kit(browser, organiser, etape_with_programme, "etapes_affiche")
    assert len(poster.pages) == 1
    assert "Étape à Dole" in words(poster.pages[0])


def test_without_programme_people_or_fiches_there_is_no_empty_page(browser, organiser, etape):
    document, _response = print_kit(browser, organiser, etape)
    assert len(document.pages) == 2  # the poster, and a sheet for those who come without a word
    assert "0 personne inscrite" in words(document.pages[1])


def test_badges_are_eight_a_page_and_every_name_has_one(browser, organiser, etape, register_people):
    EtapePage.objects.update(capacite=None)
    etape.refresh_from_db()
    names = [f"Personne{number:02}" for number in range(17)]
    register_people(*names)
    document, _response = print_kit(browser, organiser, etape)
    pages = [words(page) for page in document.pages]
    assert [page.count("Personne") for page in pages if page.startswith("Badges")] == [8, 8, 1]


def test_the_code_on_the_poster_leads_to_the_page_of_the_etape(browser, organiser, etape):
    poster, _response = print_kit(browser, organiser, etape, "etapes_affiche")
    links = [link["/A"]["/URI"] for link in (each.get_object() for each in poster.pages[0]["/Annots"])]
    assert set(links) == {"http://localhost/etapes/dole/"}


@pytest.mark.parametrize("title", ["Court", "Un titre qui dit beaucoup de choses à la fois " * 5])
@pytest.mark.parametrize("chapo", ["", "Une longue phrase qui raconte. " * 19])
def test_whatever_its_length_the_poster_is_one_page(browser, organiser, etape, title, chapo):
    etape.title, etape.chapo = title.strip()[:250], chapo.strip()
    etape.save_revision().publish()
    poster, _response = print_kit(browser, organiser, etape, "etapes_affiche")
    assert len(poster.pages) == 1
    assert words(poster.pages[0]).count("Salle des fêtes") == 1


def test_the_picture_gives_way_to_the_text(etape):
    told = {"quand": "jeudi 15 octobre 2026", "ou": "Dole"}
    assert layout(etape, **told) == {"titre": "grand", "photo": 90, "chapo": True}
    etape.chapo = "x" * 600
    tight = layout(etape, **told)
    assert tight["chapo"] and 30 <= tight["photo"] < 90
    etape.title = "x" * 250
    assert layout(etape, **told)["titre"] == "petit"
    assert ROOM > 0


def test_a_cancelled_etape_says_so_on_its_poster(browser, organiser, etape):
    etape.statut = "annulee"
    etape.save_revision().publish()
    poster, _response = print_kit(browser, organiser, etape, "etapes_affiche")
    assert "Annulée" in words(poster.pages[0])


def test_where_paper_can_not_be_made_one_is_told(browser, etape, monkeypatch):
    from fiches.diffusion.paper import pdf

    def broken(*args, **kwargs):
        raise pdf.PaperUnavailable("pango")

    monkeypatch.setattr(pdf, "render_pdf", broken)
    response = browser(UserFactory(role="admin")).get(reverse("etapes_kit", args=[etape.pk]))
    assert response.status_code == 503
