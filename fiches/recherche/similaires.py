"""From one fiche to others: those like it, those near it, those before and after it in a search."""

from collections import defaultdict
from datetime import UTC, datetime
from math import ceil, cos, radians

from django.utils import timezone

from fiches import langues
from fiches.coordonnees import Point
from fiches.models import FichePage
from fiches.prepared import Prepared
from fiches.recherche.ensembles import first_slots
from fiches.recherche.filtre import FicheFilter
from fiches.recherche.instantane import CASE, case_of, instantane
from fiches.recherche.mots import at_least

ALIKE = 3
NEAR = 3
NEAR_KM = 30
COMPARED = 200
KM_A_DEGREE = 110.5
"""Of latitude, at least."""
MOST = ALIKE + NEAR + 2
KEYS = [f"key_{number}" for number in range(MOST)]


def around_fiche(fiche, query):
    """``{"similaires", "proches", "precedente", "suivante", "suite"}`` for a fiche's page; one query.

    ``query`` is the page's own: when it holds a search, ``precedente`` and ``suivante`` are its neighbours there, and
    ``suite`` the search, to be carried along.
    """
    snapshot = instantane(langues.language_of(fiche))
    slot = snapshot.slot_de.get(fiche.pk)
    if slot is None:
        return {}
    alike, near = _around(snapshot, slot)
    before, after, suite = _in_search(fiche, query, snapshot) if query else (None, None, "")
    wanted = {snapshot.pks[s] for s in (*alike, *near, before, after) if s is not None}
    found = {f.pk: f for f in _shown(wanted)} if wanted else {}

    def read(slots_):
        return [found[snapshot.pks[s]] for s in slots_ if s is not None and snapshot.pks[s] in found]

    return {
        "similaires": read(alike),
        "proches": read(near),
        "precedente": next(iter(read([before])), None),
        "suivante": next(iter(read([after])), None),
        "suite": suite,
    }


def _around(snapshot, slot):
    """The slots of the fiches like this one, and of those near it."""
    others = snapshot.visibles() & ~(1 << slot)
    return similar(snapshot, slot, others), nearest(snapshot, slot, others)


def _shown(pks):
    """The visible ones among at most :data:`MOST`, with what a link to them says. One query."""
    keys = [*pks, *[-1] * (MOST - len(pks))]
    return _links(now=timezone.now(), **dict(zip(KEYS, keys, strict=True)))


def similar(snapshot, slot, others):
    """The slots of the fiches that share the most criteria, then the most words of title, then are the nearest."""
    sets = [
        members
        for name in (*snapshot.dimensions, "mot-cle")
        for members in snapshot.facettes[name].ensembles.values()
        if members >> slot & 1
    ]
    mine, found = snapshot.racines(slot), []
    for wanted in range(len(sets), 0, -1):
        level = first_slots(at_least(sets, wanted) & others, COMPARED)
        by_words = defaultdict(list)
        for s in level:
            by_words[len(mine & snapshot.racines(s))].append(s)
            others &= ~(1 << s)
        for shared in sorted(by_words, reverse=True):
            found += sorted(by_words[shared], key=lambda s: distance(snapshot, slot, s))
            if len(found) >= ALIKE:
                return found[:ALIKE]
    return found


def nearest(snapshot, slot, others):
    """The slots of the nearest fiches, within 30 km."""
    if snapshot.latitudes[slot] is None:
        return []
    row, column = case_of(snapshot.latitudes[slot], snapshot.longitudes[slot])
    width = CASE * KM_A_DEGREE * cos(radians(min(89.0, abs(snapshot.latitudes[slot]) + 1)))
    found = []
    for ring in range(ceil(NEAR_KM / width) + 1):
        members = (s for case in _ring(row, column, ring) for s in snapshot.par_case.get(case, ()) if others >> s & 1)
        found = sorted([*found, *((distance(snapshot, slot, s), s) for s in members)])[:NEAR]
        if len(found) == NEAR and found[-1][0] <= ring * width:  # whatever is further out is further away
            break
    return [s for km, s in found if km <= NEAR_KM]


def _ring(row, column, away):
    """The squares at that many squares from one, itself for none."""
    near, far = -away, away
    for down in range(near, far + 1):
        for across in range(near, far + 1) if abs(down) == away else {near, far}:
            yield row + down, column + across


def distance(snapshot, one, other):
    """Kilometres; a fiche without a place is far from everything."""
    places = [(snapshot.latitudes[s], snapshot.longitudes[s]) for s in (one, other)]
    return Point(*places[0]).distance(Point(*places[1])) if None not in (places[0][0], places[1][0]) else 1e5


def _in_search(fiche, query, snapshot):
    """The slots before and after the fiche in the search that its address carries, and that search."""
    found = FicheFilter.parse(query, snapshot)
    suite = found.querystring(sans=("page", "par_page"))
    slot = snapshot.slot_de.get(fiche.pk)
    if not suite or slot is None or not found.selection >> slot & 1:
        return None, None, ""
    order = found.ordered()
    place = order.index(slot)
    before = order[place - 1] if place else None
    return before, order[place + 1] if place + 1 < len(order) else None, suite


_links = Prepared(
    lambda now, **keys: (
        FichePage.objects.visible(now)
        .filter(pk__in=keys.values())
        .select_related("commune")
        .only("path", "depth", "slug", "title", "url_path", "locale", "organisation", "commune__nom")
    ),
    now=datetime(1970, 1, 1, tzinfo=UTC),
    **{key: -10 - number for number, key in enumerate(KEYS)},
)
