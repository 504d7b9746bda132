"""Documents that people send."""

import html
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from openpyxl import Workbook
from pypdf import PdfReader, PdfWriter
from wagtail.documents.models import Document
from wagtail.models import Collection

from fiches.media.documents import SafeDocumentField, check_document
from tests.fiches.made_documents import (
    DOCUMENTS_WITH_AUTHOR,
    ODT,
    archive,
    content_to_keep,
    docx,
    everything_in,
    pdf,
    refused,
    sent,
)

PDF = pdf()


def workbook():
    output = BytesIO()
    Workbook().save(output)
    return output.getvalue()


def wrong_extension_error(extension):
    message = f"Ce fichier est incomplet, abîmé, ou n’est pas un fichier .{extension}."
    return [f"{message} Enregistrez-le de nouveau, puis envoyez ce nouveau fichier."]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("dossier.pdf", PDF),
        ("DOSSIER.PDF", b"\xef\xbb\xbf\n" + PDF + bytes(100)),
        ("dossier.odt", archive(mimetype=ODT, **{"content.xml": "<x/>"})),
        ("dossier.docx", docx()),
        ("budget.xlsx", workbook()),
        ("notes.txt", "Une fiche d’été\n".encode()),
        ("notes.txt", "Une fiche d’été\n".encode("cp1252")),
        ("liste.csv", "\ufeffnom;ville\nAgrodoubs;Flagey\n".encode("utf-16")),
        ("liste.csv", b"\xef\xbb\xbfnom;ville\r\nAgrodoubs;Flagey\r\n"),
    ],
)
@pytest.mark.usefixtures("readers_started_anew")
def test_a_document_that_is_what_it_says_is_kept_under_its_name_with_what_it_holds(name, data):
    checked = check_document(sent(name, data))
    assert checked.name == name
    assert content_to_keep(checked.read()) == content_to_keep(data)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("dossier.pdf", docx()),
        ("dossier.pdf", b"<html>%PDF-1.7</html>"),
        ("dossier.docx", PDF),
        ("dossier.docx", workbook()),
        ("dossier.docx", archive(**{"evil.exe": "MZ"})),
        ("dossier.odt", docx()),
        ("dossier.odt", archive(mimetype="application/zip")),
        ("dossier.odt", archive(mimetype="application/vnd.oasis.opendocument.spreadsheet")),
        ("notes.txt", PDF),
        ("notes.txt", b"MZ\x90\x00\x03"),
        ("notes.txt", b" <!DOCTYPE html><script>alert(1)</script>"),
        ("liste.csv", b"<?php system('id');"),
        ("liste.csv", workbook()),
    ],
)
def test_a_document_that_lies_about_what_it_is_is_refused(name, data):
    assert refused("unreadable", name, data)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("dossier.pdf", PDF[:-8]),
        ("dossier.docx", docx()[:-30]),
        ("dossier.odt", b"PK\x03\x04" + bytes(500)),
    ],
)
def test_an_incomplete_document_is_refused(name, data):
    assert refused("unreadable", name, data)


def locked_pdf(**options):
    writer = PdfWriter(clone_from=BytesIO(PDF))
    writer.encrypt(**options)
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def test_a_locked_document_is_refused_and_one_that_everyone_opens_is_not():
    assert refused("encrypted", "dossier.pdf", locked_pdf(user_password="x"))
    assert refused("encrypted", "dossier.docx", b"\xd0\xcf\x11\xe0" + bytes(600))
    manifest = {"META-INF/manifest.xml": "<x><manifest:encryption-data/></x>"}
    assert refused("encrypted", "dossier.odt", archive(mimetype=ODT, **manifest))
    opened = check_document(sent("dossier.pdf", locked_pdf(user_password="", owner_password="x"))).read()
    assert (content_to_keep(opened), PdfReader(BytesIO(opened)).is_encrypted) == (content_to_keep(PDF), False)


@pytest.fixture
def root(db):
    """The collection where documents go unless said otherwise."""
    return Collection.get_first_root_node().pk


def test_the_admin_says_what_it_takes_off_and_does_alone_among_several_and_from_a_chooser(admin_client, root):
    ways = {
        "wagtaildocs:add": {"file": "file"},
        "wagtaildocs:add_multiple": {"file": "files[]"},
        "wagtaildocs_chooser:create": {"file": "document-chooser-upload-file"},
    }
    for way, field in ways.items():
        prefix = "document-chooser-upload-" if "chooser" in way else ""
        sent_file = sent("dossier.docx", DOCUMENTS_WITH_AUTHOR["dossier.docx"])
        fields = {f"{prefix}title": "Dossier", f"{prefix}collection": root, field["file"]: sent_file}
        admin_client.post(reverse(way), fields, headers={"x-requested-with": "XMLHttpRequest"})
        kept = Document.objects.latest("pk")
        with kept.file.open("rb") as file:
            assert b"Marqueur" not in everything_in(file.read())
    assert Document.objects.count() == 3
    for way in ("wagtaildocs:add", "wagtaildocs:add_multiple"):
        form = html.unescape(admin_client.get(reverse(way)).content.decode())
        assert "retire du fichier le nom de l’auteur" in form


def test_a_form_s_document_is_checked_and_may_be_left_out():
    assert SafeDocumentField(required=False).clean(None) is None
    assert content_to_keep(SafeDocumentField().clean(sent("a.pdf", PDF)).read()) == content_to_keep(PDF)
    with pytest.raises(ValidationError) as caught:
        SafeDocumentField().clean(sent("a.pdf", b"Bonjour"))
    assert caught.value.messages == wrong_extension_error("pdf")


def test_the_admin_refuses_a_document_that_lies_alone_or_among_several(admin_client, root):
    alone = admin_client.post(
        reverse("wagtaildocs:add"), {"title": "Dossier", "collection": root, "file": sent("a.pdf", b"Bonjour")}
    )
    assert (alone.status_code, alone.context["form"].errors) == (200, {"file": wrong_extension_error("pdf")})
    several = admin_client.post(
        reverse("wagtaildocs:add_multiple"),
        {"title": "Dossier", "collection": root, "files[]": sent("a.docx", PDF)},
        headers={"x-requested-with": "XMLHttpRequest"},
    )
    assert several.json() == {"success": False, "error_message": wrong_extension_error("docx")[0]}
    assert not Document.objects.exists()


def test_a_document_is_downloaded_never_opened_on_the_site(admin_client, root):
    response = admin_client.post(
        reverse("wagtaildocs:add"), {"title": "Dossier", "collection": root, "file": sent("dossier.pdf", PDF)}
    )
    assert response.status_code == 302
    served = admin_client.get(Document.objects.get().url)
    assert served.headers["Content-Disposition"] == 'attachment; filename="dossier.pdf"'
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert content_to_keep(b"".join(served.streaming_content)) == content_to_keep(PDF)
