"""The printed fiche: one A4 page, tagged, in French, made once, and never from the network."""

import errno
import io
import json

import pytest
from pypdf import PdfReader

from fiches.diffusion import after_publication
from fiches.diffusion.paper import pdf
from fiches.models import Critere, Dimension
from fiches.upkeep.machine_lock import hold_machine_lock
from fiches.upkeep.periodic import WORKS
from tests.factories import FichePageFactory, UserFactory

LONG = "<p>" + "Une longue phrase qui raconte comment on partage le four, mot après mot. " * 12 + "</p>"


def read(response):
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/pdf"
    return PdfReader(io.BytesIO(response.content))


def words(document):
    return " ".join(" ".join(page.extract_text() for page in document.pages).split())


@pytest.fixture
def print_fiche(client, epicerie):
    return lambda: read(client.get("/fiches/epicerie/fiche.pdf"))


def test_a_fiche_is_one_a4_page_that_says_what_the_carnet_printed(print_fiche):
    document = print_fiche()
    assert len(document.pages) == 1
    assert [round(float(side)) for side in document.pages[0].mediabox[2:]] == [595, 842]
    text = words(document)
    for told in (
        "« L’épicerie qui partage »",
        "Agrodoubs · Besançon (Doubs)",
        "Du pain partagé.",
        "centrée sur",
        "entreprise",
        "territoire",
        "Jeanne Essai",
        "Effectif : 15 personnes",
        "Pôle des essais",
        "Avec la participation financière de : Région",
        "localhost/fiches/epicerie/",
    ):
        assert told in text
    assert "QZX" not in text and "QZY" not in text and "03 81" not in text


def test_it_is_tagged_in_french_and_titled(print_fiche):
    document = print_fiche()
    root = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "fr"
    assert "/StructTreeRoot" in root
    assert b"pdfuaid:part" in root["/Metadata"].get_data() or b"pdfuaid" in root["/Metadata"].get_data()
    assert document.metadata.title == "L’épicerie qui partage – Agrodoubs"


@pytest.mark.nightly
@pytest.mark.parametrize("paragraphs", [1, 6, 40])
def test_any_length_stands_on_one_page(client, tree, paragraphs):
    body = json.dumps([{"type": "texte", "value": LONG * paragraphs}])
    FichePageFactory(parent=tree.fiches, slug="longue", corps=body)
    document = read(client.get("/fiches/longue/fiche.pdf"))
    assert len(document.pages) == 1
    assert ("Lire la suite sur le site" in words(document)) == (paragraphs == 40)


@pytest.mark.nightly
def test_it_is_made_once_and_again_when_the_fiche_or_the_grid_changes(client, epicerie, monkeypatch):
    pdf.clear(f"fiche-{epicerie.pk}")  # what another test asked for
    made = []
    lay_out = pdf.fit_to_page
    monkeypatch.setattr(pdf, "fit_to_page", lambda sheet: made.append(sheet) or lay_out(sheet))
    client.get("/fiches/epicerie/fiche.pdf")
    client.get("/fiches/epicerie/fiche.pdf")
    assert len(made) == 1
    epicerie.title = "Autre titre"
    epicerie.save_revision().publish()
    assert "« Autre titre »" in words(read(client.get("/fiches/epicerie/fiche.pdf")))
    Critere.objects.create(dimension=Dimension.objects.get(), name="individu")
    assert "individu" in words(read(client.get("/fiches/epicerie/fiche.pdf")))
    assert len(made) == 3


def test_nothing_of_a_withdrawn_fiche_stays(client, epicerie, django_capture_on_commit_callbacks):
    client.get("/fiches/epicerie/fiche.pdf")
    storage, shelf = pdf._storage(), f"diffusion/fiche-{epicerie.pk}"
    assert len(storage.listdir(shelf)[1]) == 1
    with django_capture_on_commit_callbacks(execute=True):
        epicerie.unpublish()
    assert storage.listdir(shelf)[1] == []
    assert client.get("/fiches/epicerie/fiche.pdf").status_code == 404


def test_a_storage_that_fails_keeps_no_fiche_online_and_loses_the_files_the_next_day(
    client, epicerie, monkeypatch, django_capture_on_commit_callbacks
):
    client.get("/fiches/epicerie/fiche.pdf")
    storage, folder = pdf._storage(), f"diffusion/fiche-{epicerie.pk}"
    client.force_login(UserFactory(role="admin"))

    def fails(*args):
        raise OSError(errno.EIO, "The bucket fails")

    with monkeypatch.context() as broken, django_capture_on_commit_callbacks(execute=True):
        broken.setattr(type(storage), "delete", fails)
        assert client.post(f"/admin/pages/{epicerie.pk}/unpublish/").status_code == 302
    assert client.get("/fiches/epicerie/").status_code == 404
    assert len(storage.listdir(folder)[1]) == 1
    WORKS["fichiers_retires"].function()
    assert storage.listdir(folder)[1] == []


def test_nothing_is_fetched_from_elsewhere():
    fetcher = pdf._fetcher(pdf.load())
    for address in ("http://example.org/x.png", "https://example.org/", "file:///etc/passwd", "paper:../settings.py"):
        with pytest.raises(ValueError):  # noqa: PT011 - whichever way it is refused
            fetcher.fetch(address)


def test_without_what_makes_pdf_the_page_says_so_in_french(client, epicerie, monkeypatch):
    pdf.clear_all()

    def missing():
        raise pdf.PaperUnavailable("no pango")

    monkeypatch.setattr(pdf, "load", missing)
    response = client.get("/fiches/epicerie/fiche.pdf")
    assert response.status_code == 503
    assert "Ce PDF n’est pas disponible" in response.content.decode()


SOON = "Votre PDF est en préparation"


@pytest.fixture
def busy_printer():
    """Another file is being made, and nobody waits for it; none is stored."""
    pdf.clear_all()
    with hold_machine_lock("paper", wait=0):
        yield


def test_a_reader_who_comes_while_another_file_is_made_gets_a_page_that_asks_again(client, epicerie, busy_printer):
    response = client.get(address := "/fiches/epicerie/fiche.pdf")
    assert (response.status_code, response["Retry-After"], response["Refresh"]) == (503, "5", "5")
    assert response["Cache-Control"] == "no-store"
    page = response.content.decode()
    assert SOON in page and f'href="{address}"' in page


@pytest.mark.nightly
def test_what_readers_will_ask_for_is_made_by_the_periodic_work(client, epicerie):
    pdf.clear(f"fiche-{epicerie.pk}")
    assert after_publication.prepare() >= 1
    with hold_machine_lock("paper", wait=0):  # nothing can be made while the reader asks
        assert len(read(client.get("/fiches/epicerie/fiche.pdf")).pages) == 1
