"""Reads the sheets of an XLSX workbook as rows of texts: values instead of formulas, and merged cells repeated downwards."""

import datetime
import io
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
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
# What a cell holds if its formula has no stored result.
NO_RESULT = "#FORMULE!"
UNREADABLE = (*BROKEN_ARCHIVE, InvalidFileException, TypeError, AttributeError, SyntaxError)


def sheets_of(data: Any, *, most_bytes: int, most_columns: int) -> Any:
    """The sheets as lists of rows of texts, without empty rows at the end.

    :param data: the bytes of the file.
    :raises ValidationError: with a message for the user.
    """
    sent = io.BytesIO(data)
    sent.name, sent.size = "fiches.xlsx", len(data)
    check_document(sent, limits=DocumentLimits(max_bytes=most_bytes, extensions=("xlsx",), values_only=True))
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
    merged, without_result = _marks(workbook, sheet)
    for column, row in without_result:
        if row <= len(rows) and column <= len(rows[row - 1]):
            rows[row - 1][column - 1] = NO_RESULT
    filled = 0
    for first_column, first, _last_column, last in merged:
        filled += _fill_down(rows, first_column - 1, first - 1, last)
        if filled > MOST_FILLED:
            raise ValidationError(_("Too many cells of this sheet are merged: separate them."))
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _marks(workbook: Any, sheet: Any) -> tuple[list[tuple[int, int, int, int]], list[tuple[int, int]]]:
    """``(bounds of the merged cells, (column, row) of the cells whose formula gives no value)``, which openpyxl doesn't give in
    read-only mode. A result that is an empty text has a type."""
    merged, without_result = [], []
    formula, value = None, ""
    with workbook._archive.open(sheet._worksheet_path) as part:
        for _event, element in iterparse(part):
            match element.tag.removeprefix(SHEET):
                case "mergeCell":
                    merged.append(range_boundaries(element.get("ref")))
                case "f":
                    formula = element.text or ""
                case "v":
                    value = element.text or ""
                case "c":
                    is_empty = not value and element.get("t") != "str"
                    if formula is not None and element.get("r") and is_empty:
                        without_result.append(range_boundaries(element.get("r"))[:2])
                    formula, value = None, ""
            element.clear()
    return merged, without_result


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
