"""From one fiche to others: those like it, those near it, those before and after it in a search."""

import json
from datetime import UTC, datetime
from math import cos, radians

from django.db.models import Count, F, Q
from django.utils import timezone

from fiches.models import FichePage, Publication, PublicationValue
from fiches.models.coordonnees import Point
from fiches.models.prepared import Prepared
from fiches.publications.searched import CRITERE, MOT_CLE
from fiches.publications.tokens import STOPWORDS, stem
from fiches.query.expressions import in_box, listed
from fiches.query.filtre import FicheFilter, box_around
from fiches.query.mots import LATEST

ALIKE = 3
NEAR = 3
NEAR_KM = 30
# Those that share the most with a fiche, of which the words and the distance are then compared.
COMPARED = 200
MOST = ALIKE + NEAR + 2
KEYS = [f"key_{number}" for number in range(MOST)]


def around_fiche(fiche, query):
    """``{"similaires", "proches", "precedente", "suivante", "suite"}`` for a fiche's page; five queries, and those of the
    search, where ``query``, the page's own, holds one: ``precedente`` and ``suivante`` are then its neighbours there, and
    ``suite`` the search, to be carried along.
    """
    row = row_of(fiche.pk)
    if row is None:
        return {}
    alike, near = similar(row), nearest(row)
    before, after, suite = _in_search(fiche, query) if query else (None, None, "")
    wanted = {key for key in (*alike, *near, before, after) if key is not None}
    found = {shown.pk: shown for shown in _shown(wanted)} if wanted else {}
    return {
        "similaires": [found[key] for key in alike if key in found],
        "proches": [found[key] for key in near if key in found],
        "precedente": found.get(before),
        "suivante": found.get(after),
        "suite": suite,
    }


def row_of(fiche):
    """The row of the register of a fiche that the public may see, or ``None``; with what :func:`similar` and :func:`nearest`
    compare. One query.

    :param fiche: its key.
    """
    return next(iter(_rows(fiche=fiche, now=timezone.now())), None)


def _shown(pks):
    """The visible ones among at most :data:`MOST`, with what a link to them says. One query."""
    keys = [*pks, *[-1] * (MOST - len(pks))]
    return _links(now=timezone.now(), **dict(zip(KEYS, keys, strict=True)))


def similar(row):
    """The keys of the fiches in the language of ``row``, one of the register, that share the most criteria and keywords with
    it, then the most words of title, then are the nearest. Two queries: what is shared is counted from an index alone."""
    criteria, keywords = (json.dumps((keys or "").split()) for keys in (row.criteres, row.mots_cles))
    shares = dict(_shared(row=row.pk, criteria=criteria, keywords=keywords)) if row.criteres or row.mots_cles else {}
    if not shares:
        return []
    found = _compared(language=row.language, keys=json.dumps(list(shares)), now=timezone.now())
    least = min(sorted((shares[pk] for pk, *_rest in found), reverse=True)[:ALIKE], default=0)
    mine, here = _roots(row.folded_title), (row.latitude, row.longitude)
    compared = [
        (-shares[pk], -len(mine & _roots(title)), distance(here, place), -pk, key)
        for pk, key, title, *place in found
        if shares[pk] >= least
    ]
    return [key for *_rank, key in sorted(compared)[:ALIKE]]


def _roots(folded_title):
    return {stem(word) for word in folded_title.split() if word not in STOPWORDS}


def nearest(row):
    """The keys of the nearest fiches in the language of ``row``, one of the register, within 30 km. One query."""
    if row.latitude is None:
        return []
    here = Point(row.latitude, row.longitude)
    west, south, east, north = box_around(here, NEAR_KM)
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
    found = [(distance(here, place), rank, key) for rank, (key, *place) in enumerate(first)]
    return [key for km, _rank, key in sorted(found)[:NEAR] if km <= NEAR_KM]


def distance(one, other):
    """Kilometres between two places, ``(latitude, longitude)``; what has no place is far from everything."""
    return Point(*one).distance(Point(*other)) if None not in (one[0], other[0]) else 1e5


def _in_search(fiche, query):
    """The keys of the fiches before and after one in the search that its address carries, and that search."""
    found = FicheFilter.parse(query)
    suite = found.querystring(sans=("page", "par_page"))
    if not suite or fiche.pk not in found.ids:
        return None, None, ""
    place = found.ids.index(fiche.pk)
    return found.ids[place - 1] if place else None, next(iter(found.ids[place + 1 : place + 2]), None), suite


def _fiches(now, **which):
    return Publication.objects.visible(now).filter(kind="fiche", **which)


def _sharing(row, criteria, keywords):
    """The rows that share criteria or keywords, listed in JSON, with one, and how many, the most first."""
    shared = Q(facet=CRITERE, value__in=listed(criteria, "text")) | Q(facet=MOT_CLE, value__in=listed(keywords, "text"))
    others = PublicationValue.objects.filter(shared).exclude(publication=row).order_by()
    most = others.values("publication").annotate(number=Count("pk")).order_by("-number", "-publication")
    return most.values_list("publication", "number")[:COMPARED]


def _by_distance(row, language, now, west, south, east, north, lat, lon, wide):
    """The rows of a box, the nearest first to a place on a plain where a degree of longitude is ``wide`` squared."""
    up, right = F("latitude") - lat, F("longitude") - lon
    rows = _fiches(now, language=language).exclude(pk=row).filter(in_box(west, south, east, north))
    ordered = rows.order_by(up * up + right * right * wide, *LATEST)
    return ordered.values_list("object_id", "latitude", "longitude")[: 4 * NEAR]


NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_rows = Prepared(
    lambda fiche, now: _fiches(now, object_id=fiche).only(
        "object_id", "language", "folded_title", "latitude", "longitude", "criteres", "mots_cles"
    ),
    fiche=9_999_999_999,  # this column holds no negative number
    now=NEVER,
)
_shared = Prepared(_sharing, row=-1, criteria='["-2"]', keywords='["-3"]')
_compared = Prepared(
    lambda language, keys, now: (
        Publication.objects.visible(now)
        .filter(language=language, pk__in=listed(keys, "bigint"))
        .values_list("pk", "object_id", "folded_title", "latitude", "longitude")
    ),
    language="?",
    keys="[-1]",
    now=NEVER,
)
_within = Prepared(
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
_links = Prepared(
    lambda now, **keys: (
        FichePage.objects.visible(now)
        .filter(pk__in=keys.values())
        .select_related("commune")
        .only("path", "depth", "slug", "title", "url_path", "locale", "organisation", "commune__nom")
    ),
    now=NEVER,
    **{key: -10 - number for number, key in enumerate(KEYS)},
)
