"""Sets of slots as integers (bit *n* is slot *n*); those that the words index gave, kept as long as their snapshot."""

from collections import OrderedDict
from contextlib import suppress

A_WINDOW = 1024
ONE = ord("1")
MOST = 200
"""Sets kept: at fifty thousand fiches, two megabytes."""


def bits(slots, size):
    """The set that holds ``slots``."""
    octets = bytearray(size // 8 + 1)
    for slot in slots:
        octets[slot >> 3] |= 1 << (slot & 7)
    return int.from_bytes(octets, "little")


def members(keys, slot_of):
    """The set of the slots of these keys, of which there may be many; keys without a slot are left out."""
    digits = bytearray(b"0") * (len(slot_of) + 1)
    for slot in map(slot_of.get, keys):
        if slot is not None:
            digits[slot] = ONE
    digits.reverse()
    return int(digits, 2)


def slots(ensemble):
    """The slots of a set, the newest first."""
    return [slot for slot, bit in enumerate(bin(ensemble)[:1:-1]) if bit == "1"]


def first_slots(ensemble, number):
    """At most ``number`` of them, without going through the others."""
    width = A_WINDOW
    while (part := ensemble & ((1 << width) - 1)).bit_count() < number and width < ensemble.bit_length():
        width *= 4
    return slots(part)[:number]


class KeptSets:
    """Of a snapshot that has ``ensemble(pks)``, the set of the rows that the index found, and ``pks``, the key of each slot."""

    def __init__(self, snapshot):
        self.snapshot = snapshot
        self.kept = OrderedDict()

    def of(self, index, asked, among=None):
        """The set of each ``(expression, tier)``; those that are not kept are asked for in one query.

        :param among: the set outside of which nothing is looked for.
        """
        keys = [(index.table, expression.tsquery(tier), among) for expression, tier in asked]
        found = {key: self.kept[key] for key in keys if key in self.kept}
        if missing := {key: one for key, one in zip(keys, asked, strict=True) if key not in found}:
            here = None if among is None else [self.snapshot.pks[slot] for slot in slots(among)]
            rows = index.matching_each(list(missing.values()), here)
            found |= {key: self.snapshot.ensemble(pks) for key, pks in zip(missing, rows, strict=True)}
        self._keep(found)
        return [found[key] for key in keys]

    def _keep(self, found):
        for key, members in found.items():
            self.kept[key] = members
            self.kept.move_to_end(key)
        while len(self.kept) > MOST:
            with suppress(KeyError):  # another thread let it go
                self.kept.popitem(last=False)
