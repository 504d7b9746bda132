"""What the words of a query find, and in which order."""

from functools import cached_property
from types import MappingProxyType

from fiches.recherche.ensembles import bits, first_slots, slots
from fiches.recherche.indexation import MOTS
from fiches.recherche.moteur import TIERS, Expression
from fiches.recherche.texte import read_query, stem, words
from fiches.recherche.vocabulaire import understand

LONGEST_SYNONYM = 6
FEW = 500


class Words:
    """The words of ``text`` against the index; ``visible`` is the set of the fiches that may be found at all.

    All the words are asked for, two that may be one (« auto-partage ») as one too. When nothing has them all, each is
    read again (an unfinished word, a slip: ``corrige`` then says what was understood), and at last any of them will do
    (``elargi``). A query and its answer are the same on either database.
    """

    def __init__(self, text, snapshot, visible, index=MOTS):
        self.query = read_query(text)
        self.snapshot = snapshot
        self.visible = visible
        self.index = index
        self.corrige = ""
        self.elargi = False
        self._prominent = []
        self._guessed = frozenset()
        one = {tuple(map(stem, pair)): (stem(word),) for pair, word in self.query.joined.items()}
        self.groups = self._groups([stem(word) for word in self.query.words], one)
        self.found = self._find() if self.groups else 0

    def _find(self):
        found = self._matching()
        if found:
            return found
        meaning = understand(self.query.words, self.snapshot.jeton)
        self._read_again(meaning)
        if meaning.completed or meaning.corrected:
            *self._prominent, found = self._matching_each([(Expression(self.groups), tier) for tier in TIERS])
        found = found or self._any_of_them()
        if found and meaning.corrected:
            self.corrige = " ".join(meaning.corrected.get(word, word) for word in self.query.words)
        return found

    def _read_again(self, meaning):
        endings = {stem(word): list(map(stem, whole)) for word, whole in meaning.completed.items()}
        corrected = {stem(word) for word in meaning.corrected.values()}
        groups = self._groups([stem(meaning.corrected.get(word, word)) for word in self.query.words])
        self._guessed = frozenset(
            place for place, group in enumerate(groups) if group[0][0] in endings or group[0][0] in corrected
        )
        self.groups = [
            [(root,) for root in dict.fromkeys(endings[group[0][0]])] if group[0][0] in endings else group
            for group in groups
        ]

    def _any_of_them(self):
        if len(self.groups) < 2:
            return 0
        sets = self._matching_each([(Expression([group]), 4) for group in self.groups])
        found = 0
        for members in sets:
            found |= members
        self.elargi = bool(found)
        by_weight = sorted(
            (place in self._guessed, members.bit_count(), place) for place, members in enumerate(sets) if members
        )
        self._sets = [sets[place] for _guessed, _count, place in by_weight]
        return found

    def _matching(self, tier=4):
        return self._matching_each([(Expression(self.groups), tier)])[0]

    def _matching_each(self, asked, among=None):
        return [members & self.visible for members in self.snapshot.ensembles_de_mots.of(self.index, asked, among)]

    def _groups(self, stems, one=MappingProxyType({})):
        """Each word, or each run of words that is a synonym or may be ``one``, with what it stands for."""
        groups, start = [], 0
        while start < len(stems):
            for end in range(min(len(stems), start + LONGEST_SYNONYM), start, -1):
                run = tuple(stems[start:end])
                others = self.snapshot.synonymes.get(run, [])
                others = [*others, one[run]] if run in one else others
                if others or end == start + 1:
                    groups.append([run, *others])
                    start = end
                    break
        return groups

    def ranked(self, members, stop):
        """The first ``stop`` slots of ``members`` or more, the most relevant first, the newest first among equals.

        The exact title, then the words in the title, then in the names and the characterisation, then in the
        introduction, then anywhere. Widened to any of the words: those that have the most of them, and among those
        the ones that have the rarest, words as they were typed before words that were guessed.
        """
        ordered, left = [], members
        for tier in self._widened_tiers() if self.elargi else self._tiers(members, stop):
            ordered += self._titles_first(left & tier, stop - len(ordered))
            left &= ~tier
            if len(ordered) >= stop:
                return ordered
        return ordered + some_slots(left, stop - len(ordered))

    def _tiers(self, members, stop):
        """What of ``members`` is in each prominent tier: all of it, or enough for the first ``stop`` to be found in it.

        Few are told apart in one query. Of many, those whose title counts and the newest are asked for in that query:
        a tier of which many are is enough with these, and one of which few are costs little to look up.
        """
        if self._prominent:
            yield from self._prominent
            return
        stop = min(stop, members.bit_count())
        asked = [(Expression(self.groups), tier) for tier in TIERS[:3]]
        some = self._first_looked_at(members) if stop <= FEW else 0
        known = self._matching_each(asked, some) if some else [0, 0, 0]
        for one, here in zip(asked, known, strict=True):
            if some != members and (here & members).bit_count() < stop:
                here = self._matching_each([one])[0]
            yield here & members
            members &= ~here
            some &= ~here

    def _first_looked_at(self, members):
        if members.bit_count() <= FEW:
            return members
        return members & (self._named | self._begun | bits(first_slots(members, FEW), len(self.snapshot.reperes)))

    def _widened_tiers(self):
        more = 0
        for wanted in range(len(self._sets), 0, -1):
            members = at_least(self._sets, wanted)
            yield from first_of(members & ~more, self._sets)
            more = members

    def _titles_first(self, here, number):
        """Those whose title or organisation is what was typed, those whose title begins so, then ``number`` of the others."""
        exact = here & self._named
        begun = here & self._begun & ~exact
        return slots(exact) + slots(begun) + some_slots(here & ~exact & ~begun, number)

    @cached_property
    def _named(self):
        return bits(self.snapshot.named(self._whole), len(self.snapshot.reperes))

    @cached_property
    def _begun(self):
        return bits(self.snapshot.begun(self._whole), len(self.snapshot.reperes))

    @cached_property
    def _whole(self):
        return " ".join(words(self.corrige or self.query.text))

    @property
    def stems(self):
        """The roots to be marked in what is shown."""
        return {root for group in self.groups for run in group for root in run}


def some_slots(members, number):
    """At least ``number`` slots of a set, or all of them, the newest first."""
    return first_slots(members, number) if number <= FEW else slots(members)


def first_of(members, sets):
    """``members`` in parts: those of the first set before the others, and so on within each."""
    if members and sets:
        first, *others = sets
        yield from first_of(members & first, others)
        yield from first_of(members & ~first, others)
    elif members:
        yield members


def at_least(sets, wanted):
    """The members of ``wanted`` of the sets or more."""
    reached = [0] * (wanted + 1)
    reached[0] = -1
    for members in sets:
        for count in range(wanted, 0, -1):
            reached[count] |= reached[count - 1] & members
    return reached[wanted]
