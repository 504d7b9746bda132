"""Exports of fiches as CSV or XLSX in the columns that an import reads, and the template of an import."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language, override

from fiches.admin.importation.columns import columns
from fiches.admin.importation.reader import guarded
from fiches.models import Commune, FichePage
from fiches.models.querysets import prefetch_joined
from fiches.spreadsheet_cells import csv_lines, xlsx_file

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# Rows read at once: limits the memory, and SQLite refuses conditions on a thousand keys.
A_TIME = 200


def in_batches(pks: Iterable[int], read: Callable[..., Any]) -> Iterator:
    """Yields the objects ``pks`` in their order, read by ``read(keys)`` (an iterable; the last of a key counts) in batches of
    :data:`A_TIME`."""
    keys = list(pks)
    for start in range(0, len(keys), A_TIME):
        batch = keys[start : start + A_TIME]
        objects = {item.pk: item for item in read(batch)}
        yield from (objects[pk] for pk in batch if pk in objects)


def keys_of(queryset: QuerySet) -> list[int]:
    """The primary keys of a queryset, in its order."""
    return list(queryset.prefetch_related(None).values_list("pk", flat=True))


def rows_of(pks: Iterable[int]) -> Iterator[list[str]]:
    """Yields the headings, then a row for the latest draft of each fiche."""
    known = columns()
    yield [column.name for column in known]
    for fiche in latest_drafts(pks):
        yield [guarded(column.write(fiche, column.field)) for column in known]


def latest_drafts(pks: Iterable[int]) -> Iterator[FichePage]:
    """Yields the latest draft of each fiche: the row of the table if it has no unpublished changes, else the latest revision."""
    for fiche in in_batches(pks, _rows):
        changed = fiche.has_unpublished_changes and fiche.latest_revision
        yield fiche.latest_revision.as_object() if changed else fiche


def _rows(pks: list[int]) -> QuerySet[FichePage]:
    fiches = FichePage.objects.filter(pk__in=pks).select_related("commune", "partenaire", "edition", "latest_revision")
    return fiches.prefetch_related(
        prefetch_joined(FichePage, "fiche_criteres", "tag"),
        prefetch_joined(FichePage, "fiche_mots_cles", "tag"),
        prefetch_joined(FichePage, "financements", "partenaire"),
    )


def template_rows() -> list[list[str]]:
    """The rows of the template: the headings, and one row of examples."""
    known = columns()
    commune = Commune.objects.example()
    of_territory = {"commune": commune.nom, "code_postal": commune.codes_postaux[0]}
    return [[column.name for column in known], [of_territory.get(column.field, column.example) for column in known]]


def response(rows: Iterable[list[str]], kind: str, name: str) -> StreamingHttpResponse:
    """A file to download, ``"csv"`` or ``"xlsx"``, called ``name`` with the date. A CSV file is streamed."""
    filename = f"{name}-{timezone.localdate().isoformat()}.{kind}"
    if kind == "xlsx":
        return FileResponse(xlsx_file(rows), as_attachment=True, filename=filename, content_type=TYPES[kind])
    download = StreamingHttpResponse(csv_lines(in_language(get_language(), rows)), content_type=TYPES[kind])
    download["Content-Disposition"] = f'attachment; filename="{filename}"'
    return download


def in_language(language: str | None, rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """Yields ``rows`` with this language active: a streamed response is read after the view, whose language is no longer
    active."""
    with override(language):
        yield from rows
