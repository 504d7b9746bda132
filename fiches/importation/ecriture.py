"""The same columns, written: the template, and any fiches as CSV or XLSX that an import reads back."""

import csv
import io

from django.http import HttpResponse
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from fiches.importation.colonnes import BLOCKS, MOST_IN_A_CELL, columns
from fiches.importation.lecture import guarded
from fiches.querysets import joined

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def rows_of(fiches):
    """The headings, then a row for each fiche, as it stands in its latest draft."""
    known = columns()
    rows = [[column.write(fiche) for column in known] for fiche in latest_drafts(fiches)]
    cut = [pieces(row[-1]) for row in rows]
    most = max(map(len, cut), default=1)
    yield [column.name for column in known] + [f"{BLOCKS} {number}" for number in range(2, most + 1)]
    for row, parts in zip(rows, cut, strict=True):
        texts = [*row[:-1], *parts, *[""] * (most - len(parts))]
        yield [guarded(text) for text in texts]


def pieces(text):
    """Parts that fit in cells, none of which begins or ends with a space, which readers of cells drop."""
    parts = []
    while len(text) > MOST_IN_A_CELL:
        end = MOST_IN_A_CELL
        while end > 1 and (text[end].isspace() or text[end - 1].isspace()):
            end -= 1
        parts.append(text[:end])
        text = text[end:]
    return [*parts, text]


def latest_drafts(fiches):
    """What their editors see: the table's row where nothing is unpublished, else the latest revision."""
    model = fiches.model
    read = fiches.select_related("commune", "partenaire", "edition", "latest_revision").prefetch_related(
        joined(model, "fiche_criteres", "tag"),
        joined(model, "fiche_mots_cles", "tag"),
        joined(model, "financements", "partenaire"),
    )
    for fiche in read:
        changed = fiche.has_unpublished_changes and fiche.latest_revision
        yield fiche.latest_revision.as_object() if changed else fiche


def template_rows():
    """The names of the columns, with one line to replace."""
    known = [column for column in columns() if column.name != BLOCKS]
    return [[column.name for column in known], [column.example for column in known]]


def response(rows, kind, name):
    """A file to download, « csv » or « xlsx », named after what it holds and the day."""
    written = as_xlsx(rows, name) if kind == "xlsx" else as_csv(rows)
    answer = HttpResponse(written, content_type=TYPES[kind])
    day = timezone.localdate().isoformat()
    answer["Content-Disposition"] = f'attachment; filename="{name}-{day}.{kind}"'
    return answer


def as_csv(rows):
    """With the mark by which Excel reads UTF-8, and the separator that it takes in French."""
    output = io.StringIO(newline="")
    csv.writer(output, delimiter=";").writerows(rows)
    return output.getvalue().encode("utf-8-sig")


def as_xlsx(rows, name="fiches"):
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(name)
    for number, row in enumerate(rows):
        cells = [WriteOnlyCell(sheet, value=text) for text in row]
        for each in cells:
            each.data_type = "s"
            each.font = Font(bold=number == 0)
        sheet.append(cells)
    output = io.BytesIO()
    workbook.save(output)
    return output.getvalue()
