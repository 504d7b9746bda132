"""Reads the colours of ``fiches/css/couleurs.css`` for output without that style sheet: PDF files, mails, QR codes.

A host replaces the colours everywhere by putting a file of the same name among its own static files.
"""

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders

FILE = "fiches/css/couleurs.css"
BLOCKS = {"clair": r":root\s*\{([^}]*)\}", "sombre": r':root\[data-theme="sombre"\]\s*\{([^}]*)\}'}
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
COLOUR = re.compile(r"--([\w-]+):\s*#([0-9a-f]{3}|[0-9a-f]{6})\s*;", re.IGNORECASE)


def colours(theme: str = "clair") -> dict[str, str]:
    """``{name: "#rrggbb"}`` of a theme: ``clair`` (light) or ``sombre`` (dark)."""
    return _read(tuple(map(str, settings.STATICFILES_DIRS)))[theme]


def colour(name: str, theme: str = "clair") -> str:
    """The value (``#rrggbb``) of a colour of the style sheet ``couleurs.css``, by its name and its theme."""
    return colours(theme)[name]


@cache
def _read(folders: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """``{theme: colours}``, read once: looking for the file in all folders costs more than the rest of a page's head."""
    text = COMMENT.sub("", Path(finders.find(FILE) or FILE).read_text(encoding="utf-8"))
    themes: dict[str, dict[str, str]] = {}
    for theme, block in BLOCKS.items():
        rule = re.search(block, text)
        named = COLOUR.findall(rule[1]) if rule else []
        # A colour without a value in the dark theme keeps that of the light one.
        themes[theme] = themes.get("clair", {}) | {name: _six_digits(digits) for name, digits in named}
    return themes


def _six_digits(digits: str) -> str:
    return "#" + (digits if len(digits) == 6 else "".join(2 * digit for digit in digits)).lower()


def as_properties(theme: str = "clair") -> str:
    """The colours as CSS custom properties, ``--name: #rrggbb;``, for a page that doesn't load the site's style sheet."""
    return "".join(f"--{name}: {colour};" for name, colour in colours(theme).items())
