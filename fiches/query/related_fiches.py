"""Fiches related to one: similar, near, and previous or next in a search. All is read in the register."""

from collections.abc import Collection
from heapq import nsmallest
from operator import itemgetter
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict

from fiches.models import FichePage, Publication, PublicationValue
from fiches.models.location import Point
from fiches.publications.counts import numbers, places
from fiches.publications.index_entries import CRITERE, MOT_CLE
from fiches.query.fiche_filter import PLACE, FicheFilter, box_around, in_box
from fiches.query.word_search import LATEST

ALIKE = 3
NEAR = 3
NEAR_KM = 30
LOOKED_AT = 300
# How far a fiche may be from its place to a hundredth of a degree.
ROUNDED_KM = 1


def around_fiche(fiche: FichePage, query: QueryDict) -> dict[str, Any]:
    """``{"similaires", "proches", "precedente", "suivante", "suite"}`` for the page of a fiche, each of pages; empty if it isn't
    public.

    :param query: the ``QueryDict`` of the page's address. If it holds a search, ``precedente`` and ``suivante`` are the
        neighbours in its results, and ``suite`` is its query string for the links to them.

    Five queries, and those of the search.
    """
    row = row_of(fiche.pk)
    if row is None:
        return {}
    alike = similar(row)
    near = nearest(row, without=alike)
    before, after, suite = _in_search(fiche, query) if query else (None, None, "")
    wanted = {key for key in (*alike, *near, before, after) if key is not None}
    fiches = FichePage.objects.visible().for_cards().in_bulk(wanted)
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
    rows = Publication.objects.visible().filter(kind="fiche", object_id=fiche)
    return rows.only("language", "criteres", "mots_cles", *PLACE).first()


def similar(row: Publication) -> list[int]:
    """The keys of the fiches most similar to ``row`` (of the register), in its language: by criteria and keywords in common, the latest
    first. Compares the latest :data:`LOOKED_AT` that have one of its rarest values, so that the time does not grow with the number of
    fiches. One query."""
    whole, own = numbers(row.language), _values(row.criteres, row.mots_cles)
    rare, looked_at = Q(pk=None), 0
    for number, facet, key in sorted((whole[facet][key], facet, key) for facet, key in own):
        if not looked_at or looked_at + number <= LOOKED_AT:
            rare, looked_at = rare | Q(facet=facet, value=key), looked_at + number
    latest = PublicationValue.objects.filter(rare).order_by("-publication").values("publication")[:LOOKED_AT]
    others = _fiches(row.language).filter(pk__in=latest).exclude(pk=row.pk)
    compared = others.order_by(*LATEST).values_list("object_id", "criteres", "mots_cles")
    shared = [(len(own & _values(criteria, keywords)), key) for key, criteria, keywords in compared]
    return [key for _number, key in sorted(shared, key=itemgetter(0), reverse=True)[:ALIKE]]


def _values(criteria: str | None, keywords: str | None) -> set[tuple[str, str]]:
    texts = ((CRITERE, criteria), (MOT_CLE, keywords))
    return {(facet, key) for facet, text in texts for key in (text or "").split()}


def nearest(row: Publication, *, without: Collection[int] = ()) -> list[int]:
    """The keys of the fiches nearest to ``row`` (of the register), in its language, within 30 km. One query.

    :param without: keys of fiches to leave out.
    """
    if row.latitude is None or row.longitude is None:
        return []
    here, wanted = Point(row.latitude, row.longitude), NEAR + len(without)
    # There is a fiche at each of these places, and ``row`` at one of them.
    reached = nsmallest(wanted + 1, map(here.distance, places(row.language)))
    radius = min(NEAR_KM, reached[-1] + ROUNDED_KM) if len(reached) > wanted else NEAR_KM
    others = _fiches(row.language).filter(in_box(*box_around(here, radius))).exclude(pk=row.pk)
    latest = sorted(others.values_list("date", "object_id", *PLACE), reverse=True)  # an ORDER BY would read all fiches
    measured = [(here.distance(Point(*place)), key) for _date, key, *place in latest]
    near = [key for far, key in sorted(measured, key=itemgetter(0)) if far <= NEAR_KM and key not in without]
    return near[:NEAR]


def _in_search(fiche: FichePage, query: QueryDict) -> tuple[int | None, int | None, str]:
    """``(key of the previous fiche, key of the next one, query string)`` in the search ``query``; ``(None, None, "")`` if
    there is none, or the fiche isn't in its results."""
    fiche_filter = FicheFilter.parse(query)
    suite = fiche_filter.querystring(sans=("page", "par_page"))
    if not suite or fiche.pk not in fiche_filter.ids:
        return None, None, ""
    place = fiche_filter.ids.index(fiche.pk)
    before, after = fiche_filter.ids[:place], fiche_filter.ids[place + 1 :]
    return before[-1] if before else None, after[0] if after else None, suite


def _fiches(language: str = "") -> QuerySet[Publication]:
    return Publication.objects.visible().fiches_here(language)
