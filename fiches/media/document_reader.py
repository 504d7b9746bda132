"""Subprocess program (see `sandboxed_reader`) that checks an uploaded document and rewrites it without personal metadata.

It imports neither Django nor settings. Refusals and removals are codes, for which ``documents`` has the messages.
"""

import html
import json
import re
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from re import Pattern
from typing import Any
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError
from zipfile import ZipFile, ZipInfo

from fiches.media.document_parts import DocumentRefused, cleaned_picture
from fiches.media.office_fetches import DTD, Fetches, is_xml, refuse_fetches
from fiches.media.office_media import refused_media

# Bytes of a document and of those in it, once unpacked; of these, bytes of XML, which take a second to read: some 2,000 pages.
MAX_UNPACKED = 100 * 1024 * 1024
MAX_XML = 12 * 1024 * 1024
MAX_ENTRIES = 10_000
MAX_DEPTH = 2  # of embedded documents: a workbook in a presentation, and a document in that

OPEN_DOCUMENTS = {  # by extension: the content of the archive's file "mimetype"
    "odp": b"application/vnd.oasis.opendocument.presentation",
    "ods": b"application/vnd.oasis.opendocument.spreadsheet",
    "odt": b"application/vnd.oasis.opendocument.text",
}
OFFICE_DOCUMENTS = {"docx": "word/document.xml", "pptx": "ppt/presentation.xml", "xlsx": "xl/workbook.xml"}
# What parsers raise on malformed files. MemoryError is not among them: it ends the program.
UNREADABLE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    ExpatError,
    LookupError,
    OSError,
    ParseError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


@dataclass
class Budget:
    """How many bytes of a document may still be read, those of the documents in it included."""

    unpacked: int = MAX_UNPACKED
    xml: int = MAX_XML

    def spend_unpacked(self, size: int) -> None:
        self.unpacked -= size
        if self.unpacked < 0:
            raise DocumentRefused("flood")

    def spend_xml(self, size: int) -> None:
        self.xml -= size
        if self.xml < 0:
            raise DocumentRefused("too_much")


def answer(data: bytes, extension: str, *, values_only: bool = False) -> tuple[dict[str, Any], bytes]:
    """Returns ``({"removed": codes}, cleaned document)``, or ``({"refused": code}, b"")``.

    :param values_only: accepts an Office document that starts a programme or fetches something when it is opened.
    """
    removed: set[str] = set()
    try:
        if extension == "pdf":
            # pypdf takes longer to import than most documents to read.
            from fiches.media.pdf_documents import cleaned_pdf

            content = cleaned_pdf(data, removed)
        else:
            content = _archive(data, extension, removed, Budget(), values_only=values_only)
    except DocumentRefused as refused:
        return {"refused": str(refused)}, b""
    except UNREADABLE:
        return {"refused": "incomplete"}, b""
    return {"removed": sorted(removed)}, content


# --- Office and OpenDocument ------------------------------------------------------------------------------------------

MACRO_PARTS = re.compile(r"vba(project|data)|(^|/)(basic|scripts)/|macrosheets/")
MACRO_WORDS = re.compile(r"vbaproject|vbadata|macroenabled|macrosheet|vnd\.sun\.star\.script:")
OBJECT_PARTS = re.compile(r"(^|/)activex/|(^|/)object \d+$|/embeddings/(?!.*\.(docx|pptx|xlsx)$)")
OBJECT_WORDS = re.compile(
    r"oleobject\"|oleobject'|relationships/(?:afchunk|control)\b|activexcontrol|sun\.star\.oleobject"
)
# Whole former states of the document, with what was taken out of it since.
VERSION_PARTS = re.compile(r"versions/|versionlist\.xml")
LOCK_WORDS = re.compile(r"manifest:encryption-data")
# A name that some readers would write outside the folder where they unpack.
OUTSIDE = re.compile(r"(^|[/\\])\.\.([/\\]|$)|^[/\\]|^[A-Za-z]:")
# The parts that declare the types of the others.
DECLARING = re.compile(r"\[content_types\]\.xml|.*\.rels|meta-inf/manifest\.xml|(.*/)?(content|styles)\.xml")

