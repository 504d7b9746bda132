"""The words that visible fiches use, counted as fiches come and go: none is proposed that nobody may read."""

import re
from collections import Counter
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from django.db import connections, router
from django.db.models import Q, Value

from fiches.ecriture import write_rows
from fiches.models import Mot, Variante
from fiches.recherche.texte import distance, slips, stem

SHORTEST = 3
MANY = 5_000
MANY_ENDINGS = 8
LONG = 7
TWICE = 2
ENDING = re.compile(
    r"(?<=....)(?:ages?|e[mn]ents?|ations?|eu(?:rs?|ses?)|i(?:ers?|eres?|eries?|stes?|smes?|tes?|que?s?)|ab(?:les?|ilites?)"
    r"|ats?|ant(?:es?|s)?|ifs?|ives?|aires?|als?|ales?|aux|els?|elles?|es?|s|er)$"
)
"""What French adds to a root: « chômage » and « chômeur » have it in common."""


def is_proposable(word):
    return len(word) >= SHORTEST and word.isalpha()


def change(*, added=(), removed=()):
    """Counts one fiche more for each word of each set ``added``, one less for each of those ``removed``.

    Words left in no fiche are forgotten.
    """
    more, less = (Counter(chain.from_iterable(sets)) for sets in (added, removed))
    subtract(_proposable(less - more))
    add(_proposable(more - less))


def _proposable(counts):
    return {word: count for word, count in counts.items() if is_proposable(word)}


def subtract(counts):
    """Takes from the frequencies: ``{word: number of fiches}``."""
    if not counts:
        return
    table = Mot._meta.db_table
    with connections[router.db_for_write(Mot)].cursor() as cursor:
        sql = f"UPDATE {table} SET frequence = frequence - %s WHERE mot = %s"
        cursor.executemany(sql, [(count, word) for word, count in sorted(counts.items())])
    for batch in _batches(sorted(counts)):
        Mot.objects.filter(mot__in=batch, frequence__lte=0).delete()


def add(counts):
    """Adds to the frequencies: ``{word: number of fiches}``."""
    if not counts:
        return
    known = set()
    for batch in _batches(sorted(counts)):
        known.update(Mot.objects.filter(mot__in=batch).values_list("mot", flat=True))
    _upsert(counts)
    new = [word for word in sorted(counts) if word not in known]
    for batch in _batches(new):
        _add_slips(Mot.objects.filter(mot__in=batch).order_by("mot").values_list("pk", "mot"))


def _add_slips(words):
    write_rows(Variante(), [{"mot_id": pk, "variante": slip} for pk, word in words for slip in sorted(slips(word))])


def _upsert(counts):
    """In one order always, so that two publications at once wait for each other and don't block."""
    connection = connections[router.db_for_write(Mot)]
    table = Mot._meta.db_table
    sql = (
        f"INSERT INTO {table} (mot, racine, frequence) VALUES (%s, %s, %s) "
        f"ON CONFLICT (mot) DO UPDATE SET frequence = {table}.frequence + excluded.frequence"
    )
    with connection.cursor() as cursor:
        cursor.executemany(sql, [(word, stem(word), count) for word, count in sorted(counts.items())])


def _batches(items, size=500):
    return (items[start : start + size] for start in range(0, len(items), size))


class Understanding(NamedTuple):
    """What typed words stand for, when taken as they are they find nothing."""

    known: frozenset[str]
    completed: dict[str, list[str]]
    corrected: dict[str, str]


@lru_cache(maxsize=1_000)
def understand(typed, jeton):
    """Reads ``typed``, folded words, against those that were known when the version was ``jeton``. Two queries at most.

    A word that begins known words (« agro ») stands for the most used of them; another is taken for the nearest known
    word, the most used of those as near.
    """
    typed = [word for word in typed if len(word) >= SHORTEST]
    if not typed:
        return Understanding(frozenset(), {}, {})
    rows = list(_near(typed))
    roots = {root for _slip, _word, root, _frequency in rows}
    known = frozenset(word for word in typed if stem(word) in roots)
    completed, corrected = {}, {}
    for word in typed:
        if word in known:
            continue
        endings = sorted({(-often, whole) for _slip, whole, _root, often in rows if whole.startswith(word)})
        if endings:
            completed[word] = [whole for _often, whole in endings[:MANY_ENDINGS]]
        elif near := _nearest(word, rows):
            corrected[word] = near
    lost = [word for word in typed if len(word) >= LONG and word not in known | completed.keys() | corrected.keys()]
    return Understanding(known, completed, corrected | _far(lost))


def _near(typed):
    """``(way of mistyping or "", known word, its root, its frequency)`` for whatever may be meant."""
    begun = Q(racine__in=[stem(word) for word in typed])
    for word in typed:
        begun |= Q(mot__startswith=word)
    words = Mot.objects.filter(begun).annotate(way=Value("")).values_list("way", "mot", "racine", "frequence")
    ways = sorted({slip for word in typed for slip in slips(word)})
    mistyped = Variante.objects.filter(variante__in=ways)
    return words.union(mistyped.values_list("variante", "mot__mot", "mot__racine", "mot__frequence"))


def _nearest(word, rows):
    ways, best = slips(word), None
    for slip, known, _root, often in rows:
        if slip in ways:
            gap = distance(word, known)
            if gap <= max(1, min(len(word), len(known)) // 3):
                best = min(best or (gap, -often, known), (gap, -often, known))
    return best and best[2]


def _far(lost):
    """``{typed: known}`` for long words, sought among those that begin with the same two letters: one of the same family
    (« chômage », « chômeur »), or the nearest at two slips."""
    if not lost:
        return {}
    begun = Q(pk__in=[])
    for word in lost:
        begun |= Q(mot__startswith=word[:2])
    known = Mot.objects.filter(begun).values_list("mot", "frequence")
    found = {}
    for word in lost:
        family = [(-often, mot) for mot, often in known if family_of(mot) == family_of(word)]
        if family:
            found[word] = min(family)[1]
            continue
        alike = ((mot, often) for mot, often in known if mot[:2] == word[:2] and abs(len(mot) - len(word)) <= TWICE)
        near = [(gap, -often, mot) for mot, often in alike if (gap := distance(word, mot)) <= TWICE]
        if near:
            found[word] = min(near)[2]
    return found


@lru_cache(maxsize=50_000)
def family_of(word):
    """``word`` without its endings."""
    return ENDING.sub("", word)


def rebuild(word_sets):
    """Counts everything anew from the words of each fiche."""
    Variante.objects.all().delete()
    Mot.objects.all().delete()
    counts = _proposable(Counter(chain.from_iterable(map(set, word_sets))))
    words = [Mot(mot=word, racine=stem(word), frequence=count) for word, count in sorted(counts.items())]
    for batch in _batches(words, MANY):
        Mot.objects.bulk_create(batch)
        _add_slips([(word.pk, word.mot) for word in batch])
