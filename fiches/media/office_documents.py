"""Writes an Office or OpenDocument archive again without what names its author, and refuses macros, scripts, objects of other programs
and what is fetched from elsewhere. Pictures in it stay as they are, with what the camera wrote.

Imports neither Django nor settings: ``document_reader`` runs it in its subprocess.
"""

import re
import zipfile
from io import BytesIO
from xml.parsers.expat import ParserCreate

# Bytes of a document and of those in it, once unpacked; of these, bytes of the XML that is read here.
MAX_UNPACKED = 100 * 1024 * 1024
MAX_XML = 12 * 1024 * 1024
MAX_ENTRIES = 10_000

OPEN_DOCUMENTS = {  # by extension: the content of the archive's file "mimetype"
    "odp": b"application/vnd.oasis.opendocument.presentation",
    "ods": b"application/vnd.oasis.opendocument.spreadsheet",
    "odt": b"application/vnd.oasis.opendocument.text",
}
OFFICE_DOCUMENTS = {"docx": "word/document.xml", "pptx": "ppt/presentation.xml", "xlsx": "xl/workbook.xml"}

# All names of parts, elements and attributes, and what declares types, are compared in lower case.
ACTIVE_PARTS = re.compile(
    r"vba(project|data)|(^|/)(basic|scripts)/|macrosheets/|(^|/)activex/|(^|/)object \d+$|/embeddings/(?!.*\.(docx|pptx|xlsx)$)"
)
ACTIVE_WORDS = re.compile(
    r"vbaproject|vbadata|macroenabled|macrosheet|vnd\.sun\.star\.script:|activexcontrol|sun\.star\.oleobject",
    re.IGNORECASE,
)
ACTIVE_KINDS = {"afchunk", "control", "oleobject"}
# The parts that declare types and relations, and the contents of OpenDocument.
DECLARING = re.compile(r"\[content_types\]\.xml|.*\.rels|meta-inf/manifest\.xml|(.*/)?(content|styles)\.xml")
# Relations to something outside the file that nothing fetches without a click or a question.
NOT_FETCHED = {"externallinkpath", "hyperlink"}

_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
BLANK = {  # parts with metadata of the author, and what replaces them
    r"docprops/core\.xml|.*\.psmdcp": f'<cp:coreProperties xmlns:cp="{_CORE}"/>',
    r"docprops/app\.xml": f'<Properties xmlns="{_OFFICE}/extended-properties"/>',
    r"docprops/custom\.xml": f'<Properties xmlns="{_OFFICE}/custom-properties"/>',
    r"customxml/item\d*\.xml": "<data/>",  # what programs and templates keep, such as the author's firm
    r".*/printersettings\d*\.bin|docprops/thumbnail\..*|thumbnails/.*": "",
    r"(.*/)?meta\.xml": '<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' office:version="1.2"><office:meta/></office:document-meta>',
}


def _attributes(names: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"""(\b(?:\w+:)?(?:%s)=)("[^"]+"|'[^']+')""" % names)


_CREATORS = re.compile(rb"(<(?:dc:creator|meta:creator-initials|meta:initial-creator|loext:sender-initials)>)[^<]+")
PEOPLE = (  # pattern of the part, pattern of what names a person in it, replacement
    (r"word/.*\.xml", _attributes(rb"author|initials|userId|providerId"), rb'\1"Author"'),
    (r"ppt/(commentauthors|authors)\.xml", _attributes(rb"name|initials|userId|providerId"), rb'\1"Author"'),
    (r"xl/comments.*\.xml", re.compile(rb"(<(?:\w+:)?author>)[^<]+"), rb"\1Author"),
    (r"xl/persons/.*\.xml", _attributes(rb"displayName|userId|providerId"), rb'\1"Author"'),
    (r"xl/(workbook|revisions/.*)\.xml", _attributes(rb"userName"), rb'\1"Author"'),
    (r"xl/revisions/usernames\.xml", _attributes(rb"name"), rb'\1"Author"'),
    (r"xl/workbook\.xml", re.compile(rb'(absPath\b[^<>]{0,500}\burl=)"[^"]+"'), rb'\1""'),
    (r"(.*/)?(content|styles)\.xml", _CREATORS, rb"\1"),
    (r"(.*/)?settings\.xml", re.compile(rb"""(config:name=["']Printer\w+["'][^<>]{0,500}>)[^<]+"""), rb"\1"),
    # The template of a Word document: a path on its author's computer, or an address that Word would fetch.
    (
        r".*\.rels",
        re.compile(rb'(<(?:\w+:)?Relationship\b(?=[^<>]*relationships/attachedTemplate")[^<>]*\bTarget=)"[^"]*"'),
        rb'\1"Normal.dotm"',
    ),
)


