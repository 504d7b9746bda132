"""An erasure reads the private files that other companies sent: those that name the person are on the receipt."""

import pytest
from botocore.exceptions import ClientError
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from weasyprint import HTML

from fiches.candidatures.models import PieceJointe
from fiches.upkeep.personal_data.erasure import mentions_of
from fiches.upkeep.personal_data.identification import find_person
from tests.factories import UserFactory
from tests.fiches.made_documents import ODT, archive, docx
from tests.fiches.test_recherche_pieces import TEXT, WORD

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


def test_a_file_that_could_not_be_read_in_time_is_told_to_the_staff(attach, monkeypatch):
    left = [attach(f"{each}.txt", each.encode()) for each in ("Un", "Deux")]
    monkeypatch.setattr("fiches.candidatures.personal_data.LONGEST_READING", -1)
    told = [m for m in mentions_of(find_person("", NAME)) if m.excerpt.startswith("Ce fichier n’a pas pu être lu")]
    assert sorted((m.pk, m.by_hand, m.homonym) for m in told) == [(piece.pk, True, False) for piece in left]


def test_a_file_whose_storage_fails_is_told_to_the_staff(attach, monkeypatch):
    piece = attach("lettre.txt", NAME.encode())

    def fail(*_args, **_kwargs):
        raise ClientError({"Error": {"Code": "SlowDown"}}, "GetObject")

    monkeypatch.setattr(type(piece.fichier.storage), "open", fail)
    told = [m.pk for m in mentions_of(find_person("", NAME)) if m.excerpt.startswith("Ce fichier n’a pas pu être lu")]
    assert told == [piece.pk]


def test_a_file_without_a_text_that_can_be_read_whole_is_told_to_the_staff(attach):
    """A scanned PDF has no text to search, and a long text is searched up to its first 200,000 characters."""
    scanned = attach("page.pdf", HTML(string="").write_pdf())
    long = attach("long.txt", b"mot " * 60_000 + NAME.encode())
    told = [m.pk for m in mentions_of(find_person("", NAME)) if m.excerpt.startswith("Ce fichier n’a pas pu être lu")]
    assert sorted(told) == [scanned.pk, long.pk]
