"""What the pages weigh, measured in a browser and stored in ``home/data/poids.csv``, and which criteria of ecodesign are met.

The measures are taken by ``tests/browser/test_sobriete.py``, which fails when a page grows past them; the criteria are the
78 of the RGESN of May 2024 (source: Arcep, Licence Ouverte), decided on in ``home/data/rgesn.csv``.
"""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

from home.audit import DATA, read

RGESN = DATA / "rgesn.csv"
WEIGHTS = DATA / "poids.csv"


class Poids(NamedTuple):
    """The first view of a page, with nothing in the browser's cache: bytes received, requests, other hosts asked."""

    adresse: str
    titre: str
    octets: int
    requetes: int
    tiers: int

    def within(self, known):
        """Whether this measure is no heavier than ``known`` by more than a tenth, nor asks for more."""
        return self.octets <= 1.1 * known.octets and self.requetes <= known.requetes and self.tiers <= known.tiers


@cache
def criteria():
    """The decisions on ecodesign, as an :class:`home.audit.Audit`."""
    return read(RGESN)


@cache
def weights():
    """``[Poids]``, in the order of the file."""
    with WEIGHTS.open(encoding="utf-8", newline="") as file:
        return [read_weight(row) for row in csv.DictReader(file)]


def read_weight(row):
    return Poids(row["adresse"], row["titre"], *(int(row[name]) for name in Poids._fields[2:]))


def write_weights(found: list[Poids], path: Path = WEIGHTS):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(Poids._fields)
        writer.writerows(found)
