"""Reads the sheets of a CSV or XLSX file as tables of texts. All errors are ValidationErrors."""

import csv
import datetime
import io
import math
import zipfile
from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from typing import Any, BinaryIO, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from fiches.media.documents import BYTE_ORDER_MARKS, check_document
from fiches.spreadsheet_cells import CONTROLS, FORMULA

MOST_BYTES = 10 * 1024 * 1024
# Those beyond are named, and not read.
MOST_SHEETS = 10
MOST_LINES = 20_000
MOST_ROWS = 1_000
MOST_COLUMNS = 120
# The headings are searched in this number of lines.
MOST_ABOVE = 20
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
SEPARATORS = ";,\t|"
UNREADABLE = (
    zipfile.BadZipFile,
    InvalidFileException,
    AttributeError,
    LookupError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
)


class Sheet(NamedTuple):
    """A sheet of a file. Attributes:

    - name: empty for a CSV file;
    - line: the number of the line of the headings;
    - headings: texts;
    - rows: ``[line number in the spreadsheet, [text]]``, without blank rows; empty if the sheet holds no fiches.
    """

    name: str
    line: int
    headings: list[str]
    rows: list[tuple[int, list[str]]]


def read_sheets(file: BinaryIO, knows: Callable[[str], bool]) -> tuple[list[Sheet], int]:
    """Reads a file as :class:`Sheet` objects; also returns the index of the one with the most known headings.

    :param knows: ``knows(heading)`` says whether a heading is known.
    :raises ValidationError: with a message for the user.
    """
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ValidationError(_("This file is too heavy: 10 MB at most."))
    if not data.strip():
        raise ValidationError(_("This file is empty."))
    if data.startswith(OLD_EXCEL):
        raise ValidationError(_("This is the former format of Excel (XLS): save it as XLSX, or as CSV."))
    tables = _workbook(data) if data.startswith(b"PK") else [("", _split(_decoded(data), knows))]
    ranks = [(_headings(lines, knows)[1], len(lines)) for _name, lines in tables]
    best = ranks.index(max(ranks))
    sheets = []
    for index, (name, lines) in enumerate(tables):
        try:
            sheets.append(_as_sheet(name, lines, _headings(lines, knows)[0]))
        except ValidationError:
            if index == best:
                raise
            sheets.append(Sheet(name, 1, [], []))
    if not sheets[best].rows:
        raise ValidationError(_("There is no line below the names of the columns."))
    return sheets, best


def _headings(lines: list[list[str]], knows: Callable[[str], bool]) -> tuple[int, int]:
    """``(index of the line of the headings, number of known ones)``: there may be a title above. If no heading is known, the first
    line that isn't blank."""
    first = [(place, sum(map(knows, filter(None, line)))) for place, line in enumerate(lines[:MOST_ABOVE]) if any(line)]
    return max(first, key=lambda each: each[1], default=(0, 0))


def _decoded(data: bytes) -> str:
    """The text of a CSV file: Unicode with a byte order mark, else UTF-8, else Windows-1252."""
    mark = next((name for mark, name in BYTE_ORDER_MARKS.items() if data.startswith(mark)), None)
    if mark is None and b"\0" in data:
        raise ValidationError(_("This file is not a table: choose a CSV or XLSX file."))
    for encoding in [mark] if mark else ["utf-8", "cp1252"]:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValidationError(_("The text of this file can't be read: save it as CSV UTF-8."))


def _split(text: str, knows: Callable[[str], bool]) -> list[list[str]]:
    """The lines of a CSV file, split by the separator that gives the most known headings, then the most columns."""
    limit = csv.field_size_limit(MOST_BYTES)
    best, lines = (-1, 0), []
    for separator in SEPARATORS:
        with suppress(csv.Error):
            split = [list(map(tidy, line)) for line in csv.reader(io.StringIO(text, newline=""), delimiter=separator)]
            place, known = _headings(split, knows)
            if split and (known, len(split[place])) > best:
                best, lines = (known, len(split[place])), split
    csv.field_size_limit(limit)
    return lines


def _workbook(data: bytes) -> list[tuple[str, list[list[str]]]]:
    sent = io.BytesIO(data)
    sent.name, sent.size = "fiches.xlsx", len(data)  # type: ignore[attr-defined]
    check_document(sent)
    try:
        workbook = load_workbook(sent, read_only=True, data_only=True)
        read, named = workbook.worksheets[:MOST_SHEETS], workbook.worksheets[MOST_SHEETS:]
        return [*((sheet.title, _lines(sheet)) for sheet in read), *((sheet.title, []) for sheet in named)]
    except UNREADABLE:
        raise ValidationError(_("This workbook can't be read: save it again, or as CSV.")) from None


def _lines(sheet: Any) -> list[list[str]]:
    sheet.reset_dimensions()  # some programs write wrong dimensions
    cells = sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True)
    lines = [[tidy(_as_text(value)) for value in row] for row in islice(cells, MOST_LINES)]
    if any(any(row) for row in cells):
        raise ValidationError(_("This sheet has too many lines: keep those of the fiches only."))
    return lines


def _as_text(value: Any) -> str:
    """A cell's value as text: 12.0 is « 12 », True « oui », a date « 2026-11-25 »."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return str(value)


def _as_sheet(name: str, lines: list[list[str]], place: int) -> Sheet:
    """:param place: the index of the line of the headings."""
    headings = lines[place] if lines else []
    rows = [(number, line) for number, line in enumerate(lines[place + 1 :], start=place + 2) if any(line)]
    if len(rows) > MOST_ROWS:
        message = _("This file holds %(number)s fiches: at most %(most)s at a time. Cut it into %(parts)s files.")
        parts = math.ceil(len(rows) / MOST_ROWS)
        raise ValidationError(message % {"number": len(rows), "most": MOST_ROWS, "parts": parts})
    every = [headings, *(line for _number, line in rows)]
    width = max((column for line in every for column, text in enumerate(line, start=1) if text), default=0)
    if width > MOST_COLUMNS:
        raise ValidationError(
            _("At most %(most)s columns: take out those that no template has.") % {"most": MOST_COLUMNS}
        )
    return Sheet(name, place + 1, _resized(headings, width), [(number, _resized(line, width)) for number, line in rows])


def _resized(texts: list[str], width: int) -> list[str]:
    return texts[:width] + [""] * (width - len(texts))


def tidy(text: str) -> str:
    """A cell's text without control characters and the mark of :func:`guarded`, with ``\\n`` as line ends."""
    text = CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return text[1:] if text.startswith("'") and FORMULA.match(text.lstrip("'")) else text


def guarded(text: str) -> str:
    """``text`` with an apostrophe before it if a spreadsheet would run it as a formula; :func:`tidy` reverts it."""
    return f"'{text}" if FORMULA.match(text.lstrip("'")) else text


def cell(column: int, row: int) -> str:
    """The name of a cell, such as ``B12``. ``column`` is its index, from 0; ``row`` its line number, from 1."""
    return f"{get_column_letter(column + 1)}{row}"
