"""Completion and spelling correction of searched words, from the vocabulary of public pages."""

import re
from collections.abc import Collection
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract_iter

from fiches.models import Mot
from fiches.publications.text_analysis import STOPWORDS, phonetic, slips, stem
from fiches.publications.words import is_proposable

MANY_ENDINGS = 8
LONG = 7
# Rows that are read to know how a word is written.
LOOKED_AT = 24
TWICE = 2
SHORTEST_ROOT = 5
VOWELS = frozenset("aeiou")
# French suffixes: without them, « chômage » and « chômeur » are the same.
ENDING = re.compile(
    r"(?<=....)(?:ages?|e[mn]ents?|ations?|eu(?:rs?|ses?)|i(?:ers?|eres?|eries?|stes?|smes?|tes?|que?s?)|ab(?:les?|ilites?)"
    r"|ats?|ant(?:es?|s)?|ifs?|ives?|aires?|als?|ales?|aux|els?|elles?|es?|s|er)$"
)


class Understanding(NamedTuple):
    """The reading of typed words. Attributes: completed (``{word: words that begin with it}``), corrected (``{word: correction}``),
    families (``{word: other words of its family}``), labels (words that only labels of pages have)."""

    completed: dict[str, list[str]]
    corrected: dict[str, str]
    families: dict[str, list[str]]
    labels: list[str]


def understand(
    typed: tuple[str, ...], thesaurus: frozenset[str] = frozenset(), labels: Collection[str] = ()
) -> Understanding:
    """Completes or corrects ``typed`` (folded words) from the vocabulary and the thesaurus. One query.

    A prefix of known words (« agro ») is completed to the most frequent of them; any other word is corrected to the nearest known
    word, the most frequent of equally near ones. Words of a page, of its labels or of the thesaurus, words that are not indexed and
    words with a digit are left as they are; those of a page are joined by the others of their family (« bénévole », « bénévolat »).

    :param thesaurus: the folded terms of one word of the thesaurus.
    :param labels: the stems of the words of labels.
    """
    asked = [word for word in typed if is_proposable(word) and word not in STOPWORDS]
    meant = Understanding({}, {}, {}, [])
    if not asked:
        return meant
    rows = list(
        Mot.objects.annotate(length=Length("mot")).filter(_candidates(asked)).values_list("mot", "racine", "frequence")
    )
    roots = {root for _word, root, _often in rows} | {stem(word) for word in thesaurus}
    words = {word: often for word, _root, often in rows}
    possible = dict.fromkeys(thesaurus, 0) | words
    for word in asked:
        if family := _family(word, words):
            meant.families[word] = family
        if stem(word) in roots:
            continue
        if stem(word) in labels:
            meant.labels.append(word)
        elif endings := sorted((-often, whole) for whole, often in words.items() if whole.startswith(word)):
            meant.completed[word] = [whole for _often, whole in endings[:MANY_ENDINGS]]
        elif nearest := _nearest(word, possible) or _relative(word, possible):
            meant.corrected[word] = nearest
    return meant


def quoted(rows: QuerySet) -> str:
    """Returns the titles and texts of the latest of these rows of Publication, to read the spelling of words; ``""`` without
    rows. One query."""
    texts = rows.order_by("-date", "-object_id").values_list("title", "organisation", "text")[:LOOKED_AT]
    return " ".join(chain.from_iterable(texts))


def _family(word: str, words: dict[str, int]) -> list[str]:
    """Returns the indexed words with the same stem, the most frequent first."""
    root = family_of(word)
    if len(root) < SHORTEST_ROOT:
        return []
    family = sorted((-often, known) for known, often in words.items() if family_of(known) == root)
    return [known for _often, known in family if stem(known) != stem(word)][:MANY_ENDINGS]


def _candidates(asked: list[str]) -> Q:
    """The condition on words that may complete or correct one of these: same stem, similar length, or same two first letters."""
    condition = Q(racine__in=[stem(word) for word in asked])
    for word in asked:
        condition |= Q(length__range=(len(word) - TWICE, len(word) + TWICE)) | Q(mot__startswith=word[:TWICE])
    return condition


def _nearest(word: str, words: dict[str, int]) -> str | None:
    """The nearest word by edit distance, if it is near enough and sounds nearly the same; None if there is none.

    :param words: ``{known word: frequency}``.
    """
    ways, best = slips(word), None
    for known, gap, _key in extract_iter(word, list(words), scorer=OSA.distance, score_cutoff=max(1, len(word) // 3)):
        if gap >= TWICE and _begins_with_vowel(known) != _begins_with_vowel(word):  # « argent » is not « chargent »
            continue
        if gap <= max(1, len(known) // 3) and not ways.isdisjoint(slips(known)):
            best = min(best or (gap, -words[known], known), (gap, -words[known], known))
    return best and best[2]


def _begins_with_vowel(word: str) -> bool:
    return phonetic(word)[:1] in VOWELS


def _relative(word: str, words: dict[str, int]) -> str | None:
    """For a word of seven letters or more, among known words with the same two first letters: the most frequent one of the same
    family (« chômage », « chômeur »), else the nearest one at an edit distance of two at most; None if there is none."""
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
    """``word`` without its suffixes, nor a doubled letter before them (« saisonnier », « saison »)."""
    root = ENDING.sub("", word)
    return root[:-1] if len(root) > SHORTEST_ROOT and root[-1] == root[-2] else root
