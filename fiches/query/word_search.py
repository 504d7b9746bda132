"""The full-text search of a query, and the ranking of its results."""

from functools import cached_property, reduce
from operator import add, or_
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from fiches.models import Synonyme
from fiches.publications.text_analysis import read_query, stem, stems, words
from fiches.publications.version import Reach, memoize
from fiches.publications.words import TIERS, Expression
from fiches.query.spelling import understand

if TYPE_CHECKING:
    from fiches.query.spelling import Understanding


LONGEST_SYNONYM = 6
LATEST = ("-date", "-object_id")


class Words:
    """A full-text search of ``text`` in the register.

    :param visible: the queryset of Publication in which to search.

    A result must have all the words; two words that may be one (« auto-partage ») match as one too. If there is no result,
    words are completed or corrected (``corrige`` is then the corrected text). If there is still none, any of the words is
    enough (``elargi``). SQLite and PostgreSQL give the same results.
    """

    def __init__(self, text: str, visible: QuerySet) -> None:
        self.query = read_query(text)
        self.visible = visible
        self.corrige = ""
        self.elargi = False
        one = {tuple(map(stem, pair)): (stem(word),) for pair, word in self.query.joined.items()}
        self.groups = self._groups([stem(word) for word in self.query.words], one)
        # With ``elargi``, the groups of which one is enough, the most significant first.
        self._any: list[list[tuple[str, ...]]] = []
        self.condition = self._find() if self.groups else Q(pk__in=[])

    def _find(self) -> Q:
        """The condition on Publication of the results."""
        condition = self._having(self.groups)
        if self._is_met(condition):
            return condition
        meaning = understand(self.query.words)
        guessed = self._read_again(meaning)
        condition = self._having(self.groups)
        if not (meaning.completed or meaning.corrected) or not self._is_met(condition):
            condition = self._any_of_them(guessed)
            if not self.elargi:
                return condition
        if meaning.corrected:
            self.corrige = " ".join(meaning.corrected.get(word, word) for word in self.query.words)
        return condition

    def _is_met(self, condition: Q) -> bool:
        return self.visible.filter(condition).exists()

    @staticmethod
    def _having(groups: Any, tier: int = TIERS[-1]) -> Q:
        return Q(pk__in=Expression(groups).rows(tier))

    def _read_again(self, meaning: "Understanding") -> set[int]:
        """Replaces words by their completions and corrections; returns the positions of the groups that were replaced."""
        endings = {stem(word): list(map(stem, whole)) for word, whole in meaning.completed.items()}
        corrected = {stem(word) for word in meaning.corrected.values()}
        groups = self._groups([stem(meaning.corrected.get(word, word)) for word in self.query.words])
        guessed = {place for place, [(first, *_), *_] in enumerate(groups) if first in endings or first in corrected}
        self.groups = [
            [(root,) for root in dict.fromkeys(endings[group[0][0]])] if group[0][0] in endings else group
            for group in groups
        ]
        return guessed

    def _any_of_them(self, guessed: set[int]) -> Q:
        """The condition that a row matches one of the groups; sorts them by typed before guessed, then by rarity."""
        if len(self.groups) < 2:
            return Q(pk__in=[])
        counts = self.visible.aggregate(
            **{f"of_{place}": Count("pk", filter=self._having([group])) for place, group in enumerate(self.groups)}
        )
        significant = sorted((place in guessed, counts[f"of_{place}"], place) for place in range(len(self.groups)))
        self._any = [self.groups[place] for _guessed, number, place in significant if number]
        self.elargi = bool(self._any)
        return reduce(or_, (self._having([group]) for group in self._any), Q(pk__in=[]))

    def _groups(self, stems_: list[str], one: Any = MappingProxyType({})) -> Any:
        """One group of alternatives for each word, or for each run of words that has synonyms or is in ``one`` (pairs that may be
        one word)."""
        synonyms = memoize("synonyms", _synonyms, reach=Reach.EVERYWHERE)
        groups, start = [], 0
        while start < len(stems_):
            for end in range(min(len(stems_), start + LONGEST_SYNONYM), start, -1):
                run = tuple(stems_[start:end])
                others = synonyms.get(run, [])
                others = [*others, one[run]] if run in one else others
                if others or end == start + 1:
                    groups.append([run, *others])
                    start = end
                    break
        return groups

    def ranked(self, rows: QuerySet) -> QuerySet:
        """``rows`` (results of this search), the most relevant first, then the newest.

        They are sorted by the tier of the words: title, names and criteria, introduction, anywhere; in each tier, exact titles
        first. With ``elargi``, by the number of words they have, then by rarity of these words, typed words before guessed ones.
        """
        return rows.order_by(*self.order)

    @cached_property
    def order(self) -> list:
        """The expressions by which :meth:`ranked` sorts."""
        if self.elargi:
            has = [
                Case(When(self._having([group]), then=1), default=0, output_field=IntegerField()) for group in self._any
            ]
            number = reduce(add, has)
            return [number.desc(), *(one.desc() for one in has), self._title, *LATEST]
        tiers = [When(self._having(self.groups, tier), then=tier) for tier in TIERS[:-1]]
        return [Case(*tiers, default=TIERS[-1], output_field=IntegerField()), self._title, *LATEST]

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
    def stems(self) -> set[str]:
        """The stems to mark in snippets."""
        return {root for group in self.groups for run in group for root in run}


def _synonyms() -> dict[tuple[str, ...], list[tuple[str, ...]]]:
    """``{stems of a term: [stems of its synonyms]}``."""
    synonyms: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for group in Synonyme.objects.all():
        terms = [tuple(stems(term)) or tuple(map(stem, words(term))) for term in group.liste]
        for term in filter(None, terms):
            synonyms.setdefault(term, []).extend(other for other in terms if other and other != term)
    return synonyms
