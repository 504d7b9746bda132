"""How many public fiches have each value of a facet. The ledger keeps the numbers, so that no page counts all fiches."""

from collections import Counter
from collections.abc import Iterable, Iterator

from django.utils import timezone

from fiches.models import Publication, PublicationCount
from fiches.models.bulk import delete_rows
from fiches.models.location import Point
from fiches.publications.index_entries import CRITERE, FINANCEUR, MOT_CLE
from fiches.publications.version import memoize

# The facet, and value, that all fiches have; the value of it that those with a position have.
ALL, LOCATED = "all", "located"
# The facet of positions: degrees of latitude and longitude, to a hundredth.
PLACE = "place"
COLUMNS = ("departement", "sphere", "statut", "tranche", "edition", "partenaire")
# The facets of the filters; their values are few, unlike those of places.
FACETS = (ALL, *COLUMNS, CRITERE, MOT_CLE)
KEY = ("facet", "value", "url_path", "language")
A_BATCH = 200

# A row of the register, and its values of facets: ``{(facet, value)}``.
Counted = tuple[Publication, Iterable[tuple[str, str]]]


def count(*, added: Iterable[Counted], removed: Iterable[Counted]) -> None:
    """Updates the numbers; the caller holds the lock of the version."""
    moved = Counter(_keys(added))
    moved.subtract(Counter(_keys(removed)))
    changes = {key: number for key, number in moved.items() if number}
    if not changes:
        return
    facets, values = ({key[place] for key in changes} for place in (0, 1))
    rows = PublicationCount.objects.filter(facet__in=facets, value__in=values)
    known = {tuple(key): number for *key, number in rows.values_list(*KEY, "number")}
    _write({key: known.get(key, 0) + number for key, number in changes.items()})


def recount(fiches: Iterable[Publication]) -> None:
    """Writes all numbers from the rows of the public fiches."""
    delete_rows(PublicationCount.objects.all())
    _write(Counter(_keys((row, values_of(row)) for row in fiches)))


def numbers(language: str, *facets: str) -> dict[str, Counter[str]]:
    """``{facet: {stored value: number of fiches}}``, in a language, of the site of the request. Cached until the version changes.

    :param facets: by default, those of the filters, and :data:`ALL`.
    """
    facets = facets or FACETS
    return memoize(("numbers", language, facets), lambda: _read(language, facets))


def places(language: str) -> list[Point]:
    """Where public fiches are, to a hundredth of a degree; each place once."""
    read = numbers(language, PLACE)[PLACE]
    return memoize(
        ("places", language), lambda: [Point(*map(float, place.split())) for place, number in read.items() if number]
    )


def _read(language: str, facets: tuple[str, ...]) -> dict[str, Counter[str]]:
    read: dict[str, Counter[str]] = {facet: Counter() for facet in facets}
    kept = PublicationCount.objects.here(language).filter(facet__in=facets, number__gt=0)
    for facet, value, number in kept.values_list("facet", "value", "number"):
        read[facet][value] += number
    # An expiry writes nothing, until the scheduler withdraws the page. A condition on the kind would cost reading all fiches.
    expired = Publication.objects.here(language).filter(withdrawn_at=None, expires_at__lte=timezone.now())
    fiches = (row for row in expired.prefetch_related("values") if row.kind == "fiche")
    for facet, value, *_where in _keys((row, values_of(row)) for row in fiches):
        if facet in read:
            read[facet][value] -= 1
    return read


def values_of(row: Publication) -> set[tuple[str, str]]:
    """The values of the facets of a row, of which they are prefetched: ``{(facet, value)}``."""
    return {(each.facet, each.value) for each in row.values.all()}


def _keys(rows: Iterable[Counted]) -> Iterator[tuple[str, str, str, str]]:
    """What each row counts for, in the order of :data:`KEY`."""
    for row, values in rows:
        pairs = {(ALL, ALL), *((name, getattr(row, name)) for name in (*COLUMNS, "commune"))}
        pairs |= {(facet, value) for facet, value in values if facet in (CRITERE, MOT_CLE, FINANCEUR)}
        if row.latitude is not None and row.longitude is not None:
            pairs |= {(ALL, LOCATED), (PLACE, f"{row.latitude:.2f} {row.longitude:.2f}")}
        above = row.url_path.rstrip("/").rpartition("/")[0] + "/"
        for facet, value in pairs:
            if value:
                yield facet, value, above, row.language


def _write(numbers: dict[tuple[str, ...], int]) -> None:
    rows = [PublicationCount(**dict(zip(KEY, key, strict=True)), number=number) for key, number in numbers.items()]
    PublicationCount.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=KEY, update_fields=["number"], batch_size=A_BATCH
    )