_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
BLANK = {  # parts with metadata of the author, and what replaces them
    r"docprops/core\.xml": f'<cp:coreProperties xmlns:cp="{_CORE}"/>',
    r"docprops/app\.xml": f'<Properties xmlns="{_OFFICE}/extended-properties"/>',
    r"customxml/item\d*\.xml": "<data/>",  # what programmes and templates keep, such as the author's firm
    r".*/printersettings\d*\.bin": "",
    r"docprops/custom\.xml": f'<Properties xmlns="{_OFFICE}/custom-properties"/>',
    r"(.*/)?meta\.xml": '<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' office:version="1.2"><office:meta/></office:document-meta>',
}
# Namespaces that only parts with metadata have, wherever their producer puts them: .NET writes « ….psmdcp ».
NAMESPACES = {
    _CORE: BLANK[r"docprops/core\.xml"],
    f"{_OFFICE}/extended-properties": BLANK[r"docprops/app\.xml"],
    f"{_OFFICE}/custom-properties": BLANK[r"docprops/custom\.xml"],
}
THUMBNAIL = re.compile(r"docprops/thumbnail\..*|thumbnails/.*")
THUMBNAIL_MENTION = re.compile(
    rb'<(?:\w+:)?(?:Relationship|Override|file-entry)\b[^<>]*(?:metadata/thumbnail|"/docProps/thumbnail|"Thumbnails/)[^<>]*/>'
)


def _attributes(names: bytes) -> Pattern:
    return re.compile(rb"""(\b(?:\w+:)?(?:%s)=)("[^"]+"|'[^']+')""" % names)


_AUTHOR, _NAMELESS = rb'\1"Author"', rb'\1""'
_CREATORS = re.compile(rb"(<(?:dc:creator|meta:creator-initials|meta:initial-creator|loext:sender-initials)>)[^<]+")
PEOPLE = (  # pattern of the part, pattern of what names a person in it, replacement
    (re.compile(r"word/.*\.xml"), _attributes(rb"author|initials|userId|providerId"), _AUTHOR),
    (re.compile(r"ppt/(commentauthors|authors)\.xml"), _attributes(rb"name|initials|userId|providerId"), _AUTHOR),
    (re.compile(r"xl/comments.*\.xml"), re.compile(rb"(<(?:\w+:)?author>)[^<]+"), rb"\1Author"),
    (re.compile(r"xl/persons/.*\.xml"), _attributes(rb"displayName|userId|providerId"), _AUTHOR),
    (re.compile(r"xl/(workbook|revisions/.*)\.xml"), _attributes(rb"userName"), _AUTHOR),
    (re.compile(r"xl/revisions/usernames\.xml"), _attributes(rb"name"), _AUTHOR),
    (re.compile(r"xl/workbook\.xml"), re.compile(rb'(absPath\b[^<>]*\burl=)"[^"]+"'), _NAMELESS),
    (re.compile(r"(.*/)?(content|styles)\.xml"), _CREATORS, rb"\1"),
    (re.compile(r"(.*/)?settings\.xml"), re.compile(rb"""(config:name=["']Printer\w+["'][^<>]*>)[^<]+"""), rb"\1"),
)
# The template of a Word document: a path on its author's computer, or a URL that Word would fetch.
TEMPLATE = re.compile(rb'(<(?:\w+:)?Relationship\b(?=[^<>]*relationships/attachedTemplate")[^<>]*\bTarget=)"[^"]*"')


def _archive(
    data: bytes, extension: str, removed: set[str], budget: Budget, depth: int = 0, *, values_only: bool = False
) -> bytes:
    """Returns a new archive with the cleaned parts of ``data``."""
    output = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as archive, zipfile.ZipFile(output, "w") as cleaned:
        entries = _entries(archive, extension, budget)
        for entry in entries:
            name = entry.filename.replace("\\", "/").casefold()
            if THUMBNAIL.fullmatch(name):
                removed.add("thumbnail")
                continue
            content = archive.read(entry)
            if is_xml(content):
                budget.spend_xml(len(content))
            content = _part(name, content, removed, budget, depth, values_only=values_only)
            cleaned.writestr(zipfile.ZipInfo(entry.filename), content, entry.compress_type)
    return output.getvalue()


