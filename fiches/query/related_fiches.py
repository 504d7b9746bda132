"""Fiches related to one: similar, near, and previous or next in a search. All is read in the register."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from math import cos, radians
from typing import Any

from django.db.models import Count, F, OuterRef, Subquery
from django.http import QueryDict
from django.utils import timezone

from fiches import content_site
from fiches.models import Commune, FichePage, Publication, PublicationValue
from fiches.models.coordinates import Point
from fiches.models.prepared_query import PreparedQuery
from fiches.publications.index_entries import CRITERE, MOT_CLE
from fiches.publications.text_analysis import STOPWORDS, stem
from fiches.query.expressions import in_box, listed, listed_pairs
from fiches.query.fiche_filter import FicheFilter, box_around
from fiches.query.word_search import LATEST

ALIKE = 3
NEAR = 3
NEAR_KM = 30
# Looked for first: where fiches are dense, a small box spares measuring thousands.
CLOSE_KM = 3
# Candidates with the most criteria and keywords in common, of which titles and distances are then compared.
COMPARED = 200
# Only the rows of the register written up to this number before and after a fiche's own: its page then costs no more among 50,000
# fiches than among 5,000.
AROUND = 1_000
MOST = ALIKE + NEAR + 2
# Kilometres: farther than any place.
FAR = 100_000.0
KEYS = [f"key_{number}" for number in range(MOST)]


# Latitude and longitude, in degrees; None where there is no position.
Place = tuple[float | None, float | None]


@dataclass
class Related:
    """What a link to a related fiche shows. ``url_path``: its path in the tree; ``commune``: a name, or None; ``adresse``: written by
    whoever has the request."""

    pk: int
    url_path: str
    title: str
    organisation: str
    commune: str | None
    adresse: str | None = None


def around_fiche(fiche: FichePage, query: QueryDict) -> dict[str, Any]:
    """``{"similaires", "proches", "precedente", "suivante", "suite"}`` for the page of a fiche, each of :class:`Related`; empty if it
    isn't public.

    :param query: the ``QueryDict`` of the page's address. If it holds a search, ``precedente`` and ``suivante`` are the
        neighbours in its results, and ``suite`` is its query string for the links to them.

    Five or six queries, and those of the search.
    """
    row = row_of(fiche.pk)
    if row is None:
        return {}
    alike, near = similar(row), nearest(row)
    before, after, suite = _in_search(fiche, query) if query else (None, None, "")
    wanted = {key for key in (*alike, *near, before, after) if key is not None}
    fiches = _related(wanted) if wanted else {}
    return {
        "similaires": [fiches[key] for key in alike if key in fiches],
        "proches": [fiches[key] for key in near if key in fiches],
        "precedente": before and fiches.get(before),
        "suivante": after and fiches.get(after),
        "suite": suite,
    }


def row_of(fiche: int) -> Publication | None:
    """Returns the row of the register of a visible fiche, with the columns that :func:`similar` and :func:`nearest` compare, or
    ``None``. One query.

    :param fiche: its primary key.
    """
    return next(iter(_rows(fiche=fiche, now=timezone.now())), None)


def _related(pks: set[int]) -> dict[int, Related]:
    """``{key: Related}`` of the visible fiches among ``pks`` (at most :data:`MOST`). One query."""
    keys = [*pks, *[-1] * (MOST - len(pks))]
    rows = _links(now=timezone.now(), **dict(zip(KEYS, keys, strict=True)))
    return {row[0]: Related(*row) for row in rows}


def similar(row: Publication) -> list[int]:
    """The keys of the fiches most similar to ``row`` (of the register), in its language: by criteria and keywords in common, then
    by words of the title in common, then by distance. Two queries; the first reads an index only."""
    values = [[CRITERE, key] for key in (row.criteres or "").split()]
    values += [[MOT_CLE, key] for key in (row.mots_cles or "").split()]
    bounds = {"after": row.pk - AROUND, "before": row.pk + AROUND}
    shares = dict(_shared(row=row.pk, values=json.dumps(values), **bounds)) if values else {}
    if not shares:
        return []
    others = _compared(language=row.language, keys=json.dumps(list(shares)), now=timezone.now())
    least = min(sorted((shares[pk] for pk, *_rest in others), reverse=True)[:ALIKE], default=0)
    mine, here = _roots(row.folded_title), (row.latitude, row.longitude)
    compared = [
        (-shares[pk], -len(mine & _roots(title)), distance(here, place), -pk, key)
        for pk, key, title, *place in others
        if shares[pk] >= least
    ]
    return _here([key for *_rank, key in sorted(compared)])[:ALIKE]


def _roots(folded_title: str) -> set[str]:
    return {stem(word) for word in folded_title.split() if word not in STOPWORDS}


def nearest(row: Publication) -> list[int]:
    """The keys of the fiches nearest to ``row`` (of the register), in its language, within 30 km. One query where fiches are
    dense, else two."""
    if row.latitude is None or row.longitude is None:
        return []
    here, neighbours = Point(row.latitude, row.longitude), []
    for km in (CLOSE_KM, NEAR_KM):
        west, south, east, north = box_around(here, km)
        first = _within(
            row=row.pk,
            language=row.language,
            now=timezone.now(),
            west=west,
            south=south,
            east=east,
            north=north,
            lat=here.lat,
            lon=here.lon,
            wide=cos(radians(here.lat)) ** 2,
        )
        measured = [(distance(here, place), rank, key) for rank, (key, *place) in enumerate(first)]
        neighbours = _here([key for far, _rank, key in sorted(measured) if far <= km])[:NEAR]
        if len(neighbours) == NEAR:
            break
    return neighbours


def _here(keys: list[int]) -> list[int]:
    """The keys of fiches among these that are of the site that the request is for, in their order. No query with one site."""
    if not keys or not content_site.has_several():
        return keys
    rows = Publication.objects.fiches_here().filter(object_id__in=keys)
    mine = set(rows.values_list("object_id", flat=True))
    return [key for key in keys if key in mine]


def distance(one: Place, other: Place) -> float:
    """Kilometres between two places, ``(latitude, longitude)``; :data:`FAR` if one has no position."""
    (lat, lon), (other_lat, other_lon) = one, other
    if lat is None or lon is None or other_lat is None or other_lon is None:
        return FAR
    return Point(lat, lon).distance(Point(other_lat, other_lon))


def _in_search(fiche: FichePage, query: QueryDict) -> tuple[int | None, int | None, str]:
    """``(key of the previous fiche, key of the next one, query string)`` in the search ``query``; ``(None, None, "")`` if
    there is none, or the fiche isn't in its results."""
    fiche_filter = FicheFilter.parse(query)
    suite = fiche_filter.querystring(sans=("page", "par_page"))
    if not suite or fiche.pk not in fiche_filter.ids:
        return None, None, ""
    place = fiche_filter.ids.index(fiche.pk)
    return (
        fiche_filter.ids[place - 1] if place else None,
        next(iter(fiche_filter.ids[place + 1 : place + 2]), None),
        suite,
    )


