"""Completion and spelling correction of searched words, from the vocabulary of public pages."""

from itertools import chain
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract_iter

from fiches.models import Mot
from fiches.publications.text_analysis import ASKING, STOPWORDS, stem
from fiches.publications.words import is_proposable

MANY_ENDINGS = 8
# Rows that are read to know how a word is written.
LOOKED_AT = 24
# The largest edit distance of a correction.
FARTHEST = 2


class Understanding(NamedTuple):
    """The reading of typed words: ``completed`` (``{word: words that begin with it}``), ``corrected`` (``{word: nearest word}``)."""

    completed: dict[str, list[str]]
    corrected: dict[str, str]


def understand(typed: tuple[str, ...], thesaurus: frozenset[str] = frozenset()) -> Understanding:
    """Completes or corrects ``typed`` (folded words) from the vocabulary and the thesaurus. One query.

    A prefix of known words (« agro ») is completed to the most frequent of them; any other word is corrected to the nearest one,
    the most frequent of equally near ones. Words that some page or the thesaurus has, and words with a digit, are left as they are.

    :param thesaurus: the folded terms of one word of the thesaurus.
    """
    asked = [word for word in typed if is_proposable(word) and word not in STOPWORDS]
    meant = Understanding({}, {})
    if not asked:
        return meant
    rows = Mot.objects.annotate(length=Length("mot")).filter(_candidates(asked))
    found = list(rows.values_list("mot", "racine", "frequence"))
    roots = {root for _word, root, _often in found} | {stem(word) for word in thesaurus}
    known = {word: often for word, _root, often in found}
    for word in asked:
        if stem(word) in roots:
            continue
        if endings := sorted((-often, whole) for whole, often in known.items() if whole.startswith(word)):
            meant.completed[word] = [whole for _often, whole in endings[:MANY_ENDINGS]]
        elif nearest := _nearest(word, dict.fromkeys(thesaurus, 0) | known):
            meant.corrected[word] = nearest
    return meant


def quoted(rows: QuerySet) -> str:
    """Returns the titles and texts of the latest of these rows of Publication, to read the spelling of words; ``""`` without
    rows. One query."""
    texts = rows.order_by("-date", "-object_id").values_list("title", "organisation", "text")[:LOOKED_AT]
    return " ".join(chain.from_iterable(texts))


def _candidates(asked: list[str]) -> Q:
    """The condition on words that may complete or correct one of these: same stem, similar length, or same two first letters."""
    condition = Q(racine__in=[stem(word) for word in asked])
    for word in asked:
        lengths = (len(word) - FARTHEST, len(word) + FARTHEST)
        condition |= Q(length__range=lengths) | Q(mot__startswith=word[:2])
    return condition


def _nearest(word: str, known: dict[str, int]) -> str | None:
    """The nearest word that doesn't only ask (« être »), at one slip for four letters, two at most; None if there is none.

    :param known: ``{word: frequency}``.
    """
    farthest = min(FARTHEST, max(1, len(word) // 4))
    near = extract_iter(word, known.keys() - ASKING, scorer=OSA.distance, score_cutoff=farthest)
    return min(((gap, -known[other], other) for other, gap, _key in near), default=(0, 0, None))[2]
