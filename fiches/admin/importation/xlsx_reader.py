"""Reads the sheets of an XLSX workbook as rows of texts: values instead of formulas, and merged cells repeated downwards."""

import datetime
import io
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml.functions import iterparse

from fiches.media.documents import BROKEN_ARCHIVE, DocumentLimits, check_document

MOST_SHEETS = 10
MOST_LINES = 20_000
MOST_FILLED = 100_000
MERGED = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}mergeCell"
UNREADABLE = (*BROKEN_ARCHIVE, InvalidFileException, TypeError, AttributeError, SyntaxError)


def sheets_of(data: Any, *, most_bytes: int, most_columns: int) -> Any:
    """The sheets as lists of rows of texts, without empty rows at the end.

    :param data: the bytes of the file.
    :raises ValidationError: with a message for the user.
    """
    sent = io.BytesIO(data)
    sent.name, sent.size = "fiches.xlsx", len(data)
    check_document(sent, limits=DocumentLimits(max_bytes=most_bytes, extensions=("xlsx",)))
    try:
        workbook = load_workbook(sent, read_only=True, data_only=True)
        return [_rows(workbook, sheet, most_columns) for sheet in workbook.worksheets[:MOST_SHEETS]]
    except UNREADABLE:
        raise ValidationError(_("This workbook can't be read: save it again, or as CSV.")) from None


def _rows(workbook: Any, sheet: Any, most_columns: int) -> Any:
    sheet.reset_dimensions()  # some programs write wrong dimensions
    cells = sheet.iter_rows(max_col=most_columns + 1, values_only=True)
    rows = [[as_text(value) for value in row] for row in islice(cells, MOST_LINES)]
    if any(any(row) for row in cells):
        raise ValidationError(_("This sheet has too many lines: keep those of the fiches only."))
    filled = 0
    for first_column, first, _last_column, last in _merged(workbook, sheet):
        filled += _fill_down(rows, first_column - 1, first - 1, last)
        if filled > MOST_FILLED:
            raise ValidationError(_("Too many cells of this sheet are merged: separate them."))
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _merged(workbook: Any, sheet: Any) -> Iterator[tuple[int, int, int, int]]:
    """Yields the bounds of the merged cells, which openpyxl doesn't give in read-only mode."""
    with workbook._archive.open(sheet._worksheet_path) as part:
        for _event, element in iterparse(part):
            if element.tag == MERGED:
                yield range_boundaries(element.get("ref"))
            element.clear()


def _fill_down(rows: Any, column: int, first: int, last: int) -> int:
    """Copies the value of a merged cell into the rows below that it covers. Returns the number of these rows."""
    if first >= len(rows) or column >= len(rows[first]):
        return 0
    below = rows[first + 1 : last]
    for row in below:
        if column < len(row):
            row[column] = row[column] or rows[first][column]
    return len(below)


def as_text(value: str | None) -> str:
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