class DocumentRefused(Exception):  # noqa: N818 - an answer, not a fault
    """The document is not accepted; the message is the code of the reason: active, encrypted, too_large or unreadable."""


def cleaned_archive(data: bytes, extension: str, *, unpacked: int = MAX_UNPACKED) -> bytes:
    """Returns a new archive with the cleaned parts of ``data``.

    :param unpacked: how many bytes it may have once unpacked.
    :raises DocumentRefused: see there.
    """
    output, xml = BytesIO(), 0
    with zipfile.ZipFile(BytesIO(data)) as archive, zipfile.ZipFile(output, "w") as cleaned:
        entries = _entries(archive, extension)
        unpacked -= sum(entry.file_size for entry in entries)
        if unpacked < 0:
            raise DocumentRefused("too_large")
        for entry in entries:
            name = entry.filename.replace("\\", "/").casefold()
            content = _blank(name)
            if content is None:
                content = archive.read(entry)
                for part, pattern, replacement in PEOPLE:
                    if re.fullmatch(part, name):
                        content = pattern.sub(replacement, content)
                if ACTIVE_PARTS.search(name):
                    raise DocumentRefused("active")
                if DECLARING.fullmatch(name):
                    xml += len(content)
                    if xml > MAX_XML:
                        raise DocumentRefused("too_large")
                    _refuse_active(content)
                if "/embeddings/" in name:
                    content = cleaned_archive(content, name.rpartition(".")[2], unpacked=unpacked // 2)
            cleaned.writestr(zipfile.ZipInfo(entry.filename), content, entry.compress_type)
    return output.getvalue()


def _entries(archive: zipfile.ZipFile, extension: str) -> list[zipfile.ZipInfo]:
    """Returns the archive's entries, after checking their number, encryption and announced type."""
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if len(entries) > MAX_ENTRIES:
        raise DocumentRefused("too_large")
    if any(entry.flag_bits & 1 for entry in entries):
        raise DocumentRefused("encrypted")
    if extension in OFFICE_DOCUMENTS:
        announced = {"[Content_Types].xml", OFFICE_DOCUMENTS[extension]} <= names
    else:
        announced = "mimetype" in names and archive.read("mimetype")[:200].strip() == OPEN_DOCUMENTS[extension]
    if not announced or len(names) != len(entries):
        raise DocumentRefused("unreadable")
    return entries


def _blank(name: str) -> bytes | None:
    return next((blank.encode() for part, blank in BLANK.items() if re.fullmatch(part, name)), None)


def _refuse_active(content: bytes) -> None:
    """Refuses macros, scripts, objects, encryption and what is fetched, by the attributes of a part of XML."""
    parser = ParserCreate()
    parser.StartElementHandler = _refuse_element
    parser.StartDoctypeDeclHandler = _refuse_dtd  # no office suite writes one
    parser.Parse(content, True)


def _refuse_dtd(*_declared: object) -> None:
    raise DocumentRefused("unreadable")


def _refuse_element(tag: str, attributes: dict[str, str]) -> None:
    tag, values = _local(tag), {_local(name): value for name, value in attributes.items()}
    if tag == "encryption-data":
        raise DocumentRefused("encrypted")
    kind = values.get("type", "").rpartition("/")[2].lower() if tag == "relationship" else ""
    outside = kind not in NOT_FETCHED and values.get("targetmode", "").lower() == "external"
    outside = outside and values.get("target") != "Normal.dotm"  # see PEOPLE
    if outside or kind in ACTIVE_KINDS or any(map(ACTIVE_WORDS.search, values.values())):
        raise DocumentRefused("active")


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()
