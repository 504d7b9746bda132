"""The same columns, written: the template, and any fiches as CSV or XLSX that an import reads back."""

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast, Coalesce, Greatest, Length
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language, override

from fiches.admin.importation.classeur_ecrit import workbook
from fiches.admin.importation.colonnes import BLOCKS, MOST_IN_A_CELL, columns
from fiches.admin.importation.lecture import guarded
from fiches.models import FichePage
from fiches.models.querysets import joined
from fiches.tableur import csv_lines

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# How many rows are read at once: memory doesn't grow with their number, and SQLite refuses conditions on a thousand keys.
A_TIME = 200


def in_batches(pks: Iterable[int], read) -> Iterator:
    """What ``read(keys)``, a queryset, gives for at most :data:`A_TIME` keys at once, in the order of ``pks``."""
    keys = list(pks)
    for start in range(0, len(keys), A_TIME):
        batch = keys[start : start + A_TIME]
        found = {item.pk: item for item in read(batch)}
        yield from (found[pk] for pk in batch if pk in found)


def rows_of(pks: Iterable[int]) -> Iterator[list[str]]:
    """The headings, then a row for each fiche, as it stands in its latest draft."""
    keys = list(pks)
    known = columns()
    most = max((len(pieces(known[-1].write(fiche))) for fiche in latest_drafts(long_ones(keys))), default=1)
    yield [column.name for column in known] + [f"{BLOCKS} {number}" for number in range(2, most + 1)]
    for fiche in latest_drafts(keys):
        row = [column.write(fiche) for column in known]
        parts = pieces(row[-1])
        texts = [*row[:-1], *parts, *[""] * (most - len(parts))]
        yield [guarded(text) for text in texts]


def long_ones(pks: Iterable[int]) -> Iterator[int]:
    """The fiches whose blocks may need more than one cell, which is told before the first row is written. What is written
    of a text is no longer than what is stored of it."""
    size = Greatest(Length("corps"), Coalesce(Length(Cast("latest_revision__content", TextField())), 0))
    found = FichePage.objects.annotate(size=size).filter(size__gt=MOST_IN_A_CELL).order_by("pk")
    long = set(found.values_list("pk", flat=True))
    return (pk for pk in pks if pk in long)


def latest_drafts(pks: Iterable[int]) -> Iterator[FichePage]:
    """What their editors see: the table's row where nothing is unpublished, else the latest revision."""
    for fiche in in_batches(pks, _whole):
        changed = fiche.has_unpublished_changes and fiche.latest_revision
        yield fiche.latest_revision.as_object() if changed else fiche


def _whole(pks: list[int]) -> QuerySet[FichePage]:
    fiches = FichePage.objects.filter(pk__in=pks).select_related("commune", "partenaire", "edition", "latest_revision")
    return fiches.prefetch_related(
        joined(FichePage, "fiche_criteres", "tag"),
        joined(FichePage, "fiche_mots_cles", "tag"),
        joined(FichePage, "financements", "partenaire"),
    )


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


def template_rows():
    """The names of the columns, with one line to replace."""
    known = [column for column in columns() if column.name != BLOCKS]
    return [[column.name for column in known], [column.example for column in known]]


def response(rows: Iterable[list[str]], kind: str, name: str) -> StreamingHttpResponse:
    """A file to download, « csv » or « xlsx », named after what it holds and the day; it leaves while rows are read."""
    told = in_language(get_language(), rows)
    written = workbook(told) if kind == "xlsx" else csv_lines(told)
    answer = StreamingHttpResponse(written, content_type=TYPES[kind])
    day = timezone.localdate().isoformat()
    answer["Content-Disposition"] = f'attachment; filename="{name}-{day}.{kind}"'
    return answer


def in_language(language: str | None, rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """The rows as this language says them: they are read once the view is left, and its language with it."""
    with override(language):
        yield from rows


def as_csv(rows: Iterable[list[str]]) -> bytes:
    return b"".join(csv_lines(rows))


def as_xlsx(rows: Iterable[list[str]]) -> bytes:
    return b"".join(workbook(rows))
