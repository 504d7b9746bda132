"""Completion and spelling correction of searched words, from the vocabulary of public pages."""

import gzip
import re
from collections.abc import Collection
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract_iter

from fiches.models import Mot
from fiches.publications.text_analysis import ASKING, STOPWORDS, phonetic, slips, stem
from fiches.publications.words import is_proposable
from fiches.territoire.territory import DATA

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
    r"|ats?|ant(?:es?|s)?|[ae]nces?|ent(?:es?|s)?|i(?:r|tions?|ss(?:ages?|ements?|eu(?:rs?|ses?)))|ifs?|ives?|aires?|als?|ales?|aux|els?|elles?|es?|s|er)$"
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
    A French word is no slip: it is corrected to one of its family only, or to a near one that begins alike if nothing else is asked.
    No word is corrected to one that only asks (« être »).

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
    possible = {word: often for word, often in (dict.fromkeys(thesaurus, 0) | words).items() if word not in ASKING}
    for word in asked:
        if stem(word) in labels and stem(word) not in roots:
            meant.labels.append(word)
            continue
        if family := _family(word, words):
            meant.families[word] = family
        if stem(word) in roots:
            continue
        if endings := sorted((-often, whole) for whole, often in words.items() if whole.startswith(word)):
            meant.completed[word] = [whole for _often, whole in endings[:MANY_ENDINGS]]
        elif nearest := _correction(word, possible, is_alone=len(asked) == 1):
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


def _correction(word: str, words: dict[str, int], *, is_alone: bool) -> str | None:
    """The known word that a typed one stands for; None if there is none."""
    if not is_french(word):
        return _nearest(word, words) or _relative(word, words) or _near_ending(word, words)
    alike = {known: often for known, often in words.items() if known[0] == word[0]}
    return (_nearest(word, alike) if is_alone else None) or _relative(word, words)


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
    """For a word of seven letters or more: the most frequent word of its family (« chômage », « chômeur ») with the same two first
    letters; None if there is none."""
    family = [(-words[known], known) for known in _begun_as(word, words) if family_of(known) == family_of(word)]
    return min(family)[1] if family else None


def _near_ending(word: str, words: dict[str, int]) -> str | None:
    """For a word of seven letters or more: the nearest word with the same two first letters, at an edit distance of two at most; None
    if there is none."""
    near = extract_iter(word, _begun_as(word, words), scorer=OSA.distance, score_cutoff=TWICE)
    return min(((gap, -words[known], known) for known, gap, _key in near), default=(0, 0, None))[2]


def _begun_as(word: str, words: dict[str, int]) -> list[str]:
    return [known for known in words if known[:TWICE] == word[:TWICE]] if len(word) >= LONG else []


@cache
def _french_words() -> str:
    """French words of four letters or more, folded, each between two line ends."""
    return gzip.decompress((DATA / "mots-francais.txt.gz").read_bytes()).decode()


def is_french(word: str) -> bool:
    """Whether a folded word of four letters or more is a French one."""
    return f"\n{word}\n" in _french_words()


@lru_cache(maxsize=50_000)
def family_of(word: str) -> str:
    """``word`` without its suffixes, nor a doubled letter before them (« saisonnier », « saison »)."""
    root = ENDING.sub("", word)
    return root[:-1] if len(root) > SHORTEST_ROOT and root[-1] == root[-2] else root
