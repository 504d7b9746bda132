"""The sets that the words index gave, kept as long as the snapshot that they are sets of."""

from collections import OrderedDict
from contextlib import suppress

MOST = 200
"""Sets kept: at fifty thousand fiches, a megabyte and a half."""


class KeptSets:
    """``ensemble`` makes the snapshot's set of the rows that the index found."""

    def __init__(self, ensemble):
        self.ensemble = ensemble
        self.kept = OrderedDict()

    def of(self, index, asked):
        """The set of each ``(expression, tier)``; those that are not kept are asked for in one query."""
        keys = [(index.table, expression.tsquery(tier)) for expression, tier in asked]
        found = {key: self.kept[key] for key in keys if key in self.kept}
        if missing := {key: one for key, one in zip(keys, asked, strict=True) if key not in found}:
            rows = index.matching_each(list(missing.values()))
            found |= {key: self.ensemble(pks) for key, pks in zip(missing, rows, strict=True)}
        self._keep(found)
        return [found[key] for key in keys]

    def _keep(self, found):
        for key, members in found.items():
            self.kept[key] = members
            self.kept.move_to_end(key)
        while len(self.kept) > MOST:
            with suppress(KeyError):  # another thread let it go
                self.kept.popitem(last=False)
