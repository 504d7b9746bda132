"""Page weights (``home/data/poids.csv``) and decisions on ecodesign criteria (``home/data/rgesn.csv``).

``tests/browser/test_sobriete.py`` measures the pages in a browser and fails when one grows past its stored weight. The
criteria are the 78 of the RGESN of May 2024 (source: Arcep, Licence Ouverte).
"""

import csv
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from home.audit import DATA, read

if TYPE_CHECKING:
    from home.audit import Audit


RGESN = DATA / "rgesn.csv"
WEIGHTS = DATA / "poids.csv"


class Poids(NamedTuple):
    """Weight of a page's first view, with an empty browser cache. ``octets``: bytes received; ``requetes``: number of
    requests; ``tiers``: number of other hosts."""

    adresse: str
    titre: str
    octets: int
    requetes: int
    tiers: int

    def within(self, known: "Poids") -> bool:
        """Whether this measure is at most a tenth heavier than ``known``, with no more requests or hosts."""
        return self.octets <= 1.1 * known.octets and self.requetes <= known.requetes and self.tiers <= known.tiers


@cache
def criteria() -> "Audit":
    """The decisions on the RGESN, as an :class:`home.audit.Audit`."""
    return read(RGESN)


@cache
def weights() -> list[Poids]:
    """The stored weights, in the order of the file."""
    with WEIGHTS.open(encoding="utf-8", newline="") as file:
        return [read_weight(row) for row in csv.DictReader(file)]


def read_weight(row: dict[str, str]) -> Poids:
    return Poids(row["adresse"], row["titre"], *(int(row[name]) for name in Poids._fields[2:]))
