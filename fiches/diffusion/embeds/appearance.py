"""The appearance of an embed: the parameters ``theme`` and ``accent`` of its URL. The other parameters are the query.

An accent colour is accepted only with enough contrast (WCAG 1.4.3: 4.5 to 1).
"""

import re
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from fiches.colours import colour as known_colour
from fiches.models.coordinates import french
from fiches.query.parsers import clean, shown

THEMES = ("clair", "sombre", "auto")
NAMES = ("theme", "accent")
HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
MIN_CONTRAST = 4.5


@dataclass
class Apparence:
    theme: str = "clair"
    # ``#rrggbb``; empty: the site's own.
    accent: str = ""
    # The requested colour, as written in the URL.
    demande: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    def parameters(self) -> Any:
        """Returns ``[(name, value)]`` of the URL parameters for this appearance, without defaults."""
        theme = [("theme", self.theme)] if self.theme != THEMES[0] else []
        return theme + ([("accent", self.demande)] if self.accent else [])


def read_look(query: QueryDict) -> tuple[Apparence, QueryDict]:
    """Returns ``(Apparence, query without its parameters)``; invalid values are reported in ``Apparence.errors``, never raised."""
    rest, look = query.copy(), Apparence()
    requested = {name: clean((rest.pop(name, None) or [""])[-1]) for name in NAMES}
    if requested["theme"] in THEMES:
        look.theme = requested["theme"]
    elif requested["theme"]:
        known = ", ".join(THEMES)
        message = _("“%(text)s” is no theme: choose among %(known)s.")
        look.errors["theme"] = message % {"text": shown(requested["theme"]), "known": known}
    if requested["accent"]:
        look.demande = requested["accent"]
        try:
            look.accent = read_accent(requested["accent"], look.theme)
        except ValueError as error:
            look.errors["accent"] = str(error)
    return look, rest


def read_accent(text: str, theme: str) -> str:
    """Returns an accent colour as ``#rrggbb``.

    :param text: three or six hexadecimal digits, with or without ``#``.
    :param theme: ``clair``, ``sombre`` or ``auto``; the contrast is checked on the background of this theme (light for ``auto``, whose
        dark theme has the site's own colour).
    :raises ValueError: for a text that isn't a colour, or a colour with too little contrast; the message says why.
    """
    match = HEX.fullmatch(text.strip())
    if not match:
        message = _("“%(text)s” is not a colour such as %(example)s.")
        raise ValueError(message % {"text": text[:20], "example": known_colour("fir")})
    digits = match[1].lower()
    asked = "#" + (digits if len(digits) == 6 else "".join(2 * digit for digit in digits))
    ratio = contrast(asked, known_colour("paper-raised", "sombre" if theme == "sombre" else "clair"))
    if ratio < MIN_CONTRAST:
        message = _("%(colour)s can’t be read by everyone: its contrast is %(ratio)s to 1, at least 4.5 is needed.")
        # Rounded down, so that a colour that is refused is never shown with a contrast of 4.5.
        raise ValueError(message % {"colour": asked, "ratio": french(int(ratio * 100) / 100)})
    return asked


def contrast(one: str, other: str) -> float:
    """Returns the WCAG contrast ratio of two colours, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Returns the WCAG relative luminance, from 0 to 1."""
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ink_on(colour: str) -> str:
    """Returns white or black, whichever has the better contrast on ``colour``."""
    inks = (known_colour("white"), known_colour("black"))
    return max(inks, key=lambda ink: contrast(ink, colour))
