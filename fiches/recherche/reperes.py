"""Fiches and entries in memory by what their title begins with and by their organisation: two look-ups, whatever their number."""

from bisect import bisect_left
from collections import defaultdict
from functools import cached_property

LAST = "\U0010ffff"
"""Sorts after whatever goes on a text."""


class Reperes:
    """``reperes`` holds the folded « title | organisation » of each slot."""

    reperes: list[str]

    @cached_property
    def par_titre(self):
        """The slots in the order of the titles."""
        return sorted(range(len(self.reperes)), key=self.reperes.__getitem__)

    @cached_property
    def par_organisation(self):
        found = defaultdict(list)
        for slot, repere in enumerate(self.reperes):
            _title, bar, organisation = repere.rpartition(" | ")
            if bar:
                found[organisation].append(slot)
        return found

    def begun(self, text):
        """The slots whose title begins so, in the order of the titles."""
        first, last = (
            bisect_left(self.par_titre, limit, key=self.reperes.__getitem__) for limit in (text, f"{text}{LAST}")
        )
        return self.par_titre[first:last]

    def named(self, text):
        """The slots whose title or organisation is this."""
        return self.begun(f"{text} | ") + self.par_organisation.get(text, [])
