"""Cells, CSV files and XLSX files for spreadsheets, protected against formula injection."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from wagtail.admin.views.mixins import SpreadsheetExportMixin

FORMULA = re.compile(r"^\s*[=+\-@\t\r\n|%＝＋－＠]")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def escape_formula(value: Any) -> Any:
    """``value`` with an apostrophe before it if it is a text that a spreadsheet would run as a formula. Control characters are
    removed; values of other types are returned as they are."""
    if not isinstance(value, str):
        return value
    text = CONTROLS.sub("", value)
    return f"'{text}" if FORMULA.match(text) else text


class EscapedExport:
    """Mixin of a view of Wagtail's that exports a list, before it: no text of its CSV file is run as a formula."""

    custom_value_preprocess = {**SpreadsheetExportMixin.custom_value_preprocess, str: {"csv": escape_formula}}


def csv_lines(rows: Iterable[list[str]]) -> Iterator[bytes]:
    """Yields a CSV file line by line, for Excel in French: with a UTF-8 byte order mark and semicolons."""
    line = io.StringIO(newline="")
    writer = csv.writer(line, delimiter=";")
    mark = "\ufeff"
    for row in rows:
        writer.writerow(row)
        yield (mark + line.getvalue()).encode()
        mark = ""
        line.seek(0)
        line.truncate()


def xlsx_file(rows: Iterable[list[str]]) -> io.BytesIO:
    """Returns an XLSX file with one sheet. Each cell is a text, so none is run as a formula."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Fiches")
    for row in rows:
        cells = [WriteOnlyCell(sheet, CONTROLS.sub("", text) or None) for text in row]
        for cell in cells:
            cell.data_type = "s" if cell.value else "n"
        sheet.append(cells)
    file = io.BytesIO()
    workbook.save(file)
    file.seek(0)
    return file
