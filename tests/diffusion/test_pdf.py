"""The printed fiche: one A4 page, tagged, in French, made once, and never from the network."""

import errno
import io
import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import SimpleNamespace

import pytest
from django.contrib.staticfiles import finders
from django.core import mail
from django.core.files.base import ContentFile
from django.utils import timezone
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from fiches.diffusion import prerender, preview_formats
from fiches.diffusion.models import Rythme, Suivi
from fiches.diffusion.paper import pdf
from fiches.media.machine_lock import Busy, hold_machine_lock
from fiches.models import Critere, Dimension, FicheFinanceur
from fiches.publications import ledger
from fiches.upkeep.periodic import WORKS
from home.models import Illustration
from tests.factories import FichePageFactory, PartenaireFactory, UserFactory
from tests.pictures import picture

LONG = "<p>" + "Une longue phrase qui raconte comment on partage le four, mot après mot. " * 12 + "</p>"


CONTACT = {
    "nom": "Jeanne Essai",
    "fonction": "directrice",
    "telephone": "+33381405757",
    "courriel": "jeanne.essai@agrodoubs.example",
}


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


@pytest.fixture
def withdrawn_once_read(monkeypatch):
    """A fiche is withdrawn as soon as somebody has read its contents."""
    contents = ledger.contents

    def contents_once(*args):
        monkeypatch.setattr(ledger, "contents", lambda *args: {})
        return contents(*args)

    monkeypatch.setattr(ledger, "contents", contents_once)


def test_a_fiche_that_is_withdrawn_while_it_is_printed_is_the_one_that_was_read(print_fiche, withdrawn_once_read):
    assert len(print_fiche().pages) == 1


def test_a_fiche_that_is_withdrawn_while_its_files_are_made_keeps_no_other_from_its_own(
    tree, epicerie, withdrawn_once_read
):
    FichePageFactory(parent=tree.fiches)
    assert prerender.prepare() == 1


def test_it_is_tagged_in_french_and_titled(print_fiche):
    document = print_fiche()
    root = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "fr"
    assert "/StructTreeRoot" in root
    assert b"pdfuaid:part" in root["/Metadata"].get_data() or b"pdfuaid" in root["/Metadata"].get_data()
    assert document.metadata.title == "L’épicerie qui partage – Agrodoubs"


def test_the_code_leads_to_the_page(print_fiche):
    links = [
        annotation.get_object()["/A"]["/URI"]
        for annotation in print_fiche().pages[0]["/Annots"]
        if "/A" in annotation.get_object()
    ]
    assert "http://localhost/fiches/epicerie/" in links


@pytest.mark.parametrize("paragraphs", [1, 6, 40])
def test_any_length_stands_on_one_page(client, tree, paragraphs):
    body = json.dumps([{"type": "texte", "value": LONG * paragraphs}])
    FichePageFactory(parent=tree.fiches, slug="longue", corps=body)
    document = read(client.get("/fiches/longue/fiche.pdf"))
    assert len(document.pages) == 1
    assert ("Lire la suite sur le site" in words(document)) == (paragraphs == 40)


def create_fiche_with_long_foot(tree, *, funders, activity):
    """Each line of its foot told."""
    fiche = FichePageFactory(
        parent=tree.fiches,
        slug="bavarde",
        corps=json.dumps([{"type": "texte", "value": "<p>Le texte tient sur la page.</p>"}]),
        commune_id="25056",
        adresse="1 rue des Essais",
        activite=activity,
        statut="association",
        effectif=15,
        site="https://www.agrodoubs.example",
        partenaire=PartenaireFactory(nom="Pôle des essais"),
        **{f"contact_{field}": told for field, told in CONTACT.items()},
        **{f"contact_{field}_public": True for field in CONTACT},
    )
    fiche.financements = [
        FicheFinanceur(partenaire=PartenaireFactory(), mention=f"Avec l’aide du financeur {number}.")
        for number in range(funders)
    ]
    fiche.save_revision().publish()


