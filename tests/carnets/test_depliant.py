"""The leaflet: A4 pages that say what the page says, in French."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from etapes.carnets.models import CarnetPage
from fiches.diffusion.paper import pdf
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


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


def test_it_is_a4_pages_that_say_what_the_page_says(client, carnet):
    document = read(client.get("/carnets/n-7/carnet.pdf"))
    assert {tuple(round(float(side)) for side in page.mediabox[2:]) for page in document.pages} == {(595, 842)}
    text = words(document)
    for told in (
        "Les carnets de route",
        "n° 7 – juin 2013",
        "Où l’on va.",
        "Pourquoi un rallye",
        "« On partage tout. »",
        "1. L’originale gouvernance",
        "Mardi 16 avril 2013, après-midi",
        "L’épicerie qui partage",
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
    assert "Un brouillon qui attend." in words(document)
    assert "Un brouillon qui attend." not in words(read(client.get("/carnets/n-7/carnet.pdf")))


def test_a_machine_that_cannot_print_says_so_and_the_page_stands(client, carnet, monkeypatch):
    def fail():
        raise pdf.PaperUnavailable("pango")

    pdf.clear(f"carnet-{carnet.pk}")
    monkeypatch.setattr(pdf, "load", fail)
    assert client.get("/carnets/n-7/carnet.pdf").status_code == 503
    assert client.get("/carnets/n-7/").status_code == 200


def test_what_is_hostile_in_a_title_stays_text(client, carnet):
    write(carnet, ("titre", "<script>alert(1)</script>"), ("texte", "<p>fin</p>"))
    assert "<script>alert(1)</script>" in words(read(client.get("/carnets/n-7/carnet.pdf")))
