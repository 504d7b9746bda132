"""The full-text search of a query, and the ranking of its results."""

from collections.abc import Sequence
from functools import cached_property, reduce
from itertools import pairwise
from math import log
from operator import add, or_, sub
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from fiches.models import Synonyme
from fiches.publications.text_analysis import MAX_TERMS, WORD, joined_pairs, read_query, spellings, stem, stems, words
from fiches.publications.version import memoize
from fiches.publications.words import TIERS, Expression, is_proposable
from fiches.query.spelling import quoted, understand

if TYPE_CHECKING:
    from fiches.query.spelling import Understanding


# A typed word or run of words, then its synonyms, each as the run of its stems.
Group = list[tuple[str, ...]]
LONGEST_SYNONYM = 6
# Between two steps of the ranking: each may be divided by the number of words that are near the top (below ``MAX_TERMS``).
RANK = 100
# The rank of a page whose title stands in the text, before any other.
TITLED = -RANK * RANK
# A rank after those of rows that have the words themselves.
LAST = 99 * RANK
# The tiers of the title, the names and the introduction.
NEAR_THE_TOP = 3
LATEST = ("-date", "-object_id")


class Words:
    """A full-text search of ``text`` in the register: :meth:`find` makes one, with its results' condition.

    :param visible: the queryset of Publication in which to search.
    :param weighed_in: that in which the rarity of words is measured, if it is another one: searches that share it have comparable
        standings.
    :param by_title: whether a page is a result, and among the first, if its whole title stands in ``text``.

    A result must have all the words; two words that may be one (« auto-partage ») match as one too. If there is no result,
    words are completed or corrected (``corrige`` is then the corrected text). If there is still none, any of the words is enough
    (``elargi``). SQLite and PostgreSQL give the same results.
    """

    def __init__(
        self, text: str, visible: QuerySet, weighed_in: QuerySet | None = None, *, by_title: bool = False
    ) -> None:
        self.query = read_query(text)
        self.visible = visible
        self.weighed_in = visible if weighed_in is None else weighed_in
        self.by_title = by_title
        self.titled = Q(folded_title__in=_titles_in(self.query.text)) if by_title else Q(pk__in=[])
        self.corrige = ""
        # ``[(typed word, correction)]`` of the words that ``corrige`` replaces.
        self.replaced: list[tuple[str, str]] = []
        self.elargi = False
        one = {tuple(map(stem, pair)): (stem(word),) for pair, word in self.query.joined.items()}
        self.synonyms = memoize("synonyms", _synonyms)
        self.groups = self._asked_groups(one)
        # For each typed word, its stem and those that mean the same: synonyms, completions, corrections.
        self.meanings = [
            {root, *(run[0] for run in group[1:] if len(run) == 1)}
            for group in self._asked_groups()
            for root in group[0]
        ]
        # With ``elargi``, the groups of which one is enough, each with its weight, and its words with theirs if it has several.
        self._any: list[tuple[Group, int, list[tuple[Group, int]]]] = []
        # The positions of the groups whose alternatives are all completions of the typed word.
        self._completed: set[int] = set()
        self.condition = self.titled

    @classmethod
    def find(
        cls, text: str, visible: QuerySet, weighed_in: QuerySet | None = None, *, by_title: bool = False
    ) -> "Words":
        """Searches, in six queries at most; see the class for the parameters."""
        search = cls(text, visible, weighed_in, by_title=by_title)
        if search.groups:
            search.condition |= search._find()
        return search

    def _find(self) -> Q:
        """The condition on Publication of the results."""
        condition = self._having(self.groups)
        if self._is_met(condition):
            return condition
        meaning = understand(self.query.words, memoize("thesaurus", _thesaurus_words))
        guessed = self._read_again(meaning)
        condition = self._having(self.groups)
        results = quoted(self.visible.filter(condition)) if meaning.corrected else ""
        is_guessed = not meaning.corrected and meaning.completed
        if not results and not (is_guessed and self._is_met(condition)):
            condition = self._any_of_them(guessed)
            if not self.elargi:
                return condition
        if meaning.corrected:
            self._set_corrections(meaning.corrected, spellings(results))
        return condition

    def _set_corrections(self, corrected: dict[str, str], spelt: dict[str, str]) -> None:
        """Sets ``corrige`` and ``replaced``, with the words as they were typed, and as the results write them."""
        typed = spellings(self.query.text)
        self.replaced = [
            (typed.get(word, word), spelt.get(corrected[word], corrected[word]))
            for word in self.query.words
            if word in corrected
        ]
        written = dict(self.replaced)
        self.corrige = WORD.sub(lambda match: written.get(match[0], match[0]), self.query.text)

    def _is_met(self, condition: Q) -> bool:
        return self.visible.filter(condition).exists()

    @staticmethod
    def _having(groups: Any, tier: int = TIERS[-1]) -> Q:
        return Q(pk__in=Expression(groups).rows(tier))

    def _read_again(self, meaning: "Understanding") -> set[int]:
        """Replaces words by their completions and corrections; returns the positions of the groups that were replaced."""
        endings = {stem(word): list(map(stem, whole)) for word, whole in meaning.completed.items()}
        corrected = {stem(word) for word in meaning.corrected.values()}
        others = {**endings, **{stem(word): [stem(other)] for word, other in meaning.corrected.items()}}
        for meant in self.meanings:
            meant.update(*(others.get(root, ()) for root in list(meant)))
        groups = self._groups([stem(meaning.corrected.get(word, word)) for word in self.query.words])
        guessed = {place for place, [(first, *_), *_] in enumerate(groups) if first in endings or first in corrected}
        self._completed = {place for place, [(first, *_), *_] in enumerate(groups) if first in endings}
        self.groups = [
            [(root,) for root in dict.fromkeys(endings[group[0][0]])] if group[0][0] in endings else group
            for group in groups
        ]
        return guessed

    def _any_of_them(self, guessed: set[int]) -> Q:
        """The condition that a row matches one of the groups, or one of the words of those with several. The rarer a group, the
        more it weighs; a guessed one, half as much. The words of a group weigh together as much as the group at most."""
        words_of = {group[0]: [(root,) for root in group[0]] if len(group[0]) > 1 else [] for group in self.groups}
        parts = (self._groups([root])[0] for run in words_of.values() for (root,) in run)
        groups = {group[0]: group for group in [*self.groups, *parts]}
        if len(groups) < 2:
            return Q(pk__in=[])
        counts = self.weighed_in.aggregate(
            all=Count("pk"),
            **{f"of_{place}": Count("pk", filter=self._having([each])) for place, each in enumerate(groups.values())},
        )
        numbers = {run: counts[f"of_{place}"] for place, run in enumerate(groups)}
        weights = {run: 100 * log(1 + counts["all"] / number) for run, number in numbers.items() if number}
        for place, group in enumerate(self.groups):
            weight = weights.get(group[0], 0) / (2 if place in guessed else 1)
            rarity = {run: weights[run] for run in words_of[group[0]] if run in weights}
            share = min(1, weight / sum(rarity.values())) if weight and rarity else 1
            self._any.append(
                (group, round(weight), [(groups[run], round(share * each)) for run, each in rarity.items()])
            )
        condition = reduce(or_, (self._having([groups[run]]) for run in weights), Q(pk__in=[]))
        self.elargi = bool(weights) and (self.weighed_in is self.visible or self._is_met(condition))
        return condition

    def _asked_groups(self, one: Any = MappingProxyType({})) -> Any:
        """The groups of the typed words. Words of a question count only where they are part of a term that has synonyms."""
        asked = {stem(word) for word in self.query.words}
        groups = self._groups([stem(word) for word in self.query.with_asking], one)
        return [group for group in groups if len(group[0]) > 1 or group[0][0] in asked]

    def _groups(self, stems_: list[str], one: Any = MappingProxyType({})) -> Any:
        """One group of alternatives for each word, or for each run of words that has synonyms. Two words that may be one have it
        among the alternatives of each.

        :param one: ``{(stem, stem): (stem of the two as one word,)}``.
        """
        pairs = [one.get(pair, ()) for pair in pairwise(stems_)]
        groups, start = [], 0
        while start < len(stems_):
            for end in range(min(len(stems_), start + LONGEST_SYNONYM), start, -1):
                run = tuple(stems_[start:end])
                others = self.synonyms.get(run, [])
                if others or end == start + 1:
                    as_one = pairs[max(0, start - 1) : end] if end == start + 1 else [one.get(run, ())]
                    groups.append([run, *others, *filter(None, as_one)])
                    start = end
                    break
        return groups

    def ranked(self, rows: QuerySet) -> QuerySet:
        """``rows`` (results of this search), the most relevant first, then the newest.

        They are sorted by the tier of the words: title, names and criteria, introduction, anywhere; in each tier, by the number of the
        words that are in the introduction or above, then exact titles first. Those that have synonyms come after those that have the
        typed words, except that a title or a name with a synonym comes before a text with the typed words. With ``elargi``, by the sum
        of the weights of the words that they have: a word counts double in the title, the names or the introduction.
        """
        return rows.order_by(*self.order)

    @cached_property
    def order(self) -> list:
        """The expressions by which :meth:`ranked` sorts."""
        return [self.rank, self._title, *LATEST] if self.groups else list(LATEST)

    @cached_property
    def rank(self) -> Combinable:
        """The expression of a row's rank: the lower, the more relevant. Ranks of two searches of one text are comparable if both are
        ``elargi`` or neither is."""
        if not self.by_title:
            return self._rank
        return Case(When(self.titled, then=TITLED), default=self._rank, output_field=IntegerField())

    @property
    def _rank(self) -> Any:
        if not self.groups:
            return Value(LAST)
        if self.elargi:
            return Value(0) - reduce(add, (self._weight(*one) for one in self._any))
        typed = [group if place in self._completed else group[:1] for place, group in enumerate(self.groups)]
        # Synonyms of one word; the words of a longer one may stand far apart.
        near = [group[:1] + [run for run in group[1:] if len(run) == 1] for group in self.groups]
        ranks = [(typed, tier) for tier in TIERS[:-1]]
        if typed != self.groups:
            ranks += [(near, TIERS[0]), (near, TIERS[1]), (typed, TIERS[-1])]
            ranks += [(self.groups, tier) for tier in TIERS[:-1]]
        tiers = [When(self._having(groups, tier), then=RANK * rank) for rank, (groups, tier) in enumerate(ranks)]
        ladder = Case(*tiers, default=RANK * len(ranks), output_field=IntegerField())
        return reduce(sub, map(self._near_the_top, self.meanings), ladder) if len(self.meanings) > 1 else ladder

    def _near_the_top(self, meaning: set[str]) -> Case:
        """1 for a row that has one of these stems near the top, else 0."""
        near = When(self._having([[(root,) for root in sorted(meaning)]], NEAR_THE_TOP), then=1)
        return Case(near, default=0, output_field=IntegerField())

    def _weight(self, group: Group, weight: int, words_: Sequence[tuple[Group, int]] = ()) -> Case:
        """What a group adds to the score of a row, or without it what its words add."""
        near_the_top = When(self._having([group], NEAR_THE_TOP), then=2 * weight)
        otherwise = reduce(add, (self._weight(*word) for word in words_), Value(0))
        return Case(
            near_the_top, When(self._having([group]), then=weight), default=otherwise, output_field=IntegerField()
        )

    @property
    def _title(self) -> Case:
        """Sort key: 0 if the title or organisation is the typed text, 1 if the title begins with it, else 2."""
        whole = " ".join(words(self.corrige or self.query.text))
        return Case(
            When(Q(folded_title=whole) | Q(folded_organisation=whole), then=0),
            When(folded_title__startswith=whole, then=1),
            default=Value(2),
            output_field=IntegerField(),
        )

    @property
    def marked(self) -> set[tuple[str, ...]]:
        """The runs of stems to mark in snippets: each typed word, and each synonym where its words stand side by side."""
        return {(root,) for typed, *_others in self.groups for root in typed} | {
            run for group in self.groups for run in group[1:]
        }


