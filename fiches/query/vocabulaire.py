"""What typed words may have been meant as, among the words that public pages use: unfinished ones, and slips."""

import re
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Q
from django.db.models.functions import Length
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract_iter

from fiches.models import Mot
from fiches.publications.tokens import slips, stem
from fiches.publications.words import is_proposable

MANY_ENDINGS = 8
LONG = 7
TWICE = 2
# What French adds to a root: « chômage » and « chômeur » have it in common.
ENDING = re.compile(
    r"(?<=....)(?:ages?|e[mn]ents?|ations?|eu(?:rs?|ses?)|i(?:ers?|eres?|eries?|stes?|smes?|tes?|que?s?)|ab(?:les?|ilites?)"
    r"|ats?|ant(?:es?|s)?|ifs?|ives?|aires?|als?|ales?|aux|els?|elles?|es?|s|er)$"
)


class Understanding(NamedTuple):
    """What typed words stand for, when taken as they are they find nothing."""

    known: frozenset[str]
    completed: dict[str, list[str]]
    corrected: dict[str, str]


def understand(typed: tuple[str, ...]) -> Understanding:
    """Reads ``typed``, folded words, against those that public pages use. One query.

    A word that begins known words (« agro ») stands for the most used of them; another is taken for the nearest known
    word, the most used of those as near. A word that stands on a page, and one with a digit, stay what they are.
    """
    asked = [word for word in typed if is_proposable(word)]
    if not asked:
        return Understanding(frozenset(), {}, {})
    rows = list(
        Mot.objects.annotate(length=Length("mot")).filter(_meant(asked)).values_list("mot", "racine", "frequence")
    )
    roots = {root for _word, root, _often in rows}
    known = frozenset(word for word in asked if stem(word) in roots)
    completed, corrected, words = {}, {}, {word: often for word, _root, often in rows}
    for word in asked:
        if word in known:
            continue
        if endings := sorted((-often, whole) for whole, often in words.items() if whole.startswith(word)):
            completed[word] = [whole for _often, whole in endings[:MANY_ENDINGS]]
        elif meant := _nearest(word, words) or _relative(word, words):
            corrected[word] = meant
    return Understanding(known, completed, corrected)


def _meant(asked: list[str]) -> Q:
    """The words that some of these may stand for: of the same root, of about the same length, begun so."""
    found = Q(racine__in=[stem(word) for word in asked])
    for word in asked:
        found |= Q(length__range=(len(word) - TWICE, len(word) + TWICE)) | Q(mot__startswith=word[:TWICE])
    return found


def _nearest(word: str, words: dict[str, int]) -> str | None:
    """The nearest by what is written, if it is near enough and sounds nearly the same."""
    ways, best = slips(word), None
    for known, gap, _key in extract_iter(word, list(words), scorer=OSA.distance, score_cutoff=max(1, len(word) // 3)):
        if gap <= max(1, len(known) // 3) and not ways.isdisjoint(slips(known)):
            best = min(best or (gap, -words[known], known), (gap, -words[known], known))
    return best and best[2]


def _relative(word: str, words: dict[str, int]) -> str | None:
    """For a long word, among those that begin with the same two letters: one of the same family (« chômage », « chômeur »),
    the most used, or the nearest at two slips."""
    if len(word) < LONG:
        return None
    begun = [known for known in words if known[:TWICE] == word[:TWICE]]
    if family := [(-words[known], known) for known in begun if family_of(known) == family_of(word)]:
        return min(family)[1]
    near = [
        (gap, -words[known], known)
        for known, gap, _key in extract_iter(word, begun, scorer=OSA.distance, score_cutoff=TWICE)
    ]
    return min(near)[2] if near else None


@lru_cache(maxsize=50_000)
def family_of(word: str) -> str:
    """``word`` without its endings."""
    return ENDING.sub("", word)
