"""Models of the dossiers, the calls and the tips."""

from fiches.candidatures.models.appel import Appel, Confidentialite
from fiches.candidatures.models.dossier import Dossier, Evenement, Jeton, Modification
from fiches.candidatures.models.piece import Consentement, PieceJointe
from fiches.candidatures.models.signalement import Signalement

__all__ = [
    "Appel",
    "Confidentialite",
    "Consentement",
    "Dossier",
    "Evenement",
    "Jeton",
    "Modification",
    "PieceJointe",
    "Signalement",
]
