"""Writes an XLSX workbook as a stream. openpyxl outputs nothing before the last row, and with 50,000 rows a proxy would time
out."""

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from fiches.spreadsheet_cells import CONTROLS

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
SHEET = "xl/worksheets/sheet1.xml"
# The minimal parts of a workbook (ECMA-376). The second style is bold, for the headings.
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{KIND}.styles+xml"/>'
    f'<Override PartName="/{SHEET}" ContentType="{KIND}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{DOCUMENT}"><sheets>'
    '<sheet name="Fiches" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{DOCUMENT}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><fonts count="2"><font><sz val="11"/></font>'
    '<font><b/><sz val="11"/></font></fonts><fills count="1"><fill><patternFill/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf xfId="0"/><xf xfId="0" fontId="1" applyFont="1"/></cellXfs></styleSheet>',
}
A_PART = 64 * 1024


class OutputBuffer:
    """A write-only file for ``ZipFile``; :meth:`take` returns and removes what was written."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def write(self, data: bytes) -> int:
        self.waiting += data
        return len(data)

    def flush(self) -> None:
        """Does nothing; ``ZipFile`` requires it."""

    def take(self) -> bytes:
        data, self.waiting = bytes(self.waiting), bytearray()
        return data


def workbook(rows: Iterable[list[str]]) -> Iterator[bytes]:
    """Yields the bytes of an XLSX file with one sheet; the first row is bold. All cells are texts, so none is run as a
    formula."""
    output = OutputBuffer()
    with ZipFile(output, "w", ZIP_DEFLATED) as archive:
        for path, text in PARTS.items():
            archive.writestr(path, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{text}')
        with archive.open(SHEET, "w") as sheet:
            sheet.write(f'<worksheet xmlns="{MAIN}"><sheetData>'.encode())
            for number, row in enumerate(rows):
                sheet.write(_row(row, style=int(number == 0)).encode())
                if len(output.waiting) > A_PART:
                    yield output.take()
            sheet.write(b"</sheetData></worksheet>")
    yield output.take()


def _row(row: list[str], *, style: int) -> str:
    return f"<row>{''.join(_cell(text, style) for text in row)}</row>"


def _cell(text: str, style: int) -> str:
    if not text:
        return "<c/>"
    written = escape(CONTROLS.sub("", text)).replace("\r", "&#13;")
    return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{written}</t></is></c>'
