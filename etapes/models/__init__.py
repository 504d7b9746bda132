"""Models of the étapes."""

from etapes.models.annonce import Annonce
from etapes.models.etape import DocumentDEtape, EtapeIndexPage, EtapeOrganisation, EtapePage, PresentationDeFiche
from etapes.models.inscription import Inscription

__all__ = [
    "Annonce",
    "DocumentDEtape",
    "EtapeIndexPage",
    "EtapeOrganisation",
    "EtapePage",
    "Inscription",
    "PresentationDeFiche",
]
