"""Completion and spelling correction of searched words, from the vocabulary of public pages."""

from itertools import chain

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


def understand(typed: tuple[str, ...], thesaurus: frozenset[str] = frozenset()) -> dict[str, list[str]]:
    """Returns ``{word: [words to look for instead]}`` for the words of ``typed`` (folded) that no page and no term of one word of the
    thesaurus has: the most frequent words that begin so (« agro »), or the nearest word, the most frequent of equally near ones.
    Words with a digit stay as they are. One query.
    """
    asked = [word for word in typed if is_proposable(word) and word not in STOPWORDS]
    candidates = Q(pk__in=[])
    for word in asked:
        lengths = (len(word) - FARTHEST, len(word) + FARTHEST)
        candidates |= Q(racine=stem(word)) | Q(length__range=lengths) | Q(mot__startswith=word[:2])
    found = Mot.objects.annotate(length=Length("mot")).filter(candidates).values_list("mot", "racine", "frequence")
    known = {word: often for word, _root, often in found}
    roots = {root for _word, root, _often in found} | {stem(word) for word in thesaurus}
    meant = {}
    for word in asked:
        if stem(word) not in roots:
            begun = sorted((-often, whole) for whole, often in known.items() if whole.startswith(word))
            others = [whole for _often, whole in begun[:MANY_ENDINGS]]
            if others := others or _nearest(word, dict.fromkeys(thesaurus, 0) | known):
                meant[word] = others
    return meant


def quoted(rows: QuerySet) -> str:
    """Returns the titles and texts of the latest of these rows of Publication, to read the spelling of words; ``""`` without
    rows. One query."""
    texts = rows.order_by("-date", "-object_id").values_list("title", "organisation", "text")[:LOOKED_AT]
    return " ".join(chain.from_iterable(texts))


def _nearest(word: str, known: dict[str, int]) -> list[str]:
    """The nearest of ``known`` (``{word: frequency}``) that doesn't only ask (« être »), at one slip for four letters, two at most."""
    farthest = min(FARTHEST, max(1, len(word) // 4))
    near = extract_iter(word, known.keys() - ASKING, scorer=OSA.distance, score_cutoff=farthest)
    return [other for _gap, _often, other in sorted((gap, -known[other], other) for other, gap, _key in near)][:1]
