"""The core's models."""

from fiches.models.abonnement import Abonnement
from fiches.models.courriel import Courriel, ModeleDeCourriel
from fiches.models.echeance import Echeance
from fiches.models.edition import Edition
from fiches.models.fiche import FicheFinanceur, FicheIndexPage, FichePage
from fiches.models.grille import Critere, Dimension, FicheCritere, FicheMotCle, MotCle
from fiches.models.importation import EtatImport, Importation
from fiches.models.moderation import ApprobationTask, RelectureTask
from fiches.models.partenaire import Partenaire, Role
from fiches.models.publications import Publication, PublicationCount, PublicationValue, Version
from fiches.models.role_group import RoleGroup
from fiches.models.search_tables import Mot, RechercheVaine, Synonyme, TexteDeDocument
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
