"""Extracts the text of documents for the search, within limits of size and time.

Archives and plain text are read here, up to a number of bytes. PDF is read in a separate process with limited memory and time,
so that a broken or hostile file can't harm this one.
"""

import logging
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from re import Pattern
from typing import Any
from xml.parsers import expat

from fiches.media.documents import BROKEN_ARCHIVE, BYTE_ORDER_MARKS

# Characters returned of one document, at most.
LONGEST = 200_000
# Bytes of XML parsed in one document, at most.
MOST_BYTES = 8_000_000
A_PIECE = 65_536
SECONDS = 30
PDF_READER = Path(__file__).with_name("pdf_text.py")

PARTS = {  # the files of an archive that hold its text
    "docx": re.compile(r"word/(document|footnotes|endnotes)\.xml"),
    "odp": re.compile(r"content\.xml"),
    "ods": re.compile(r"content\.xml"),
    "odt": re.compile(r"content\.xml"),
    "pptx": re.compile(r"ppt/slides/slide\d+\.xml"),
    "xlsx": re.compile(r"xl/(sharedStrings|worksheets/sheet\d+)\.xml"),
}
READABLE = ("csv", "pdf", "txt", *PARTS)
# Elements whose content is left out: deleted text, comments, field codes, formulas, numbers.
NOT_READ = {"annotation", "delText", "f", "instrText", "tracked-changes", "v"}
# Elements that end a word; others, such as a change of style, may stand inside a word.
ENDS = {"br", "c", "h", "line-break", "p", "s", "si", "tab", "table-cell", "tc"}

logger = logging.getLogger(__name__)


def text_of(file: Any, extension: str) -> str:
    """The text of an open file on one line, at most ``LONGEST`` characters; ``""`` for a format that can't be read.

    :param extension: of the file, in lower case, without the full stop.
    """
    if extension == "pdf":
        text = _of_pdf(file)
    elif extension in PARTS:
        text = _of_archive(file, PARTS[extension])
    elif extension in READABLE:
        text = _of_text(file)
    else:
        text = ""
    return " ".join(_without_hyphenation(text).split())[:LONGEST].replace("\x00", "")


def _without_hyphenation(text: str) -> str:
    """Joins words that are hyphenated at the end of a line, and removes soft hyphens."""
    return re.sub(r"(?<=\w)-\s*\n\s*(?=[a-zà-ÿ])", "", text.replace("\u00ad", ""))


def _of_text(file: Any) -> str:
    data = file.read(4 * LONGEST)
    encoding = next((name for mark, name in BYTE_ORDER_MARKS.items() if data.startswith(mark)), "utf-8")
    text = data.decode(encoding, "replace")
    return data.decode("cp1252", "replace") if encoding == "utf-8" and "\ufffd" in text[:-4] else text


def _of_archive(file: Any, wanted: Pattern) -> str:
    reader = _MarkupReader()
    try:
        with zipfile.ZipFile(file) as archive:
            for name in sorted(filter(wanted.fullmatch, archive.namelist()), key=_number):
                with archive.open(name) as part:
                    reader.read(part)
    except BROKEN_ARCHIVE:
        pass  # the text read before the error is used
    return reader.text


def _number(name: str) -> tuple[list[int], str]:
    """Sort key of a part's name by its numbers: slide 10 comes after slide 2."""
    return [int(digits) for digits in re.findall(r"\d+", name)], name


class _MarkupReader:
    """Collects the text of XML parts. A part with a DTD is refused (entity expansion); no office suite writes one."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._size, self._left, self._skipped = 0, MOST_BYTES, 0

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    def read(self, part: Any) -> None:
        parser = expat.ParserCreate(namespace_separator="|")
        parser.StartElementHandler = self._start_element
        parser.EndElementHandler = self._end_element
        parser.CharacterDataHandler = self._add_text
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._skipped = 0
        try:
            while self._left > 0 and self._size < LONGEST and (data := part.read(min(A_PIECE, self._left))):
                self._left -= len(data)
                parser.Parse(data, False)
        except expat.ExpatError as error:
            raise ValueError from error
        self._pieces.append("\n")

    @staticmethod
    def _refuse_doctype(*_declaration: int | str | None) -> None:
        raise ValueError

    def _start_element(self, name: str, _attributes: dict[str, str]) -> None:
        if self._skipped or name.rpartition("|")[2] in NOT_READ:
            self._skipped += 1

    def _end_element(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
        elif name.rpartition("|")[2] in ENDS:
            self._pieces.append(" ")

    def _add_text(self, data: str) -> None:
        if not self._skipped:
            self._size += len(data)
            self._pieces.append(data)


def _of_pdf(file: Any) -> str:
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(PDF_READER), str(2 * LONGEST)],
            input=file.read(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        logger.warning("document_unread", extra={"reason": "too slow"})
        return ""
    return done.stdout.decode("utf-8", "replace")
