"""Models of the palmarès."""

from fiches.palmares.models.decision import Decision, Prix
from fiches.palmares.models.edition import Categorie, CritereDeNotation, Nomination, Palmares
from fiches.palmares.models.jury import Evaluation, Jure
from fiches.palmares.models.page import PalmaresPage

__all__ = [
    "Categorie",
    "CritereDeNotation",
    "Decision",
    "Evaluation",
    "Jure",
    "Nomination",
    "Palmares",
    "PalmaresPage",
    "Prix",
]
