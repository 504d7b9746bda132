"""Documents made for the tests, and what each still holds once it is checked."""

import zipfile
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject, TextStringObject

from fiches.media.documents import check_document
from tests import pictures


def pdf(**root):
    """A page, and what the root of the document says beside."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    for key, value in root.items():
        writer.root_object[NameObject(f"/{key}")] = value
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


ODT = "application/vnd.oasis.opendocument.text"


def refused(code, name, data):
    """Whether a document is refused for the reason of this code."""
    with pytest.raises(ValidationError) as caught:
        check_document(sent(name, data))
    return caught.value.code == code


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


def content_to_keep(data):
    """Returns what cleaning must leave unchanged in a document: its parts, or its pages, or its text."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(data)) as made:
            return {name: made.read(name) for name in made.namelist() if not name.startswith("docProps/")}
    if b"%PDF" in data[:10]:
        return [page.mediabox for page in PdfReader(BytesIO(data)).pages]
    return data


def dictionary(**values):
    return DictionaryObject({NameObject(f"/{key}"): value for key, value in values.items()})


def action(kind, **values):
    return dictionary(S=NameObject(kind), **values)


AUTHOR = b"Jeanne Marqueur"


def pdf_with_author():
    """A PDF that names its author in its properties, in XMP on the document and on a page, and beside a remark, the old properties
    still in it."""
    writer = PdfWriter()
    page = writer.add_blank_page(100, 100)
    writer.metadata = {"/Author": AUTHOR.decode(), "/Title": "Dossier"}
    for owner in (writer.root_object, page):
        stream = StreamObject()
        stream.set_data(b"<x:xmpmeta>" + AUTHOR + b"</x:xmpmeta>")
        owner[NameObject("/Metadata")] = writer._add_object(stream)
    remark = dictionary(Subtype=NameObject("/Text"), Rect=ArrayObject(), T=TextStringObject(AUTHOR.decode()))
    page[NameObject("/Annots")] = ArrayObject([remark])
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


CORE = "<cp:coreProperties><dc:creator>Jeanne Marqueur</dc:creator></cp:coreProperties>"


NAMED_CORE = CORE.replace(
    "<cp:coreProperties",
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"',
)


DOCUMENTS_WITH_AUTHOR = {
    "dossier.docx": docx(
        **{
            "docProps/core.xml": CORE,
            "docProps/custom.xml": "<Properties>Jeanne Marqueur</Properties>",
            "docProps/thumbnail.jpeg": pictures.jpeg_with_position(),
            "_rels/.rels": '<Relationships><Relationship Type="http://x/metadata/thumbnail" Target="docProps/thumbnail.jpeg"/></Relationships>',
            "word/comments.xml": '<w:comment w:author="Jeanne Marqueur" w:initials="Marqueur">Bravo</w:comment>',
            "word/document.xml": '<w:ins w:id="1" w:author="Jeanne Marqueur"><w:t>Bonjour</w:t></w:ins>',
            "word/people.xml": '<w15:person w15:author="Jeanne Marqueur"><w15:presenceInfo w15:userId="Marqueur"/></w15:person>',
            "word/_rels/settings.xml.rels": '<Relationship Type="http://x/relationships/attachedTemplate" Target="file:///C:/Users/Marqueur/x.dotx"/>',
            "package/services/metadata/core-properties/x.psmdcp": NAMED_CORE,
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
