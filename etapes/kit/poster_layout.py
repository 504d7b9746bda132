"""Layout of an étape's poster. WeasyPrint does not shrink content to fit a page, so heights are estimated beforehand.

All lengths are in millimetres, font sizes in points.
"""

from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from etapes.models import EtapePage


# One point.
POINT = 0.3528
# Width of the text, and of a title beside the plate with the étape's number.
WIDTH, BESIDE_PLATE = 178, 142
# Height between the drawing of the road and the foot, without the margins between the parts.
ROOM = 158
# Heights of the photo: from SMALLEST to TALLEST in steps.
TALLEST, SMALLEST, STEP = 90, 30, 10


class Text(NamedTuple):
    """A text style. ``points``: font size; ``letter``: mean width of a letter in ems; ``spacing``: line height in ems;
    ``width``: of the line."""

    points: int
    letter: float
    spacing: float = 1.0
    width: int = WIDTH

    def height(self, text: str) -> Any:
        """Estimated height of ``text``, with a tenth of each line left blank by wrapping."""
        if not text:
            return 0
        letters_a_line = self.width / (self.letter * self.points * POINT)
        return ceil(len(text) / (letters_a_line * 0.9)) * self.points * POINT * self.spacing


# Font sizes of the title, and the longest title in letters for each but the smallest.
TITLES = {"grand": 46, "moyen": 32, "petit": 22}
LONGEST = {"grand": 60, "moyen": 130}
WHEN, WHERE, CHAPO = Text(30, 0.42, 1.1), Text(17, 0.52, 1.3), Text(13, 0.52, 1.45)
# Heights of the number plate, of the stamp of a cancelled or postponed étape, and of the "example" mark.
PLATE, STAMP, EXAMPLE = 27, 20, 12


def layout(etape: "EtapePage", *, quand: str, ou: str) -> dict[str, Any]:
    """Returns the poster's layout: ``titre``, a key of ``TITLES``; ``photo``, its height in millimetres or 0 for none;
    ``chapo``, whether it is printed."""
    titre = next((name for name, most in LONGEST.items() if len(etape.title) <= most), "petit")
    title = Text(TITLES[titre], 0.42, 1.0, BESIDE_PLATE if etape.numero else WIDTH)
    used = max(title.height(etape.title), PLATE if etape.numero else 0) + WHEN.height(quand) + WHERE.height(ou)
    used += STAMP * (etape.annulee or etape.reportee) + EXAMPLE * etape.exemple
    chapo = CHAPO.height(etape.chapo)
    is_printed = used + chapo <= ROOM
    left = ROOM - used - chapo * is_printed
    photo = min(TALLEST, int(left // STEP) * STEP)
    return {"titre": titre, "photo": photo if photo >= SMALLEST else 0, "chapo": is_printed}
