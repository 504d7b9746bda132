"""The text of a file: what search finds in documents. Read within limits, whatever the file is made of.

Archives and plain text are read here, a bounded number of bytes of them. PDF is read by a process of its own, with
little memory and time: what a broken or hostile file does there ends there.
"""

import logging
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.parsers import expat

from fiches.media.documents import BROKEN_ARCHIVE, BYTE_ORDER_MARKS

LONGEST = 200_000
"""Characters kept of one document."""
MOST_BYTES = 8_000_000
"""Bytes of markup looked through in one document."""
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
NOT_READ = {"annotation", "delText", "f", "instrText", "tracked-changes", "v"}
"""Elements that nobody who opens the document reads as its text: what was deleted, remarks, codes, formulas, numbers."""
ENDS = {"br", "c", "h", "line-break", "p", "s", "si", "tab", "table-cell", "tc"}
"""Elements after which a word has ended; others, such as a change of style, may stand inside a word."""

logger = logging.getLogger(__name__)


def text_of(file, extension):
    """The text of an open file on one line, at most LONGEST characters; "" where there is none to be read."""
    if extension == "pdf":
        found = _of_pdf(file)
    elif extension in PARTS:
        found = _of_archive(file, PARTS[extension])
    elif extension in READABLE:
        found = _of_text(file)
    else:
        found = ""
    return " ".join(_joined(found).split())[:LONGEST].replace("\x00", "")


def _joined(text):
    """Words that a line's end cut are whole again."""
    return re.sub(r"(?<=\w)-\s*\n\s*(?=[a-zà-ÿ])", "", text.replace("\u00ad", ""))


def _of_text(file):
    data = file.read(4 * LONGEST)
    encoding = next((name for mark, name in BYTE_ORDER_MARKS.items() if data.startswith(mark)), "utf-8")
    text = data.decode(encoding, "replace")
    return data.decode("cp1252", "replace") if encoding == "utf-8" and "\ufffd" in text[:-4] else text


def _of_archive(file, wanted):
    reader = _MarkupReader()
    try:
        with zipfile.ZipFile(file) as archive:
            for name in sorted(filter(wanted.fullmatch, archive.namelist()), key=_number):
                with archive.open(name) as part:
                    reader.read(part)
    except BROKEN_ARCHIVE:
        pass  # what was read until there is what can be found
    return reader.text


def _number(name):
    """Slides in their order: the tenth after the second."""
    return [int(digits) for digits in re.findall(r"\d+", name)], name


class _MarkupReader:
    """Adds up the text of parts in XML; a part that declares a DTD, which no office does, is not read."""

    def __init__(self):
        self._pieces, self._size, self._left, self._skipped = [], 0, MOST_BYTES, 0

    @property
    def text(self):
        return "".join(self._pieces)

    def read(self, part):
        parser = expat.ParserCreate(namespace_separator="|")
        parser.StartElementHandler = self._begins
        parser.EndElementHandler = self._ends
        parser.CharacterDataHandler = self._adds
        parser.StartDoctypeDeclHandler = self._refuses
        self._skipped = 0
        try:
            while self._left > 0 and self._size < LONGEST and (data := part.read(min(A_PIECE, self._left))):
                self._left -= len(data)
                parser.Parse(data, False)
        except expat.ExpatError as error:
            raise ValueError from error
        self._pieces.append("\n")

    @staticmethod
    def _refuses(*_declaration):
        raise ValueError

    def _begins(self, name, _attributes):
        if self._skipped or name.rpartition("|")[2] in NOT_READ:
            self._skipped += 1

    def _ends(self, name):
        if self._skipped:
            self._skipped -= 1
        elif name.rpartition("|")[2] in ENDS:
            self._pieces.append(" ")

    def _adds(self, data):
        if not self._skipped:
            self._size += len(data)
            self._pieces.append(data)


def _of_pdf(file):
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
