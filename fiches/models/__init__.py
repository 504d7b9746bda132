"""The core's models."""

from fiches.models.courriel import Abonnement, Courriel, ModeleDeCourriel
from fiches.models.echeance import Echeance
from fiches.models.fiche import FicheFinanceur, FicheIndexPage, FichePage
from fiches.models.grille import Critere, Dimension, Edition, FicheCritere, FicheMotCle, MotCle
from fiches.models.importation import EtatImport, Importation
from fiches.models.moderation import ApprobationTask, RelectureTask
from fiches.models.partenaire import Partenaire, Role
from fiches.models.publications import (
    Mot,
    Publication,
    PublicationCount,
    PublicationValue,
    RechercheVaine,
    Synonyme,
    TexteDeDocument,
    Version,
)
from fiches.models.role_group import RoleGroup
from fiches.models.territoire import Commune, Localisable

__all__ = [
    "Abonnement",
    "ApprobationTask",
    "Commune",
    "Courriel",
    "Critere",
    "Dimension",
    "Echeance",
    "Edition",
    "EtatImport",
    "FicheCritere",
    "FicheFinanceur",
    "FicheIndexPage",
    "FicheMotCle",
    "FichePage",
    "Importation",
    "Localisable",
    "Mot",
    "ModeleDeCourriel",
    "MotCle",
    "Partenaire",
    "RechercheVaine",
    "RelectureTask",
    "Role",
    "RoleGroup",
    "Synonyme",
    "TexteDeDocument",
    "Publication",
    "PublicationCount",
    "PublicationValue",
    "Version",
]