@pytest.mark.parametrize(("funders", "activity"), [(1, "réemploi"), (12, "réemploi et formation " * 9)])
def test_whoever_is_to_be_called_or_thanked_the_text_stays_on_the_page(client, tree, funders, activity):
    create_fiche_with_long_foot(tree, funders=funders, activity=activity)
    begun = time.process_time()
    document = read(client.get("/fiches/bavarde/fiche.pdf"))
    assert time.process_time() - begun < 6  # twelve layouts took 13 s, when each measured its cards by letter
    assert len(document.pages) == 1
    text = words(document)
    assert "Le texte tient sur la page." in text and "Lire la suite" not in text
    assert all(told in text for told in ("Jeanne Essai", "Effectif : 15 personnes", "Pôle des essais"))
    assert text.count("Avec l’aide du financeur") == funders


@pytest.mark.parametrize(
    ("fits", "shape", "blocks", "layouts"),
    [
        (lambda scale, blocks, foot: scale <= 98, "scale-98", 8, 5),
        (lambda scale, blocks, foot: foot == "higher" and blocks <= 2, "scale-68 foot-higher", 2, 11),
        (lambda scale, blocks, foot: False, "scale-68 foot-higher", 0, 9),
    ],
    ids=["short", "a tall foot", "never"],
)
def test_a_sheet_is_laid_out_few_times(monkeypatch, fits, shape, blocks, layouts):
    """None is done twice, and one shows that a foot has no room."""
    tried = []

    def lay_out(sheets, name, *, langue):
        scale, foot = re.fullmatch(r"fiche scale-(\d+)(?: foot-(\w+))?", name).groups()
        tried.append((name, len(sheets[0]["blocs"])))
        return SimpleNamespace(pages=[1] if fits(int(scale), len(sheets[0]["blocs"]), foot) else [1, 2])

    monkeypatch.setattr(pdf, "_lay_out", lay_out)
    sheet, kept, _document = pdf.fit_to_page({"blocs": list(range(8)), "langue": "fr"})
    assert (kept, len(sheet["blocs"]), sheet["abrege"]) == (shape, blocks, blocks < 8)
    assert len(tried) == len(set(tried)) == layouts


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


def test_a_storage_that_fails_keeps_no_fiche_online_and_no_alert_back_and_loses_the_files_the_next_day(
    client, epicerie, monkeypatch, django_capture_on_commit_callbacks
):
    Suivi.objects.create(courriel="jeanne@tilleuls.test", confirme_le=timezone.now(), rythme=Rythme.PUBLICATION)
    client.get("/fiches/epicerie/fiche.pdf")
    storage, folder = pdf._storage(), f"diffusion/fiche-{epicerie.pk}"
    client.force_login(UserFactory(role="admin"))

    def fails(*args):
        raise OSError(errno.EIO, "The bucket fails")

    with monkeypatch.context() as broken, django_capture_on_commit_callbacks(execute=True):
        broken.setattr(type(storage), "delete", fails)
        assert client.post(f"/admin/pages/{epicerie.pk}/unpublish/").status_code == 302
        FichePageFactory(parent=epicerie.get_parent(), title="Le verger partagé")
    assert [message.to for message in mail.outbox] == [["jeanne@tilleuls.test"]]
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


def test_a_host_without_the_extra_is_led_to_no_pdf(client, epicerie, tree, monkeypatch):
    monkeypatch.setattr(pdf, "is_installed", lambda: False)
    epicerie.save_revision().publish()
    assert client.get("/api/v1/fiches/epicerie").json()["pdf"] == ""
    for address in ("/fiches/epicerie/", "/fiches/"):
        page = client.get(address).content.decode()
        assert ("fiche.md" in page or "donnees.csv" in page, ".pdf" in page) == (True, False)


SOON = "Votre PDF est en préparation"


@pytest.fixture
def busy_printer(monkeypatch):
    """Another file is being made, and nobody waits for it; none is stored."""
    pdf.clear_all()
    monkeypatch.setattr(pdf, "WAIT", 0)
    with hold_machine_lock("paper", wait=0):
        yield


def test_a_reader_who_comes_while_another_file_is_made_gets_a_page_that_asks_again(client, epicerie, busy_printer):
    response = client.get(address := "/fiches/epicerie/fiche.pdf")
    assert (response.status_code, response["Retry-After"], response["Refresh"]) == (503, "5", "5")
    assert response["Cache-Control"] == "no-store"
    page = response.content.decode()
    assert SOON in page and f'href="{address}"' in page


