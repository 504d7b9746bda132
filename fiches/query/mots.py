"""What the words of a query find, and in which order."""

from functools import cached_property, reduce
from operator import or_
from types import MappingProxyType

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from fiches.models import Synonyme
from fiches.publications.tokens import read_query, stem, stems, words
from fiches.publications.version import Reach, memoize
from fiches.publications.words import TIERS, Expression
from fiches.query.vocabulaire import understand

LONGEST_SYNONYM = 6
LATEST = ("-date", "-object_id")


class Words:
    """The words of ``text`` against the register.

    :param visible: the queryset of Publication outside of which nothing may be found.

    All the words are asked for, two that may be one (« auto-partage ») as one too. When nothing has them all, each is
    read again (an unfinished word, a slip: ``corrige`` then says what was understood), and at last any of them will do
    (``elargi``). A query and its answer are the same on either database.
    """

    def __init__(self, text: str, visible: QuerySet) -> None:
        self.query = read_query(text)
        self.visible = visible
        self.corrige = ""
        self.elargi = False
        one = {tuple(map(stem, pair)): (stem(word),) for pair, word in self.query.joined.items()}
        self.groups = self._groups([stem(word) for word in self.query.words], one)
        # The groups of which any will do, the most telling first.
        self._any: list[list[tuple[str, ...]]] = []
        self.condition = self._find() if self.groups else Q(pk__in=[])

    def _find(self) -> Q:
        """The condition on Publication under which a row is found."""
        found = self._having(self.groups)
        if self._is_met(found):
            return found
        meaning = understand(self.query.words)
        guessed = self._read_again(meaning)
        found = self._having(self.groups)
        if not (meaning.completed or meaning.corrected) or not self._is_met(found):
            found = self._any_of_them(guessed)
            if not self.elargi:
                return found
        if meaning.corrected:
            self.corrige = " ".join(meaning.corrected.get(word, word) for word in self.query.words)
        return found

    def _is_met(self, condition: Q) -> bool:
        return self.visible.filter(condition).exists()

    @staticmethod
    def _having(groups, tier: int = TIERS[-1]) -> Q:
        return Q(pk__in=Expression(groups).rows(tier))

    def _read_again(self, meaning) -> set[int]:
        """Puts what was understood of each word in the place of it; returns the places of those that were guessed."""
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
        if len(self.groups) < 2:
            return Q(pk__in=[])
        counts = self.visible.aggregate(
            **{f"of_{place}": Count("pk", filter=self._having([group])) for place, group in enumerate(self.groups)}
        )
        telling = sorted((place in guessed, counts[f"of_{place}"], place) for place in range(len(self.groups)))
        self._any = [self.groups[place] for _guessed, number, place in telling if number]
        self.elargi = bool(self._any)
        return reduce(or_, (self._having([group]) for group in self._any), Q(pk__in=[]))

    def _groups(self, stems_, one=MappingProxyType({})):
        """Each word, or each run of words that is a synonym or may be ``one``, with what it stands for."""
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
        """``rows``, which are found, the most relevant first, the newest first among equals.

        The exact title, then the words in the title, then in the names and the characterisation, then in the
        introduction, then anywhere. Widened to any of the words: those that have the most of them, and among those
        the ones that have the rarest, words as they were typed before words that were guessed.
        """
        return rows.order_by(*self.order)

    @cached_property
    def order(self) -> list:
        """What :meth:`ranked` sorts by."""
        if self.elargi:
            has = [
                Case(When(self._having([group]), then=1), default=0, output_field=IntegerField()) for group in self._any
            ]
            number = reduce(lambda one, other: one + other, has)
            return [number.desc(), *(one.desc() for one in has), self._title, *LATEST]
        tiers = [When(self._having(self.groups, tier), then=tier) for tier in TIERS[:-1]]
        return [Case(*tiers, default=TIERS[-1], output_field=IntegerField()), self._title, *LATEST]

    @property
    def _title(self) -> Case:
        """Those whose title or organisation is what was typed, those whose title begins so, then the others."""
        whole = " ".join(words(self.corrige or self.query.text))
        return Case(
            When(Q(folded_title=whole) | Q(folded_organisation=whole), then=0),
            When(folded_title__startswith=whole, then=1),
            default=Value(2),
            output_field=IntegerField(),
        )

    @property
    def stems(self) -> set[str]:
        """The roots to be marked in what is shown."""
        return {root for group in self.groups for run in group for root in run}


def _synonyms() -> dict[tuple[str, ...], list[tuple[str, ...]]]:
    """``{stems: [other stems]}``."""
    found: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for group in Synonyme.objects.all():
        terms = [tuple(stems(term)) or tuple(map(stem, words(term))) for term in group.liste]
        for term in filter(None, terms):
            found.setdefault(term, []).extend(other for other in terms if other and other != term)
    return found
