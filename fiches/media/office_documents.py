"""Writes an Office or OpenDocument archive again without what names its author, and refuses macros, objects of other programs and
what is fetched from elsewhere. Pictures in it stay as they are, with what the camera wrote.

Imports neither Django nor settings: ``document_reader`` runs it in its subprocess.
"""

import re
import zipfile
from dataclasses import dataclass
from io import BytesIO
from xml.parsers.expat import ParserCreate

# Bytes of a document and of those in it, once unpacked; of these, bytes of XML, which take a second to read: some 2,000 pages.
MAX_UNPACKED = 100 * 1024 * 1024
MAX_XML = 12 * 1024 * 1024
MAX_ENTRIES = 10_000
MAX_DEPTH = 2  # of embedded documents: the workbook of a chart in a presentation, and a document in that

OPEN_DOCUMENTS = {  # by extension: the content of the archive's file "mimetype"
    "odp": b"application/vnd.oasis.opendocument.presentation",
    "ods": b"application/vnd.oasis.opendocument.spreadsheet",
    "odt": b"application/vnd.oasis.opendocument.text",
}
OFFICE_DOCUMENTS = {"docx": "word/document.xml", "pptx": "ppt/presentation.xml", "xlsx": "xl/workbook.xml"}

# All names of parts, elements and attributes, and what declares types, are compared in lower case.
MACRO_PARTS = re.compile(r"vba(project|data)|(^|/)(basic|scripts)/|macrosheets/")
MACRO_WORDS = re.compile(r"vbaproject|vbadata|macroenabled|macrosheet|vnd\.sun\.star\.script:", re.IGNORECASE)
# Objects of other programs, and former states of the text.
OBJECT_PARTS = re.compile(
    r"(^|/)activex/|(^|/)object \d+$|/embeddings/(?!.*\.(docx|pptx|xlsx)$)|^versions/|^versionlist\.xml"
)
OBJECT_WORDS = re.compile(r"activexcontrol|sun\.star\.oleobject", re.IGNORECASE)
OBJECT_KINDS = {"afchunk", "control", "oleobject"}
# A name that some readers would write outside the folder where they unpack.
OUTSIDE = re.compile(r"(^|[/\\])\.\.([/\\]|$)|^[/\\]|^[A-Za-z]:")
# How a part of XML starts, in any encoding.
XML = re.compile(rb"[\xef\xbb\xbf\xff\xfe\x00 \t\r\n]*<")
# Elements that start another program (DDE) or a query when the file is opened.
FETCHING = {"dde-connection", "dde-connection-decl", "dde-link", "dde-source", "ddelink", "olelink"}
FETCHING |= {"dbpr", "olappr", "webpr"}
# In OpenDocument: links that are only followed by a click, and an address outside the file.
CLICKED = {"a", "area-circle", "area-polygon", "area-rectangle", "button", "event-listener"}
ELSEWHERE = re.compile(r"\s*(?:(?!data:)[a-z][a-z0-9+.-]*:|//|\\\\|/|\.\./\.\.)", re.IGNORECASE)
FORMULAS = {"definedname", "f", "formula", "formula1", "formula2"}
QUOTED = re.compile(r'"[^"]*"')
FETCHING_FORMULA = re.compile(
    r"""(?:^|[\s=(,;+*/&<>^:-])('?)[\w.]+\1\||\b(?:dde|image|rtd|webservice)\s*\(""", re.IGNORECASE
)
# The code of a field of Word between the two marks, by its first word. One whose first word is itself computed hides which it is.
BEGIN, END = "\x01", "\x02"
FETCHING_FIELD = re.compile(
    r'\x01[\s"]*(?:(?:dde|ddeauto|database|import|include|includepicture|includetext|link|rd)\b|[^\s\x01\x02]*\x01)',
    re.IGNORECASE,
)

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
    """The document is not accepted; the message is the code of the reason."""


@dataclass
class Budget:
    """How many bytes of a document may still be read, those of the documents in it included."""

    unpacked: int = MAX_UNPACKED
    xml: int = MAX_XML

    def spend(self, *, unpacked: int = 0, xml: int = 0) -> None:
        self.unpacked -= unpacked
        self.xml -= xml
        if self.unpacked < 0 or self.xml < 0:
            raise DocumentRefused("too_much")


