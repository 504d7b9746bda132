"""A file as a table: CSV in whatever encoding and separator, or XLSX. Never raises anything but ValidationError."""

import csv
import datetime
import io
import re
import zipfile
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from fiches.documents import BROKEN_ARCHIVE, BYTE_ORDER_MARKS, DocumentLimits, check_document
from fiches.tableur import FORMULA

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 2_000
MOST_COLUMNS = 120
SEPARATORS = (";", ",", "\t", "|")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class Table(NamedTuple):
    """``rows`` are ``(number, [text])`` with the number that a spreadsheet shows; blank ones are left out."""

    headings: list
    rows: list


def read_table(file, name, knows):
    """
    :param knows: ``knows(heading)`` is true of the headings that mean something: they tell which separator is right.
    :raises ValidationError: in words, for who sent it.
    """
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ValidationError(_("This file is too heavy: 10 MB at most."))
    if not data.strip():
        raise ValidationError(_("This file is empty."))
    rows = _from_workbook(data) if data.startswith(b"PK") else _from_text(decode(data), knows)
    return _as_table(rows)


def decode(data):
    """The text of ``data``: by its mark, else as UTF-16 where every other byte is nought, else UTF-8, else Windows'."""
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            return _decoded(data, encoding)
    for encoding, half in (("utf-16-le", data[1:400:2]), ("utf-16-be", data[:400:2])):
        if half and half.count(0) > len(half) * 0.6:
            return _decoded(data, encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(data, "cp1252")


def _decoded(data, encoding):
    try:
        return data.decode(encoding, "strict" if encoding.startswith("utf") else "replace").lstrip("\ufeff")
    except UnicodeDecodeError:
        raise ValidationError(_("The text of this file can't be read: save it as CSV UTF-8.")) from None


def _from_text(text, knows):
    """With the separator that makes the most headings known."""
    return max((_split(text, separator) for separator in SEPARATORS), key=lambda rows: _known(rows, knows))


def _split(text, separator):
    limit = csv.field_size_limit(MOST_BYTES)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        return []
    finally:
        csv.field_size_limit(limit)


def _known(rows, knows):
    first = rows[0] if rows else []
    return sum(1 for heading in first if knows(heading)), len(first)


def _from_workbook(data):
    """The first sheet's values, not its formulas."""
    sent = io.BytesIO(data)
    sent.name, sent.size = "fiches.xlsx", len(data)
    check_document(sent, limits=DocumentLimits(max_bytes=MOST_BYTES, extensions=("xlsx",)))
    try:
        sheet = load_workbook(sent, read_only=True, data_only=True).worksheets[0]
        cells = sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS, values_only=True)
        return [[as_text(value) for value in row] for row in cells]
    except (*BROKEN_ARCHIVE, InvalidFileException, TypeError, AttributeError, SyntaxError):
        raise ValidationError(_("This workbook can't be read: save it again, or as CSV.")) from None


def as_text(value):
    """A cell as people read it: 12.0 is « 12 », a truth « oui », a date « 2026-11-25 »."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return str(value)


def _as_table(rows):
    headings = [tidy(heading) for heading in rows[0][:MOST_COLUMNS]] if rows else []
    while headings and not headings[-1]:
        headings.pop()
    if not headings:
        raise ValidationError(_("The first line must hold the names of the columns."))
    found = []
    for number, row in enumerate(rows[1:], start=2):
        texts = [tidy(text) for text in row[: len(headings)]]
        if any(texts):
            found.append((number, texts + [""] * (len(headings) - len(texts))))
    if len(found) > MOST_ROWS:
        raise ValidationError(_("At most %(most)s fiches at a time: cut the file.") % {"most": MOST_ROWS})
    if not found:
        raise ValidationError(_("There is no line below the names of the columns."))
    return Table(headings, found)


def tidy(text):
    """Without what no keyboard types, with line ends as ``\\n``, and without the mark of :func:`guarded`."""
    text = CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return text[1:] if text.startswith("'") and FORMULA.match(text.lstrip("'")) else text


def guarded(text):
    """A text that no spreadsheet runs, and that :func:`tidy` gives back."""
    return f"'{text}" if FORMULA.match(text.lstrip("'")) else text


def cell(column, row):
    """``B12``, for the second column and the twelfth line."""
    return f"{get_column_letter(column + 1)}{row}"


def open_archive(file):
    """
    :raises ValidationError: no sound ZIP.
    """
    try:
        return zipfile.ZipFile(file)
    except BROKEN_ARCHIVE:
        raise ValidationError(_("This is not a ZIP file.")) from None
