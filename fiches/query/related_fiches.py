"""Fiches related to one: similar, near, and previous or next in a search. All is read in the register."""

from dataclasses import dataclass
from math import cos, radians
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.http import QueryDict

from fiches import content_site
from fiches.models import Commune, FichePage, Publication
from fiches.models.coordinates import Point
from fiches.publications.index_entries import CRITERE, MOT_CLE
from fiches.publications.text_analysis import STOPWORDS, stem
from fiches.query.expressions import in_box
from fiches.query.fiche_filter import FicheFilter, box_around
from fiches.query.word_search import LATEST

ALIKE = 3
NEAR = 3
NEAR_KM = 30
# Candidates with the most criteria and keywords in common, of which titles and distances are then compared.
COMPARED = 200
# Only the rows of the register written up to this number before and after a fiche's own: its page then costs no more among 50,000
# fiches than among 5,000.
AROUND = 1_000
# Kilometres: farther than any place.
FAR = 100_000.0


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

    Four queries, and those of the search.
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
    return _fiches().filter(object_id=fiche).first()


def _related(pks: set[int]) -> dict[int, Related]:
    """``{key: Related}`` of the visible fiches among ``pks``. One query."""
    commune = Commune.objects.filter(pk=OuterRef("commune")).values("nom")
    rows = _fiches().filter(object_id__in=pks)
    return {
        row[0]: Related(*row)
        for row in rows.values_list("object_id", "url_path", "title", "organisation", Subquery(commune))
    }


def similar(row: Publication) -> list[int]:
    """The keys of the fiches most similar to ``row`` (of the register), in its language: by criteria and keywords in common, then
    by words of the title in common, then by distance. One query."""
    values = Q(values__facet=CRITERE, values__value__in=(row.criteres or "").split())
    values |= Q(values__facet=MOT_CLE, values__value__in=(row.mots_cles or "").split())
    others = _fiches().filter(values, language=row.language, pk__gt=row.pk - AROUND, pk__lt=row.pk + AROUND)
    shares = others.exclude(pk=row.pk).annotate(number=Count("pk")).order_by("-number", "-pk")
    mine, here = _roots(row.folded_title), (row.latitude, row.longitude)
    compared = [
        (-number, -len(mine & _roots(title)), distance(here, (lat, lon)), -pk, key)
        for pk, key, number, title, lat, lon in shares.values_list(
            "pk", "object_id", "number", "folded_title", "latitude", "longitude"
        )[:COMPARED]
    ]
    return _here([key for *_rank, key in sorted(compared)])[:ALIKE]


def _roots(folded_title: str) -> set[str]:
    return {stem(word) for word in folded_title.split() if word not in STOPWORDS}


def nearest(row: Publication) -> list[int]:
    """The keys of the fiches nearest to ``row`` (of the register), in its language, within 30 km. One query."""
    if row.latitude is None or row.longitude is None:
        return []
    here = Point(row.latitude, row.longitude)
    up, right = F("latitude") - here.lat, F("longitude") - here.lon
    others = _fiches().filter(in_box(*box_around(here, NEAR_KM)), language=row.language).exclude(pk=row.pk)
    # A degree of longitude is shorter than one of latitude.
    ordered = others.order_by(up * up + right * right * cos(radians(here.lat)) ** 2, *LATEST)
    places = ordered.values_list("object_id", "latitude", "longitude")[: 4 * NEAR]
    measured = [(distance(here, (lat, lon)), rank, key) for rank, (key, lat, lon) in enumerate(places)]
    return _here([key for far, _rank, key in sorted(measured) if far <= NEAR_KM])[:NEAR]


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


def _fiches() -> QuerySet[Publication]:
    return Publication.objects.visible().filter(kind="fiche")