def cleaned_archive(
    data: bytes, extension: str, *, values_only: bool = False, budget: Budget | None = None, depth: int = 0
) -> bytes:
    """Returns a new archive with the cleaned parts of ``data``.

    :param values_only: accepts a document that fetches something when it is opened.
    :param depth: how many documents it stands in.
    :raises DocumentRefused: with the code encrypted, fetches, incomplete, lies, macros or too_much.
    """
    budget = budget or Budget()
    output = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as archive, zipfile.ZipFile(output, "w") as cleaned:
        for entry in _entries(archive, extension, budget):
            name = entry.filename.replace("\\", "/").casefold()
            content = _blank(name)
            if content is None:
                content = archive.read(entry)
                for part, pattern, replacement in PEOPLE:
                    if re.fullmatch(part, name):
                        content = pattern.sub(replacement, content)
                _refuse_active(name, content, budget, values_only=values_only)
                if "/embeddings/" in name:
                    if depth == MAX_DEPTH:
                        raise DocumentRefused("too_much")
                    content = cleaned_archive(content, name.rpartition(".")[2], budget=budget, depth=depth + 1)
            cleaned.writestr(zipfile.ZipInfo(entry.filename), content, entry.compress_type)
    return output.getvalue()


def _entries(archive: zipfile.ZipFile, extension: str, budget: Budget) -> list[zipfile.ZipInfo]:
    """Returns the archive's entries, after checking its size, encryption and announced type."""
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if len(entries) > MAX_ENTRIES:
        raise DocumentRefused("too_much")
    budget.spend(unpacked=sum(entry.file_size for entry in entries))
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


def _blank(name: str) -> bytes | None:
    return next((blank.encode() for part, blank in BLANK.items() if re.fullmatch(part, name)), None)


def _refuse_active(name: str, content: bytes, budget: Budget, *, values_only: bool) -> None:
    """Refuses macros, objects, encryption and what is fetched, by the part's name and by what is in its XML."""
    if MACRO_PARTS.search(name):
        raise DocumentRefused("macros")
    if OBJECT_PARTS.search(name):
        raise DocumentRefused("fetches")
    if XML.match(content):
        budget.spend(xml=len(content))
        _PartReader(has_dtd=name.endswith(".svg"), values_only=values_only).read(content)


class _PartReader:
    """Reads a part of XML without building a tree; prefixes of names are ignored, since a file chooses its own."""

    def __init__(self, *, has_dtd: bool, values_only: bool) -> None:
        self.values_only = values_only
        self.fields: list[str] = []  # the codes of the part's fields, with their marks
        self.texts: list[str] | None = None  # the text of the formula or field that is open
        self.parser = ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        if not has_dtd:  # no office suite writes one
            self.parser.StartDoctypeDeclHandler = self._refuse_dtd

    def read(self, content: bytes) -> None:
        self.parser.Parse(content, True)
        self._refuse_fetching(FETCHING_FIELD.search("".join(self.fields)))

    @staticmethod
    def _refuse_dtd(*_declared: object) -> None:
        raise DocumentRefused("incomplete")

    def _refuse_fetching(self, fetching: object) -> None:
        if fetching and not self.values_only:
            raise DocumentRefused("fetches")

    def _refuse_formula(self, formula: str) -> None:
        self._refuse_fetching(FETCHING_FORMULA.search(QUOTED.sub('""', formula)))

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag, values = _local(tag), {_local(name): value for name, value in attributes.items()}
        if any(map(MACRO_WORDS.search, values.values())):
            raise DocumentRefused("macros")
        if tag == "encryption-data":
            raise DocumentRefused("encrypted")
        kind = values.get("type", "").rpartition("/")[2].lower() if tag == "relationship" else ""
        if kind in OBJECT_KINDS or any(map(OBJECT_WORDS.search, values.values())):
            raise DocumentRefused("fetches")
        outside = kind not in ("", "hyperlink") and values.get("targetmode", "").lower() == "external"
        outside = outside and values.get("target") != "Normal.dotm"  # see PEOPLE
        addresses = [values[name] for name in ("href", "src") if name in values and tag not in CLICKED]
        self._refuse_fetching(outside or tag in FETCHING or any(map(ELSEWHERE.match, addresses)))
        self._refuse_formula(values.get("formula", ""))
        if "instr" in values:
            self.fields += [BEGIN, values["instr"], END]
        if tag == "fldchar":
            self.fields.append(BEGIN if values.get("fldchartype") == "begin" else END)
        if tag == "instrtext" or tag in FORMULAS:
            self.texts = []

    def _characters(self, text: str) -> None:
        if self.texts is not None:
            self.texts.append(text)

    def _end(self, tag: str) -> None:
        text, self.texts = "".join(self.texts or ()), None
        if _local(tag) == "instrtext":
            self.fields.append(text)
        else:
            self._refuse_formula(text)


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()