def test_three_readers_at_once_each_get_their_file(monkeypatch):
    """A file takes about a second."""
    monkeypatch.setattr(pdf, "PLACES", 2)
    files = [pdf.StoredFile(f"essai-{number}", ["x"], partial(slowly, number)) for number in range(3)]
    with ThreadPoolExecutor(3) as readers:
        assert list(readers.map(pdf.StoredFile.read, files)) == [b"0", b"1", b"2"]
    for file in files:
        pdf.clear(file.name)


def slowly(number):
    time.sleep(0.7)
    return str(number).encode()


def test_no_more_readers_wait_than_leave_the_server_free_for_pages(monkeypatch):
    monkeypatch.setattr(pdf, "PLACES", 2)
    with ThreadPoolExecutor(2) as readers, hold_machine_lock("paper", wait=0):
        monkeypatch.setattr(pdf, "WAIT", 3)
        waiting = [readers.submit(hold_paper_lock) for _reader in range(2)]
        time.sleep(0.3)
        asked = time.monotonic()
        with pytest.raises(Busy):
            hold_paper_lock()
        assert time.monotonic() - asked < 1
    assert [reader.result() for reader in waiting] == [True, True]


def hold_paper_lock():
    with pdf.hold_paper_lock():
        return True


def test_what_was_made_before_is_given_while_another_file_is_made(client, epicerie, monkeypatch):
    assert len(read(client.get("/fiches/epicerie/fiche.pdf")).pages) == 1
    card = client.get("/fiches/epicerie/carte.png").content
    monkeypatch.setattr(pdf, "WAIT", 0)
    with hold_machine_lock("paper", wait=0):
        assert len(read(client.get("/fiches/epicerie/fiche.pdf")).pages) == 1
        assert client.get("/fiches/epicerie/carte.png").content == card


def test_a_social_card_is_drawn_in_its_turn(client, epicerie, busy_printer):
    pdf.clear(f"carte-{epicerie.pk}")
    response = client.get("/fiches/epicerie/carte.png")
    assert (response.status_code, response["Retry-After"], response.content) == (503, "5", b"")


def test_what_readers_will_ask_for_is_made_by_the_periodic_work(client, epicerie, monkeypatch):
    for name in ("fiche", "carte"):
        pdf.clear(f"{name}-{epicerie.pk}")
    assert prerender.prepare() >= 1
    monkeypatch.setattr(pdf, "WAIT", 0)
    with hold_machine_lock("paper", wait=0):  # nothing can be made while the reader asks
        assert len(read(client.get("/fiches/epicerie/fiche.pdf")).pages) == 1
        assert client.get("/fiches/epicerie/carte.png").status_code == 200


def test_what_cannot_be_made_now_is_made_the_next_time(epicerie, busy_printer):
    for name in ("fiche", "carte"):
        pdf.clear(f"{name}-{epicerie.pk}")
    assert prerender.prepare() == 0


def test_a_draft_that_is_shown_on_paper_waits_for_its_turn_too(epicerie, busy_printer, rf):
    answer = preview_formats.paper(epicerie, rf.get("/"))
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "5", "no-store")


def test_a_visitor_s_page_draws_no_picture_that_the_periodic_work_made(client, epicerie):
    epicerie.photo = Illustration.objects.create(title="Four", file=ContentFile(picture(), "four.jpg"))
    epicerie.photo_alt = "Un four"
    epicerie.save_revision().publish()
    prerender.prepare()
    sizes = epicerie.photo.renditions.count()
    assert sizes > 10
    assert client.get("/fiches/epicerie/").status_code == client.get("/fiches/").status_code == 200
    assert epicerie.photo.renditions.count() == sizes


@pytest.mark.parametrize("name", pdf.FONTS)
def test_no_font_has_a_zero_with_a_stroke(name):
    """It has an outer and an inner line; a stroke cuts the inner one in two."""
    font = TTFont(finders.find(name))
    assert font["glyf"][font.getBestCmap()[ord("0")]].numberOfContours == 2
