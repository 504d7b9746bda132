"""An erasure reads the private files that other companies sent: those that name the person are on the receipt."""

import re
from io import StringIO

import pytest
from botocore.exceptions import ClientError
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from weasyprint import HTML

from fiches.candidatures.models import PieceJointe
from tests.factories import UserFactory
from tests.fiches.made_documents import ODT, archive, docx
from tests.fiches.screens import TEXT, WORD

NAME, MAIL = "Ségolène d’Éprémont", "sepremont@x.test"
SCREEN = "/admin/donnees-personnelles/"


def word(text):
    body = f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:t>{text}</w:t></w:p></w:body></w:document>'
    return docx(**{"word/document.xml": body})


def odt(text):
    body = f'<text:body xmlns:text="{TEXT}"><text:p>{text}</text:p></text:body>'
    return archive(**{"mimetype": ODT, "content.xml": body})


MADE = {
    "lettre.docx": word,
    "lettre.odt": odt,
    "lettre.pdf": lambda text: HTML(string=f"<p>{text}</p>").write_pdf(),
    "lettre.txt": lambda text: text.encode(),
    "lettre.csv": lambda text: text.encode(),
}


@pytest.fixture
def attach(visitor, link):
    """``attach(name, data)`` sends a document of another company's dossier through its form, and returns what is stored."""

    def send(name, data):
        answer = visitor.fill(link, "images", {"document": SimpleUploadedFile(name, data)})
        assert answer.status_code == 302
        return PieceJointe.objects.latest("pk")

    return send


def listed(capsys):
    call_command("effacer_personne", MAIL, nom=NAME)
    return capsys.readouterr().out


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("text", [f"Rédigé par {NAME}.", f"Répondre à {MAIL}."], ids=["name", "address"])
def test_a_file_that_names_the_person_is_on_the_receipt(attach, capsys, name, text):
    named, other = attach(name, MADE[name](text)), attach(f"autre-{name}", MADE[name]("Rédigé par une autre."))
    receipt = listed(capsys)
    assert (f"fichier {named.pk}" in receipt, f"fichier {other.pk}" in receipt) == (True, False)


@pytest.mark.parametrize("name", ["sepremont-cv.txt", "CV_Sepremont.txt"])
def test_a_file_named_after_the_address_is_on_the_receipt(attach, capsys, name):
    named, other = attach(name, b"Bonjour"), attach("representation.txt", b"Bonsoir")
    receipt = listed(capsys)
    assert (f"fichier {named.pk}" in receipt, f"fichier {other.pk}" in receipt) == (True, False)


def test_the_screen_gives_the_file_with_a_link_to_its_dossier(attach, client):
    named = attach("lettre.docx", word(f"Rédigé par {NAME}."))
    officer = UserFactory(role="redaction")
    officer.user_permissions.add(Permission.objects.get(codename="gerer_donnees_personnelles"))
    client.force_login(officer)
    data = {"courriel": MAIL, "nom": NAME, "action": "effacer", "confirmation": MAIL}
    page = BeautifulSoup(client.post(SCREEN, data, follow=True).content, "html.parser").main
    assert [a["href"] for a in page.select(f"a[href$='/dossiers/{named.dossier_id}/']")] != []


def told(client, **asked):
    """The receipt of an erasure by the staff."""
    officer = UserFactory(role="redaction")
    officer.user_permissions.add(Permission.objects.get(codename="gerer_donnees_personnelles"))
    client.force_login(officer)
    data = {"courriel": MAIL, "nom": NAME, "action": "effacer", "confirmation": MAIL}
    main = BeautifulSoup(client.post(SCREEN, data, follow=True).content, "html.parser").main
    return " ".join(main.get_text(" ").split())


def test_a_file_that_could_not_be_read_in_time_is_told_to_the_staff(attach, client, monkeypatch):
    for name in ("Un.txt", "Deux.txt"):
        attach(name, name.encode())
    monkeypatch.setattr("fiches.candidatures.personal_data.LONGEST_READING", -1)
    receipt = told(client)
    for name in ("Un.txt", "Deux.txt"):
        assert re.search(rf"Fichier \d+ «\s{name}\s»[^–]*– ce fichier n’a pas été lu à temps", receipt)


def test_a_file_whose_storage_fails_is_told_to_the_staff(attach, client, monkeypatch):
    piece = attach("lettre.txt", b"Bonjour")

    def fail(*_args, **_kwargs):
        raise ClientError({"Error": {"Code": "SlowDown"}}, "GetObject")

    monkeypatch.setattr(type(piece.fichier.storage), "open", fail)
    assert re.search(r"« lettre.txt »[^–]*– ce fichier est perdu, ou hors d’atteinte", told(client))


def test_the_receipt_names_each_file_and_says_which_were_not_read_and_why(attach, client):
    """A scanned PDF has no text to search, and a long text is searched up to its first 200,000 characters."""
    attach("scan.pdf", HTML(string="").write_pdf())
    attach("long.txt", b"mot " * 60_000 + NAME.encode())
    attach("lettre.txt", f"Par {NAME}".encode())
    attach("autre.txt", b"Par une autre")
    hidden = attach(f"CV {NAME}.txt", b"Bonjour")
    receipt = told(client)
    assert re.search(r"« scan.pdf »[^–]*– ce fichier ne contient aucun texte", receipt)
    assert re.search(r"« long.txt »[^–]*– ce fichier est trop long pour être lu en entier", receipt)
    assert "« lettre.txt »" in receipt and "autre.txt" not in receipt
    assert f"Fichier {hidden.pk} «" in receipt and "premont" not in receipt


@pytest.mark.parametrize(("name", "left"), [("cv-jeanne_marmier.txt", "cv-–.txt"), ("marmier.txt", "marmier.txt")])
def test_the_name_of_a_file_loses_the_start_of_the_address_that_is_like_no_word(attach, name, left):
    piece = attach(name, b"Bonjour")
    call_command("effacer_personne", "jeanne.marmier@x.test", stdout=StringIO())
    piece.refresh_from_db()
    assert piece.nom == left
