"""The appearance of an embed: the parameters ``theme`` and ``accent`` of its URL. The other parameters are the query."""

from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from fiches.diffusion.embeds.accent_colours import read_accent
from fiches.query.parsers import clean, shown

THEMES = ("clair", "sombre", "auto")
NAMES = ("theme", "accent")


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
