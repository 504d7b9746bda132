"""Reads a CSV file (any encoding and separator) or an XLSX file as a table. All errors are ValidationErrors."""

import csv
import io
import math
import re
import zipfile
from collections.abc import Callable
from typing import Any, NamedTuple
from zipfile import ZipFile

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from fiches.admin.importation.encodings import decodings, refuse_mojibake
from fiches.admin.importation.xlsx_reader import sheets_of
from fiches.media.documents import BROKEN_ARCHIVE
from fiches.spreadsheet_cells import FORMULA

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 2_000
MOST_COLUMNS = 120
# The headings are searched in this number of lines.
MOST_ABOVE = 20
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
SEPARATORS = (";", ",", "\t", "|")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class Table(NamedTuple):
    """A table. Attributes:

    - headings: texts;
    - rows: ``(line number in the spreadsheet, [text])``, without blank rows;
    - line: the number of the line of the headings.
    """

    headings: list
    rows: list
    line: int = 1


def read_table(file: Any, name: str, knows: Callable[..., Any]) -> Table:
    """Reads a file as a :class:`Table`.

    :param knows: ``knows(heading)`` says whether a heading is known. The line of the headings, the separator, the encoding and
        the sheet with the most known headings are chosen.
    :raises ValidationError: with a message for the user.
    """
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ValidationError(_("This file is too heavy: 10 MB at most."))
    if not data.strip():
        raise ValidationError(_("This file is empty."))
    if data.startswith(OLD_EXCEL):
        raise ValidationError(_("This is the former format of Excel (XLS): save it as XLSX, or as CSV."))
    if data.startswith(b"PK"):
        tables = sheets_of(data, most_bytes=MOST_BYTES, most_columns=MOST_COLUMNS)
    else:
        tables = [_split(text, separator) for text in decodings(data) for separator in SEPARATORS]
    rows = max(tables, key=lambda rows: _score(rows, knows), default=[])
    refuse_mojibake("".join(text for row in rows for text in row))
    return _as_table(rows, _line_of_headings(rows, knows))


def _split(text: str, separator: str) -> Any:
    limit = csv.field_size_limit(MOST_BYTES)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        return []
    finally:
        csv.field_size_limit(limit)


def _known(row: list[str], knows: Callable[..., Any]) -> int:
    return sum(1 for heading in row if heading.strip() and knows(heading))


def _line_of_headings(rows: Any, knows: Callable[..., Any]) -> int:
    """The index of the line with the most known headings among the first ones, since there may be a title above. If no heading is
    known, the first line that isn't blank."""
    first = [(place, _known(row, knows)) for place, row in enumerate(rows[:MOST_ABOVE]) if any(map(str.strip, row))]
    return max(first, key=lambda each: each[1], default=(0, 0))[0]


def _score(rows: Any, knows: Callable[..., Any]) -> tuple[int, int]:
    """The rank of a reading: by the number of known headings, then by the number of columns."""
    if not rows:
        return (0, 0)
    headings = rows[_line_of_headings(rows, knows)]
    return _known(headings, knows), len(headings)


def _as_table(rows: Any, place: int) -> Table:
    headings = [tidy(heading) for heading in rows[place]] if rows else []
    if not any(headings):
        raise ValidationError(_("The first line must hold the names of the columns."))
    body = [(number, [tidy(text) for text in row]) for number, row in enumerate(rows[place + 1 :], start=place + 2)]
    body = [(number, texts) for number, texts in body if any(texts)]
    if len(body) > MOST_ROWS:
        message = _("This file holds %(number)s fiches: at most %(most)s at a time. Cut it into %(parts)s files.")
        parts = math.ceil(len(body) / MOST_ROWS)
        raise ValidationError(message % {"number": len(body), "most": MOST_ROWS, "parts": parts})
    if not body:
        raise ValidationError(_("There is no line below the names of the columns."))
    filled = {column for _number, texts in body for column, text in enumerate(texts) if text}
    width = 1 + max(filled | {column for column, heading in enumerate(headings) if heading})
    if width > MOST_COLUMNS:
        raise ValidationError(
            _("At most %(most)s columns: take out those that no template has.") % {"most": MOST_COLUMNS}
        )
    headings = _resized(headings, width)
    return Table(headings, [(number, _resized(texts, width)) for number, texts in body], place + 1)


def _resized(texts: list[str], width: int) -> list[str]:
    """``texts`` cut or filled to ``width``."""
    return texts[:width] + [""] * (width - len(texts))


def tidy(text: str) -> str:
    """A cell's text without control characters and the mark of :func:`guarded`, with ``\\n`` as line ends."""
    text = CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return text[1:] if text.startswith("'") and FORMULA.match(text.lstrip("'")) else text


def guarded(text: str) -> str:
    """``text`` with an apostrophe before it if a spreadsheet would run it as a formula; :func:`tidy` reverts it."""
    return f"'{text}" if FORMULA.match(text.lstrip("'")) else text


def cell(column: int, row: int) -> str:
    """The name of a cell, such as ``B12``.

    :param column: its index, from 0.
    :param row: its line number, from 1.
    """
    return f"{get_column_letter(column + 1)}{row}"


def open_archive(file: Any) -> ZipFile:
    """Opens a ZIP file.

    :raises ValidationError: it isn't one.
    """
    try:
        return zipfile.ZipFile(file)
    except BROKEN_ARCHIVE:
        raise ValidationError(_("This is not a ZIP file.")) from None
