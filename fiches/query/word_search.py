"""The full-text search of a query, and the ranking of its results."""

from functools import cached_property, reduce
from math import log
from operator import add, or_
from typing import NamedTuple

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from fiches.models import Synonyme
from fiches.publications.text_analysis import WORD, read_query, spellings, stem, stems, words
from fiches.publications.version import memoize
from fiches.publications.words import AS_WRITTEN, TIERS, Expression, is_proposable
from fiches.query.spelling import quoted, understand

Run = tuple[str, ...]
LONGEST_SYNONYM = 6
# The tiers of the title, the names and the introduction.
NEAR_THE_TOP = 3
LATEST = ("-date", "-object_id")


class Group(NamedTuple):
    """What may stand for a typed word, or for a run of words: itself or its completions; synonyms. Each is a run of stems."""

    typed: list[Run]
    others: list[Run]
    is_guessed: bool = False

    @property
    def all(self) -> list[Run]:
        return [*self.typed, *self.others]


class Words:
    """A full-text search of ``text`` among ``visible`` (a queryset of Publication), in six queries at most. ``condition`` is that of
    its results.

    A result must have all the words; two words that may be one (« auto-partage ») match as one too. If there is no result,
    words are completed or corrected (``corrige`` is then the corrected text). If there is still none, any of the words is enough
    (``elargi``). SQLite and PostgreSQL give the same results.
    """

    def __init__(self, text: str, visible: QuerySet) -> None:
        self.query = read_query(text)
        self.visible = visible
        self.corrige = ""
        self.elargi = False
        joined: dict[Run, Run] = {tuple(map(stem, pair)): (stem(word),) for pair, word in self.query.joined.items()}
        self.groups = self._groups({}, joined)
        # With ``elargi``, the weight of each group.
        self.weights: list[tuple[list[Run], int]] = []
        self.condition = self._find() if self.groups else Q(pk__in=[])

    def _find(self) -> Q:
        condition = having([group.all for group in self.groups])
        if self._is_met(condition):
            return condition
        meant = understand(self.query.words, memoize("thesaurus", _thesaurus_words, shared=True))
        self.groups = self._groups(meant, {})
        condition = having([group.all for group in self.groups])
        is_met = self._is_met(condition)
        if not is_met:
            condition = self._any_of_them()
        corrected = {word: others[0] for word, others in meant.items() if not others[0].startswith(word)}
        if corrected and (is_met or self.elargi):
            spelt = spellings(quoted(self.visible.filter(condition)))
            written = spellings(self.query.text)
            replaced = {written.get(word, word): spelt.get(other, other) for word, other in corrected.items()}
            self.corrige = WORD.sub(lambda match: replaced.get(match[0], match[0]), self.query.text)
        return condition

    def _is_met(self, condition: Q) -> bool:
        return self.visible.filter(condition).exists()

    def _any_of_them(self) -> Q:
        """The condition that a row matches one of the groups, or one of the words of those with several. The rarer it is, the more it
        weighs; half as much if it is guessed, or a part."""
        groups = {group.typed[0]: (group.all, 2 if group.is_guessed else 1) for group in self.groups}
        synonyms = memoize("synonyms", _synonyms, shared=True)
        parts = ((root,) for run in groups if len(run) > 1 for root in run)
        groups = {part: ([part, *synonyms.get(part, [])], 2) for part in parts} | groups
        if len(groups) < 2:
            return Q(pk__in=[])
        counts = self.visible.aggregate(
            all=Count("pk"),
            **{f"of_{place}": Count("pk", filter=having([each])) for place, (each, _by) in enumerate(groups.values())},
        )
        for place, (group, divisor) in enumerate(groups.values()):
            if number := counts[f"of_{place}"]:
                self.weights.append((group, round(100 * log(1 + counts["all"] / number) / divisor)))
        self.elargi = bool(self.weights)
        return reduce(or_, (having([group]) for group, _weight in self.weights), Q(pk__in=[]))

    def _groups(self, meant: dict[str, list[str]], joined: dict[Run, Run]) -> list[Group]:
        """One group for each word, or for each run of words that has synonyms. Words of a question (« trouver ») count only in such a run.

        :param meant: ``{word: [words that replace it]}``.
        :param joined: ``{(stem, stem): (stem of the two as one word,)}``: an alternative of each of the two words.
        """
        typed = self.query.with_asking
        synonyms = memoize("synonyms", _synonyms, shared=True)
        roots = [stem(meant[word][0] if len(meant.get(word, ())) == 1 else word) for word in typed]
        groups, start = [], 0
        while start < len(roots):
            end = start + 1
            for longer in range(min(len(roots), start + LONGEST_SYNONYM), end, -1):
                if tuple(roots[start:longer]) in synonyms:
                    end = longer
                    break
            run = tuple(roots[start:end])
            pairs = [run] if len(run) > 1 else [tuple(roots[max(0, start - 1) : end]), tuple(roots[start : end + 1])]
            as_one = [joined[pair] for pair in pairs if pair in joined]
            guessed = [(stem(other),) for other in meant.get(typed[start], ())] if end == start + 1 else []
            if end > start + 1 or typed[start] in self.query.words:
                others = [*synonyms.get(run, []), *as_one] if len(guessed) < 2 else []
                groups.append(Group(list(dict.fromkeys(guessed)) or [run], others, bool(guessed)))
            start = end
        return groups

    def ranked(self, rows: QuerySet, stop: int | None) -> list[int]:
        """The keys of the first ``stop`` of these matching rows, in :attr:`order`. A tier is read only if the better ones are not enough,
        and its latest rows first, which an index gives: sorting all that a common word matches takes twenty times as long."""
        if self.elargi or stop is None:
            return list(rows.order_by(*self.order).values_list("pk", flat=True)[:stop])
        titled = Q(pk__in=list(self.visible.filter(self._titled).values_list("pk", flat=True)))
        first = list(rows.filter(titled).order_by(*self.order).values_list("pk", self._rank)[:stop])
        keys, better = [], Q(pk__in=[])
        for tier in TIERS:
            keys += [pk for pk, rank in first if rank == tier]
            if len(keys) < stop:
                matches = having([group.all for group in self.groups], tier)
                others = rows.filter(matches, ~better, ~titled).order_by(*LATEST)
                keys += others.values_list("pk", flat=True)[: stop - len(keys)]
                better = matches
        return keys[:stop]

    @cached_property
    def order(self) -> list:
        """The expressions that sort results, the most relevant first, then the newest: by the tier of the words or their synonyms, which
        is title, names and criteria, introduction, or anywhere. With ``elargi``, by the sum of the weights of the words that they have:
        a word counts double in the title, the names or the introduction."""
        return [self._rank, self._title, *LATEST] if self.groups else list(LATEST)

    @property
    def _rank(self) -> Combinable:
        if self.elargi:
            return Value(0) - reduce(add, (_weight(*each) for each in self.weights))
        alternatives = [group.all for group in self.groups]
        tiers = [When(having(alternatives, tier), then=tier) for tier in TIERS[:-1]]
        return Case(*tiers, default=TIERS[-1], output_field=IntegerField())

    @property
    def _title(self) -> Case:
        """Sort key: 0 if the title or organisation is the typed text, 1 if the title begins with it, else 2."""
        whole = Q(folded_title=self._whole) | Q(folded_organisation=self._whole)
        return Case(When(whole, then=0), When(self._titled, then=1), default=Value(2), output_field=IntegerField())

    @property
    def _whole(self) -> str:
        """The typed text, folded."""
        return " ".join(words(self.corrige or self.query.text))

    @property
    def _titled(self) -> Q:
        """The condition that the organisation is the typed text, or that the title begins with it. The index of the words narrows it."""
        begun = Expression([[(word,)] for word in self._whole.split()], begun=True).rows(AS_WRITTEN)
        titled = Q(folded_title__startswith=self._whole) | Q(folded_organisation=self._whole)
        return Q(pk__in=begun) & titled

    @property
    def marked(self) -> set[str]:
        """The stems to mark in snippets: those of the typed words and of their synonyms."""
        return {root for group in self.groups for run in group.all for root in run}


def having(groups: list[list[Run]], tier: int = TIERS[-1]) -> Q:
    """The condition that a row of Publication has each of these groups in ``tier`` or a better one."""
    return Q(pk__in=Expression(groups).rows(tier))


def _weight(group: list[Run], weight: int) -> Case:
    near_the_top = When(having([group], NEAR_THE_TOP), then=2 * weight)
    return Case(near_the_top, When(having([group]), then=weight), default=0, output_field=IntegerField())


def _synonyms() -> dict[Run, list[Run]]:
    """``{stems of a term: [stems of its synonyms]}``."""
    synonyms: dict[Run, list[Run]] = {}
    for group in Synonyme.objects.all():
        terms = [tuple(stems(term)) for term in group.liste]
        for typed in filter(None, terms):
            synonyms.setdefault(typed, []).extend(other for other in terms if other and other != typed)
    return synonyms


def _thesaurus_words() -> frozenset[str]:
    """The folded terms of one word of the thesaurus, to which a typed word may be corrected."""
    terms = (words(term) for group in Synonyme.objects.all() for term in group.liste)
    return frozenset(term[0] for term in terms if len(term) == 1 and is_proposable(term[0]))
