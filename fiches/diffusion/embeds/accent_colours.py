"""The accent colour of an embed: accepted only with enough contrast (WCAG 1.4.3: 4.5 to 1)."""

import colorsys
import re
from typing import NamedTuple

from django.utils.translation import gettext as _

from fiches.colours import colour as known_colour
from fiches.models.coordinates import french

HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
MIN_CONTRAST = 4.5
THEMES = ("clair", "sombre")


def ground(theme: str) -> str:
    """Returns the background colour behind the accent in a theme."""
    return known_colour("paper-raised", theme)


class Accent(NamedTuple):
    """An accent colour for each theme, with enough contrast on its background; text on it is white or black."""

    clair: str
    sombre: str

    @property
    def sur_clair(self) -> str:
        return ink_on(self.clair)

    @property
    def sur_sombre(self) -> str:
        return ink_on(self.sombre)


class UnreadableColourError(ValueError):
    """A colour is not accepted; the message says why, ``proposee`` is the nearest accepted colour, or ``""``."""

    def __init__(self, message: str, proposee: str = "") -> None:
        super().__init__(message)
        self.proposee = proposee


def read_accent(text: str, theme: str) -> Accent:
    """Parses an accent colour; the colour for the other theme is derived from it.

    :param text: three or six hexadecimal digits, with or without ``#``.
    :param theme: ``clair``, ``sombre`` or ``auto``; the contrast is checked on the background of this theme (light for ``auto``).
    :raises UnreadableColourError: for a text that isn't a colour, or a colour with too little contrast.
    """
    match = HEX.fullmatch(text.strip())
    if not match:
        message = _("“%(text)s” is not a colour such as %(example)s.")
        raise UnreadableColourError(message % {"text": text[:20], "example": known_colour("fir")})
    digits = match[1].lower()
    requested = "#" + (digits if len(digits) == 6 else "".join(2 * digit for digit in digits))
    judged = "sombre" if theme == "sombre" else "clair"
    ratio = contrast(requested, ground(judged))
    if ratio < MIN_CONTRAST:
        proposed = nearest(requested, ground(judged))
        message = _(
            "%(colour)s can’t be read by everyone: its contrast is %(ratio)s to 1, at least 4.5 is needed."
            " The nearest colour that can be read is %(proposed)s."
        )
        # Rounded down, so that a colour that is refused is never shown with a contrast of 4.5.
        rounded = french(int(ratio * 100) / 100)
        raise UnreadableColourError(message % {"colour": requested, "ratio": rounded, "proposed": proposed}, proposed)
    return Accent(*(nearest(requested, ground(each)) for each in THEMES))


def contrast(one: str, other: str) -> float:
    """Returns the WCAG contrast ratio of two colours, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Returns the WCAG relative luminance, from 0 to 1."""
    red, green, blue = (_linear(part) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def nearest(colour: str, behind: str) -> str:
    """Returns ``colour``, made darker or lighter if needed, just enough to be readable on the background ``behind``."""
    if contrast(colour, behind) >= MIN_CONTRAST:
        return colour
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(colour))
    bad, good = lightness, 0.0 if luminance(behind) > 0.18 else 1.0
    for _step in range(12):
        middle = (bad + good) / 2
        if contrast(_hex(hue, middle, saturation), behind) >= MIN_CONTRAST:
            good = middle
        else:
            bad = middle
    return _hex(hue, good, saturation)


def ink_on(colour: str) -> str:
    """Returns white or black, whichever has the better contrast on ``colour``."""
    inks = (known_colour("white"), known_colour("black"))
    return max(inks, key=lambda ink: contrast(ink, colour))


def _parts(colour: str) -> list[float]:
    return [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _hex(hue: float, lightness: float, saturation: float) -> str:
    return "#" + "".join(f"{round(255 * part):02x}" for part in colorsys.hls_to_rgb(hue, lightness, saturation))
