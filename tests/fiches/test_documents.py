"""Documents that people send."""

import zipfile
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook
from wagtail.documents.models import Document
from wagtail.models import Collection

from fiches.documents import DocumentLimits, SafeDocumentField, check_document
from tests import pictures

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
ODT = "application/vnd.oasis.opendocument.text"
INCOMPLETE = ["Ce fichier est incomplet ou abîmé. Exportez-le de nouveau, puis envoyez-le."]


def sent(name, data):
    return SimpleUploadedFile(name, data)


def archive(**parts):
    """A zip; a part's name is written with its "/" and "." as "__" and "_"."""
    output = BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return output.getvalue()


def docx(**parts):
    return archive(**{"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>", **parts})


def workbook():
    output = BytesIO()
    Workbook().save(output)
    return output.getvalue()


def refusal_of(name, data, **options):
    with pytest.raises(ValidationError) as caught:
        check_document(sent(name, data), **options)
    return caught.value.messages


def lies(extension):
    return [f"Le contenu de ce fichier n’est pas celui d’un fichier .{extension}."]


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
def test_a_document_that_is_what_it_says_comes_back_as_sent(name, data):
    checked = check_document(sent(name, data))
    assert (checked.name, checked.read()) == (name, data)


def test_a_picture_comes_back_clean():
    checked = check_document(sent("plan.jpg", pictures.telling_jpeg()), limits=DocumentLimits())
    assert (checked.name, checked.width) == ("plan.jpg", 80)
    assert pictures.SECRET not in checked.read()


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
    assert refusal_of(name, data) == lies(name.rpartition(".")[2])


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("dossier.pdf", PDF[:-8]),
        ("dossier.docx", docx()[:-30]),
        ("dossier.odt", b"PK\x03\x04" + bytes(500)),
    ],
)
def test_an_incomplete_document_is_refused(name, data):
    assert refusal_of(name, data) == INCOMPLETE


def test_a_document_with_macros_is_refused():
    message = ["Ce fichier contient des macros. Envoyez-le sans elles, ou en PDF."]
    assert refusal_of("dossier.docx", docx(**{"word/vbaProject.bin": "x"})) == message
    assert refusal_of("dossier.odt", archive(mimetype=ODT, **{"Basic/Standard/Module1.xml": "x"})) == message


def test_an_archive_that_unpacks_to_a_flood_is_refused_without_unpacking_it():
    message = ["Ce fichier, une fois décompressé, est trop volumineux."]
    assert refusal_of("dossier.docx", docx(**{"word/media/a.bin": bytes(301 * 1024 * 1024)})) == message
    assert refusal_of("dossier.docx", docx(**{f"word/{number}": "" for number in range(10_000)})) == message


def test_another_kind_of_file_or_none_is_refused():
    accepted = "pdf, odp, ods, odt, docx, pptx, xlsx, csv, txt"
    message = [f"Ce type de fichier n’est pas accepté. Envoyez l’un de ceux-ci\u00a0: {accepted}, jpeg, jpg, png."]
    everything = DocumentLimits()
    for name in ("dossier.exe", "dossier.html", "dossier.svg", "dossier.pdf.zip", "dossier", ".pdf"):
        assert refusal_of(name, PDF, limits=everything) == message
    assert refusal_of("dossier.pdf", b"") == ["Ce fichier est vide."]


def test_a_document_too_heavy_is_refused():
    assert refusal_of("dossier.pdf", PDF, limits=DocumentLimits(max_bytes=20)) == [
        f"Ce fichier est trop lourd ({len(PDF)}\u00a0octets). Envoyez-en un de 20\u00a0octets au plus."
    ]


def test_a_form_s_document_is_checked_and_may_be_left_out():
    assert SafeDocumentField(required=False).clean(None) is None
    assert SafeDocumentField().clean(sent("a.pdf", PDF)).read() == PDF
    with pytest.raises(ValidationError) as caught:
        SafeDocumentField().clean(sent("a.pdf", b"Bonjour"))
    assert caught.value.messages == lies("pdf")


@pytest.fixture
def root(db):
    """The collection where documents go unless said otherwise."""
    return Collection.get_first_root_node().pk


def test_the_admin_refuses_a_document_that_lies_alone_or_among_several(admin_client, root):
    alone = admin_client.post(
        reverse("wagtaildocs:add"), {"title": "Dossier", "collection": root, "file": sent("a.pdf", b"Bonjour")}
    )
    assert (alone.status_code, alone.context["form"].errors) == (200, {"file": lies("pdf")})
    several = admin_client.post(
        reverse("wagtaildocs:add_multiple"),
        {"title": "Dossier", "collection": root, "files[]": sent("a.docx", PDF)},
        headers={"x-requested-with": "XMLHttpRequest"},
    )
    assert several.json() == {"success": False, "error_message": lies("docx")[0]}
    assert not Document.objects.exists()


def test_a_document_is_downloaded_never_opened_on_the_site(admin_client, root):
    response = admin_client.post(
        reverse("wagtaildocs:add"), {"title": "Dossier", "collection": root, "file": sent("dossier.pdf", PDF)}
    )
    assert response.status_code == 302
    served = admin_client.get(Document.objects.get().url)
    assert served.headers["Content-Disposition"] == 'attachment; filename="dossier.pdf"'
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert b"".join(served.streaming_content) == PDF
