"""Models of the site's own pages, pictures, bibliography and settings."""

from home.models.accessibilite import AccessibilitePage
from home.models.bibliographie import Reference
from home.models.demarches import ConfidentialitePage, EcoconceptionPage
from home.models.images import Illustration, IllustrationRendition
from home.models.pages import BibliographiePage, ContentPage, GrillePage, HomePage, PartenairesPage
from home.models.settings import LienDeMenu, LienDePied, Navigation, Organisme

__all__ = [
    "AccessibilitePage",
    "BibliographiePage",
    "ConfidentialitePage",
    "ContentPage",
    "EcoconceptionPage",
    "GrillePage",
    "HomePage",
    "Illustration",
    "IllustrationRendition",
    "LienDeMenu",
    "LienDePied",
    "Navigation",
    "Organisme",
    "PartenairesPage",
    "Reference",
]
