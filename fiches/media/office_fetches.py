"""Finds in an Office or OpenDocument part what starts a programme (DDE) or is fetched from elsewhere when the file is opened.

Imports neither Django nor settings: ``document_reader`` runs it in its subprocess. Parts are read as XML, without building a tree;
prefixes of names are ignored, since a file chooses its own.
"""

import re
from collections.abc import Callable
from xml.parsers.expat import ParserCreate

DDE, REMOTE, DTD = "dde", "remote", "incomplete"
ELEMENTS = {  # by name in lower case, without prefix
    **dict.fromkeys(("dde-connection", "dde-connection-decl", "dde-link", "dde-source", "ddelink", "olelink"), DDE),
    **dict.fromkeys(("dbpr", "olappr", "webpr"), REMOTE),
}
FIELDS = {
    **dict.fromkeys(("dde", "ddeauto"), DDE),
    **dict.fromkeys(("database", "import", "include", "includepicture", "includetext", "link", "rd"), REMOTE),
}
FORMULAS = {"definedname", "f", "formula", "formula1", "formula2"}
QUOTED = re.compile(r'"[^"]*"')
FORMULA_CALLS = (
    (re.compile(r"""(?:^|[\s=(,;+*/&<>^:-])('?)[\w.]+\1\|"""), DDE),
    (re.compile(r"\b(?:dde|rtd)\s*\(", re.IGNORECASE), DDE),
    (re.compile(r"\b(?:image|webservice)\s*\(", re.IGNORECASE), REMOTE),
)
# Links that are only followed by a click, by element of OpenDocument.
CLICKED = {"a", "area-circle", "area-polygon", "area-rectangle", "button", "event-listener"}
ELSEWHERE = re.compile(r"\s*(?:(?!data:)[a-z][a-z0-9+.-]*:|//|\\\\|/|\.\./\.\.)", re.IGNORECASE)
# How a part of XML starts, in any encoding.
XML = re.compile(rb"[\xef\xbb\xbf\xff\xfe\x00 \t\r\n]*<")
# A computed value in the code of a field.
NESTED = "\x00"


class Fetches(Exception):  # noqa: N818 - an answer, not a fault
    """The part starts a programme (``DDE``), is fetched from elsewhere (``REMOTE``), or has a document type that may fetch or repeat
    texts (``DTD``), which the message says."""


def is_xml(content: bytes) -> bool:
    """Whether a part is read as XML."""
    return XML.match(content) is not None


def refuse_fetches(content: bytes) -> None:
    """Raises :class:`Fetches` for an XML part that fetches something; accepts any other content.

    :raises xml.parsers.expat.ExpatError: the XML is malformed.
    """
    if is_xml(content):
        _Reader().parser.Parse(content, True)


class _Reader:
    """Reads one part. ``fields`` holds the codes of the Word fields that are open, the innermost last; a closed code is None."""

    def __init__(self) -> None:
        self.parser = ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._document_type
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.text: list[str] | None = None
        self.fields: list[tuple[list[str], bool]] = []

    def _document_type(self, *_declared: object) -> None:
        raise Fetches(DTD)

    def _start(self, element: str, attributes: dict[str, str]) -> None:
        name = _local(element)
        if name in ELEMENTS:
            raise Fetches(ELEMENTS[name])
        values = {_local(attribute): value for attribute, value in attributes.items()}
        if name == "relationship":
            _refuse_relationship(values)
        if name == "fldchar":
            FIELD_ACTIONS.get(values.get("fldchartype", ""), lambda reader: None)(self)
        if name in FORMULAS or name == "instrtext":
            self.text = []
        if "instr" in values:
            _refuse_field(values["instr"])
        if "formula" in values:
            _refuse_formula(values["formula"])
        if name not in CLICKED and any(ELSEWHERE.match(address) for address in _fetched(attributes)):
            raise Fetches(REMOTE)

    def _end(self, element: str) -> None:
        text, self.text = "".join(self.text or ()), None
        name = _local(element)
        if name == "instrtext" and self.fields and self.fields[-1][1]:
            self.fields[-1][0].append(text)
        elif name == "instrtext":
            _refuse_field(text)
        elif name in FORMULAS:
            _refuse_formula(text)

    def _characters(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)

    def begin_field(self) -> None:
        if self.fields:
            self.fields[-1][0].append(NESTED)
        self.fields.append(([], True))

    def close_code(self) -> None:
        if self.fields:
            self.fields[-1] = (self.fields[-1][0], False)

    def end_field(self) -> None:
        if self.fields:
            _refuse_field("".join(self.fields.pop()[0]))


FIELD_ACTIONS: dict[str, Callable[[_Reader], None]] = {
    "begin": _Reader.begin_field,
    "separate": _Reader.close_code,
    "end": _Reader.end_field,
}


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()


def _fetched(attributes: dict[str, str]) -> list[str]:
    """Returns the addresses of what an element shows."""
    return [value for name, value in attributes.items() if _local(name) in ("href", "src")]


def _refuse_relationship(values: dict[str, str]) -> None:
    """Refuses a part that is outside the file, except the target of a hyperlink and Word's own template."""
    if values.get("targetmode", "").lower() != "external":
        return
    kind = values.get("type", "").rpartition("/")[2]
    if kind != "hyperlink" and (kind, values.get("target")) != ("attachedTemplate", "Normal.dotm"):
        raise Fetches(REMOTE)


def _refuse_field(code: str) -> None:
    """Refuses a field of Word by its first word; one whose first word is itself computed hides which field it is."""
    first = code.replace('"', " ").split(maxsplit=1)[:1]
    if first and NESTED in first[0]:
        raise Fetches(DDE)
    if first and (reason := FIELDS.get(first[0].lower())):
        raise Fetches(reason)


def _refuse_formula(formula: str) -> None:
    if code := fetches(formula):
        raise Fetches(code)


def fetches(formula: str) -> str:
    """``DDE`` or ``REMOTE`` if a formula starts a programme or fetches something, else ``""``."""
    calls = QUOTED.sub('""', formula)
    return next((code for pattern, code in FORMULA_CALLS if pattern.search(calls)), "")