def _fiches(now: Any, **which: Any) -> Any:
    return Publication.objects.visible(now).filter(kind="fiche", **which)


def _sharing(row: Any, values: Any, after: Any, before: Any) -> Any:
    """``(key of a row, number of values in common)`` for the rows between two keys that have some of these values (JSON,
    ``[[facet, key]]``)."""
    alike = PublicationValue.objects.filter(listed_pairs("facet", "value", values))
    others = alike.filter(publication__gt=after, publication__lt=before).exclude(publication=row).order_by()
    most = others.values("publication").annotate(number=Count("pk")).order_by("-number", "-publication")
    return most.values_list("publication", "number")[:COMPARED]


def _by_distance(
    row: Any, language: Any, now: Any, west: Any, south: Any, east: Any, north: Any, lat: Any, lon: Any, wide: Any
) -> Any:
    """``(key, latitude, longitude)`` of the fiches in a box, the nearest to a place first. ``wide``: square of the length of a
    degree of longitude, that of latitude being 1."""
    up, right = F("latitude") - lat, F("longitude") - lon
    rows = _fiches(now, language=language).exclude(pk=row).filter(in_box(west, south, east, north))
    ordered = rows.order_by(up * up + right * right * wide, *LATEST)
    return ordered.values_list("object_id", "latitude", "longitude")[: 4 * NEAR]


NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_rows = PreparedQuery(
    lambda fiche, now: _fiches(now, object_id=fiche).only(
        "object_id", "language", "folded_title", "latitude", "longitude", "criteres", "mots_cles"
    ),
    fiche=9_999_999_999,  # this column holds no negative number
    now=NEVER,
)
_shared = PreparedQuery(_sharing, row=-1, values='[["?", "-2"]]', after=-3, before=-4)
_compared = PreparedQuery(
    lambda language, keys, now: (
        Publication.objects.visible(now)
        .filter(language=language, pk__in=listed(keys, "bigint"))
        .values_list("pk", "object_id", "folded_title", "latitude", "longitude")
    ),
    language="?",
    keys="[-1]",
    now=NEVER,
)
_within = PreparedQuery(
    _by_distance,
    row=-1,
    language="?",
    now=NEVER,
    west=-0.1,
    south=-0.2,
    east=-0.3,
    north=-0.4,
    lat=-0.5,
    lon=-0.6,
    wide=-0.7,
)
_name_of_commune = Commune.objects.filter(pk=OuterRef("commune")).values("nom")
_links = PreparedQuery(
    lambda now, **keys: _fiches(now, object_id__in=keys.values()).values_list(
        "object_id", "url_path", "title", "organisation", Subquery(_name_of_commune)
    ),
    now=NEVER,
    **{key: 9_999_999_990 - number for number, key in enumerate(KEYS)},
)
