"""The colours of ``fiches/css/couleurs.css``, for what is not a page: paper, mails, social cards, codes, frames' accents.

A host that puts a file of this name among its own static files has its colours everywhere.
"""

import re
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders

FILE = "fiches/css/couleurs.css"
BLOCKS = {"clair": r":root\s*\{([^}]*)\}", "sombre": r':root\[data-theme="sombre"\]\s*\{([^}]*)\}'}
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
COLOUR = re.compile(r"--([\w-]+):\s*#([0-9a-f]{3}|[0-9a-f]{6})\s*;", re.IGNORECASE)


def colours(theme: str = "clair") -> dict[str, str]:
    """Each colour's six hexadecimal digits by its name: those of the day, or of the night with the theme ``sombre``."""
    return _read(finders.find(FILE))[theme]


def colour(name: str, theme: str = "clair") -> str:
    return colours(theme)[name]


@cache
def _read(path: str) -> dict[str, dict[str, str]]:
    text = COMMENT.sub("", Path(path).read_text(encoding="utf-8"))
    found: dict[str, dict[str, str]] = {}
    for theme, block in BLOCKS.items():
        written = re.search(block, text)
        named = COLOUR.findall(written[1]) if written else []
        # A colour that has no value of its own by night has that of the day.
        found[theme] = found.get("clair", {}) | {name: _six_digits(digits) for name, digits in named}
    return found


def _six_digits(digits: str) -> str:
    return "#" + (digits if len(digits) == 6 else "".join(2 * digit for digit in digits)).lower()


def as_properties(theme: str = "clair") -> str:
    """The colours as custom properties, for a style sheet that stands apart from the site's."""
    return "".join(f"--{name}: {colour};" for name, colour in colours(theme).items())
