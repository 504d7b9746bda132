"""How an embed looks: its theme and its accent. Everything else in its address is the question."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from fiches.diffusion.embeds.couleurs import Accent, UnreadableColourError, read_accent
from fiches.query.parametres import clean, shown

THEMES = ("clair", "sombre", "auto")
NAMES = ("theme", "accent")


@dataclass
class Apparence:
    theme: str = "clair"
    # ``None``: the site's own green.
    accent: Accent | None = None
    # The colour as it was asked for.
    demande: str = ""
    # The nearest colour that can be read, where the one asked for can't.
    proposee: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    def parameters(self):
        """``[(name, value)]`` that ask for the same look; defaults are left out."""
        asked = [("theme", self.theme)] if self.theme != THEMES[0] else []
        return asked + ([("accent", self.demande)] if self.accent else [])


def read_look(query):
    """``(Apparence, what is left of the query)``. Nothing raises: what can't be read is told, the rest applies."""
    left, look = query.copy(), Apparence()
    asked = {name: clean((left.pop(name, None) or [""])[-1]) for name in NAMES}
    if asked["theme"] in THEMES:
        look.theme = asked["theme"]
    elif asked["theme"]:
        known = ", ".join(THEMES)
        message = _("“%(text)s” is no theme: choose among %(known)s.")
        look.errors["theme"] = message % {"text": shown(asked["theme"]), "known": known}
    if asked["accent"]:
        look.demande = asked["accent"]
        try:
            look.accent = read_accent(asked["accent"], look.theme)
        except UnreadableColourError as error:
            look.errors["accent"], look.proposee = str(error), error.proposee
    return look, left