def _titles_in(text: str) -> list[str]:
    """The folded titles that stand in ``text``: each run of its words, also with an article before it."""
    typed = words(text)[:MAX_TERMS]
    runs = [" ".join(typed[start:end]) for start in range(len(typed)) for end in range(start + 1, len(typed) + 1)]
    return [*runs, *(f"{article} {run}" for run in runs for article in ("la", "le", "les", "l"))]


def _synonyms() -> dict[tuple[str, ...], list[tuple[str, ...]]]:
    """``{stems of a term: [stems of its synonyms]}``."""
    synonyms: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for group in Synonyme.objects.all():
        terms = [(tuple(stems(term)) or tuple(map(stem, words(term))), _compound(term)) for term in group.liste]
        for typed, _one in terms:
            others = (one or other for other, one in terms if other != typed)
            synonyms.setdefault(typed, []).extend(filter(None, others))
    synonyms.pop((), None)
    return synonyms


def _compound(term: str) -> tuple[str, ...]:
    """The stem of a term that is a compound, as texts have it in the index: « deux-roues » is not « deux » and « roues »."""
    pairs = joined_pairs(term)
    return tuple(map(stem, pairs.values())) if len(pairs) == 1 and len(words(term)) == 2 else ()


def _thesaurus_words() -> frozenset[str]:
    """The folded terms of one word of the thesaurus, to which a typed word may be corrected."""
    terms = (words(term) for group in Synonyme.objects.all() for term in group.liste)
    return frozenset(term[0] for term in terms if len(term) == 1 and is_proposable(term[0]))
