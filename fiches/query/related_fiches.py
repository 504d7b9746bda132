"""Fiches related to one: similar, near, and previous or next in a search. All is read in the register."""

from collections.abc import Collection
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict

from fiches.models import FichePage, Publication
from fiches.models.coordinates import Point
from fiches.publications.index_entries import CRITERE, MOT_CLE
from fiches.query.fiche_filter import PLACE, FicheFilter, box_around, in_box
from fiches.query.word_search import LATEST

ALIKE = 3
NEAR = 3
NEAR_KM = 30


def around_fiche(fiche: FichePage, query: QueryDict) -> dict[str, Any]:
    """``{"similaires", "proches", "precedente", "suivante", "suite"}`` for the page of a fiche, each of pages; empty if it isn't
    public.

    :param query: the ``QueryDict`` of the page's address. If it holds a search, ``precedente`` and ``suivante`` are the
        neighbours in its results, and ``suite`` is its query string for the links to them.

    A constant number of queries, and those of the search.
    """
    row = row_of(fiche.pk)
    if row is None:
        return {}
    alike = similar(row)
    near = nearest(row, but=alike)
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
    return Publication.objects.visible().filter(kind="fiche", object_id=fiche).first()


def similar(row: Publication) -> list[int]:
    """The keys of the fiches most similar to ``row`` (of the register), in its language: by criteria and keywords in common, the latest
    first. One query."""
    values = Q(values__facet=CRITERE, values__value__in=(row.criteres or "").split())
    values |= Q(values__facet=MOT_CLE, values__value__in=(row.mots_cles or "").split())
    shares = _fiches(row.language).filter(values).exclude(pk=row.pk).annotate(number=Count("pk"))
    return list(shares.order_by("-number", *LATEST).values_list("object_id", flat=True)[:ALIKE])


def nearest(row: Publication, but: Collection[int] = ()) -> list[int]:
    """The keys of the fiches nearest to ``row`` (of the register), in its language, within 30 km. One query.

    :param but: keys to leave out.
    """
    if row.latitude is None or row.longitude is None:
        return []
    here = Point(row.latitude, row.longitude)
    others = _fiches(row.language).filter(in_box(*box_around(here, NEAR_KM))).exclude(pk=row.pk).order_by(*LATEST)
    measured = [
        (here.distance(Point(*place)), key) for key, *place in others.values_list("object_id", *PLACE) if key not in but
    ]
    return [key for far, key in sorted(measured, key=lambda each: each[0])[:NEAR] if far <= NEAR_KM]


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
