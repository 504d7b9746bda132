"""How an étape's poster is laid out: WeasyPrint shrinks nothing by itself, so that lines are counted beforehand."""

from math import ceil
from typing import NamedTuple

POINT = 0.3528
"""Millimetres."""
WIDTH, BESIDE_PLATE = 178, 142
ROOM = 158
"""Millimetres between the road and the foot, the margins between the parts left out."""
TALLEST, SMALLEST, STEP = 90, 30, 10


class Text(NamedTuple):
    """A line of so many points: how wide a letter is in ems, how far lines stand apart."""

    points: int
    letter: float
    spacing: float = 1.0
    width: int = WIDTH

    def height(self, text):
        if not text:
            return 0
        a_line = self.width / (self.letter * self.points * POINT)
        return ceil(len(text) / (a_line * 0.9)) * self.points * POINT * self.spacing


TITLES = {"grand": 46, "moyen": 32, "petit": 22}
WHEN, WHERE, CHAPO = Text(30, 0.42, 1.1), Text(17, 0.52, 1.3), Text(13, 0.52, 1.45)
LONGEST = {"grand": 60, "moyen": 130}
PLATE, STAMP, EXAMPLE = 27, 20, 12


def layout(etape, *, quand, ou):
    """``{"titre": how large, "photo": height in millimetres, 0 for none, "chapo": whether it is printed}``."""
    titre = next((name for name, most in LONGEST.items() if len(etape.title) <= most), "petit")
    title = Text(TITLES[titre], 0.42, 1.0, BESIDE_PLATE if etape.numero else WIDTH)
    used = max(title.height(etape.title), PLATE if etape.numero else 0) + WHEN.height(quand) + WHERE.height(ou)
    used += STAMP * (etape.annulee or etape.reportee) + EXAMPLE * etape.exemple
    chapo = CHAPO.height(etape.chapo)
    is_printed = used + chapo <= ROOM
    left = ROOM - used - chapo * is_printed
    photo = min(TALLEST, int(left // STEP) * STEP)
    return {"titre": titre, "photo": photo if photo >= SMALLEST else 0, "chapo": is_printed}
