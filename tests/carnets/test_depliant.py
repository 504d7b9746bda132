"""The leaflet: four A4 pages, whatever the issue holds; tagged, in French, and made once."""

import io

import pytest
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from etapes.carnets import leaflet_pdf
from etapes.carnets.carnet_contents import contents
from etapes.carnets.models import CarnetPage
from fiches.diffusion.paper import pdf
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

PARAGRAPH = "<p>" + "On partage le four, la route et la décision, étape après étape. " * 8 + "</p>"


def read(response):
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    return PdfReader(io.BytesIO(response.content))


def words(document):
    return " ".join(" ".join(page.extract_text() for page in document.pages).split())


def write(carnet, *blocks):
    carnet.corps = list(blocks)
    carnet.save_revision().publish()
    return CarnetPage.objects.get(pk=carnet.pk)


def test_it_is_four_a4_pages_that_say_what_the_page_says(client, carnet):
    document = read(client.get("/carnets/n-7/carnet.pdf"))
    assert [[round(float(side)) for side in page.mediabox[2:]] for page in document.pages] == [[595, 842]] * 4
    text = words(document)
    for told in (
        "Les carnets de route",
        "n° 7 – juin 2013",
        "Où l’on va.",
        "Pourquoi un rallye",
        "« On partage tout. »",
        "« L’originale gouvernance »",
        "Mardi 16 avril 2013, après-midi – Besançon",
        "« L’épicerie qui partage »",
        "localhost/carnets/n-7/",
    ):
        assert told in text.replace("\xa0", " "), told


def test_its_editor_reads_it_before_it_is_published_and_nobody_else_does(client, carnet):
    carnet.chapo = "Un brouillon qui attend."
    carnet.save_revision()
    draft = reverse("carnets_apercu", args=[carnet.pk, "pdf"])
    assert client.get(draft).status_code == 302
    client.force_login(UserFactory(role="redaction"))
    document = read(client.get(draft))
    assert len(document.pages) == 4
    assert "Un brouillon qui attend." in words(document)
    assert "Un brouillon qui attend." not in words(read(client.get("/carnets/n-7/carnet.pdf")))


@pytest.mark.nightly
@pytest.mark.parametrize("paragraphs", [0, 30, 60])
def test_any_length_makes_four_pages(client, carnet, paragraphs):
    write(carnet, ("titre", "Tout en un"), *[("texte", PARAGRAPH)] * paragraphs)
    document = read(client.get("/carnets/n-7/carnet.pdf"))
    assert len(document.pages) == 4
    assert ("La suite est sur le site" in words(document)) == (paragraphs == 60)
    assert ("Notes de route" in words(document)) == (paragraphs == 0)


@pytest.mark.nightly
def test_it_is_made_once_and_again_when_what_it_shows_changes(client, carnet, monkeypatch):
    made, lay_out = [], leaflet_pdf.four_pages
    monkeypatch.setattr(leaflet_pdf, "four_pages", lambda said: made.append(said) or lay_out(said))
    client.get("/carnets/n-7/carnet.pdf")
    client.get("/carnets/n-7/carnet.pdf")
    assert len(made) == 1
    carnet.chapo = "Autre chapô."
    carnet.save_revision().publish()
    assert "Autre chapô." in words(read(client.get("/carnets/n-7/carnet.pdf")))


def test_a_machine_that_cannot_print_says_so_and_the_page_stands(client, carnet, monkeypatch):
    def fail():
        raise pdf.PaperUnavailable("pango")

    pdf.clear(f"carnet-{carnet.pk}")
    monkeypatch.setattr(pdf, "load", fail)
    assert client.get("/carnets/n-7/carnet.pdf").status_code == 503
    assert client.get("/carnets/n-7/").status_code == 200


def test_what_is_hostile_in_a_title_stays_text(carnet):
    page = write(carnet, ("titre", "<script>alert(1)</script>"), ("texte", "<p>fin</p>"))
    with translation.override("fr"):
        document = leaflet_pdf.four_pages(contents(page))
    text = " ".join(PdfReader(io.BytesIO(pdf.write_pdf(document))).pages[0].extract_text().split())
    assert "<script>alert(1)</script>" in text