def _entries(archive: ZipFile, extension: str, budget: Budget) -> list[ZipInfo]:
    """Returns the archive's entries, after checking its size, encryption and announced type."""
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if len(entries) > MAX_ENTRIES:
        raise DocumentRefused("flood")
    budget.spend_unpacked(sum(entry.file_size for entry in entries))
    if any(entry.flag_bits & 1 for entry in entries):
        raise DocumentRefused("encrypted")
    if extension in OFFICE_DOCUMENTS:
        announced = {"[Content_Types].xml", OFFICE_DOCUMENTS[extension]} <= names
    else:
        announced = "mimetype" in names and archive.read("mimetype")[:200].strip() == OPEN_DOCUMENTS[extension]
    if not announced:
        raise DocumentRefused("lies")
    if len(names) != len(entries) or any(map(OUTSIDE.search, names)):
        raise DocumentRefused("incomplete")
    return entries


def _blanks(name: str, content: bytes) -> Iterator[str]:
    """What replaces a part with metadata, known by its name, or by its namespace in any encoding of XML."""
    for part, blank in BLANK.items():
        if re.fullmatch(part, name):
            yield blank
    for namespace, blank in NAMESPACES.items():
        if any(namespace.encode(encoding) in content for encoding in ("utf-8", "utf-16-le", "utf-16-be")):
            yield blank


def _part(name: Any, content: bytes, removed: set[str], budget: Budget, depth: int, *, values_only: bool) -> bytes:
    """Returns a part of the archive without personal data; refuses active content."""
    _refuse_part(name, content)
    blanks = list(_blanks(name, content))
    if blanks and content != blanks[0].encode():
        removed.add("properties")
        return blanks[0].encode()
    if "/embeddings/" in name:
        if depth == MAX_DEPTH:
            raise DocumentRefused("object")
        return _archive(content, name.rpartition(".")[2], removed, budget, depth + 1)
    for part, pattern, replacement in PEOPLE:
        if part.fullmatch(name):
            content = _replace(content, pattern, replacement, "authors", removed)
    if name.endswith((".rels", "[content_types].xml", "manifest.xml")):
        content = THUMBNAIL_MENTION.sub(b"", content)
        content = _replace(content, TEMPLATE, rb'\1"Normal.dotm"', "properties", removed)
    content = cleaned_picture(content, removed)
    try:
        refuse_fetches(content)
    except Fetches as fetches:
        if not values_only or str(fetches) == DTD:
            raise DocumentRefused(str(fetches)) from None
    if code := refused_media(name, content):
        raise DocumentRefused(code)
    return content


def _refuse_part(name: str, content: bytes) -> None:
    """Refuses macros, objects and encryption, by the part's name and by its declarations, even if these are written in capitals, in
    UTF-16 or with character references."""
    if MACRO_PARTS.search(name):
        raise DocumentRefused("macros")
    if OBJECT_PARTS.search(name):
        raise DocumentRefused("object")
    if VERSION_PARTS.match(name):
        raise DocumentRefused("versions")
    if not DECLARING.fullmatch(name):
        return
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    text = html.unescape(content.decode(encoding, errors="replace")).casefold()
    for words, code in ((MACRO_WORDS, "macros"), (OBJECT_WORDS, "object"), (LOCK_WORDS, "encrypted")):
        if words.search(text):
            raise DocumentRefused(code)


def _replace(content: bytes, pattern: Pattern, replacement: bytes, code: str, removed: set[str]) -> bytes:
    changed = pattern.sub(replacement, content)
    if changed != content:
        removed.add(code)
    return changed


if __name__ == "__main__":
    header, cleaned = answer(sys.stdin.buffer.read(), **json.loads(sys.argv[1]))
    sys.stdout.buffer.write(json.dumps(header).encode() + b"\n" + cleaned)
