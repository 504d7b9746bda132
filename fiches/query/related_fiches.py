"""Fiches related to one: similar, near, and previous or next in a search."""

from datetime import UTC, datetime
from math import cos, radians

from django.db.models import Count, F
from django.utils import timezone

from fiches import content_language
from fiches.models import FichePage, Publication, PublicationValue
from fiches.models.coordinates import Point
from fiches.models.prepared_query import PreparedQuery
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
MOST = ALIKE + NEAR + 2
KEYS = [f"key_{number}" for number in range(MOST)]


def around_fiche(fiche, query):
    """``{"similaires", "proches", "precedente", "suivante", "suite"}`` for the page of a fiche; empty if it isn't public.

    :param query: the ``QueryDict`` of the page's address. If it holds a search, ``precedente`` and ``suivante`` are the
        neighbours in its results, and ``suite`` is its query string for the links to them.

    Five queries, and those of the search.
    """
    visible = Publication.objects.visible().in_language(content_language.language_of(fiche)).filter(kind="fiche")
    row = visible.filter(object_id=fiche.pk).first()
    if row is None:
        return {}
    others = visible.exclude(pk=row.pk)
    alike, near = similar(row, others), nearest(row, others)
    before, after, suite = _in_search(fiche, query) if query else (None, None, "")
    wanted = {key for key in (*alike, *near, before, after) if key is not None}
    fiches = {other.pk: other for other in _shown(wanted)} if wanted else {}
    return {
        "similaires": [fiches[key] for key in alike if key in fiches],
        "proches": [fiches[key] for key in near if key in fiches],
        "precedente": fiches.get(before),
        "suivante": fiches.get(after),
        "suite": suite,
    }


def _shown(pks):
    """The visible fiches among ``pks`` (at most :data:`MOST`), with the columns of a link. One query."""
    keys = [*pks, *[-1] * (MOST - len(pks))]
    return _links(now=timezone.now(), **dict(zip(KEYS, keys, strict=True)))


def similar(row, others):
    """The keys of the fiches among ``others`` (rows of the register) most similar to ``row``: by criteria and keywords in common,
    then by words of the title in common, then by distance. Two queries; the first reads an index only."""
    criteria = PublicationValue.objects.filter(facet=CRITERE, value__in=(row.criteres or "").split())
    keywords = PublicationValue.objects.filter(facet=MOT_CLE, value__in=(row.mots_cles or "").split())
    shared = (criteria | keywords).exclude(publication=row.pk).order_by().values("publication")
    most = shared.annotate(number=Count("pk")).order_by("-number", "-publication")[:COMPARED]
    shares = dict(most.values_list("publication", "number"))
    columns = ("pk", "object_id", "folded_title", "latitude", "longitude")
    mine, here = _roots(row.folded_title), (row.latitude, row.longitude)
    compared = [
        (-shares[pk], -len(mine & _roots(title)), distance(here, place), -pk, key)
        for pk, key, title, *place in others.filter(pk__in=shares).values_list(*columns)
    ]
    return [key for *_rank, key in sorted(compared)[:ALIKE]]


def _roots(folded_title):
    return {stem(word) for word in folded_title.split() if word not in STOPWORDS}


def nearest(row, others):
    """The keys of the nearest fiches among ``others`` (rows of the register), within 30 km. One query."""
    if row.latitude is None:
        return []
    here = Point(row.latitude, row.longitude)
    wide = cos(radians(row.latitude)) ** 2
    north, east = F("latitude") - here.lat, F("longitude") - here.lon
    within = others.filter(in_box(*box_around(here, NEAR_KM)))
    first = within.order_by(north * north + east * east * wide, *LATEST)[: 4 * NEAR]
    measured = [
        (distance(here, place), rank, key)
        for rank, (key, *place) in enumerate(first.values_list("object_id", "latitude", "longitude"))
    ]
    return [key for km, _rank, key in sorted(measured)[:NEAR] if km <= NEAR_KM]


def distance(one, other):
    """Kilometres between two places, ``(latitude, longitude)``; 100,000 if one has no position."""
    return Point(*one).distance(Point(*other)) if None not in (one[0], other[0]) else 1e5


def _in_search(fiche, query):
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


_links = PreparedQuery(
    lambda now, **keys: (
        FichePage.objects.visible(now)
        .filter(pk__in=keys.values())
        .select_related("commune")
        .only("path", "depth", "slug", "title", "url_path", "locale", "organisation", "commune__nom")
    ),
    now=datetime(1970, 1, 1, tzinfo=UTC),
    **{key: -10 - number for number, key in enumerate(KEYS)},
)
