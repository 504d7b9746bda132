"""Models of the site's own pages, pictures, bibliography and settings."""

from home.models.illustration import Illustration, IllustrationRendition
from home.models.legal_pages import AccessibilitePage, ConfidentialitePage
from home.models.pages import BibliographiePage, ContentPage, GrillePage, HomePage, PartenairesPage
from home.models.reference import Reference
from home.models.settings import LienDeMenu, LienDePied, Navigation, Organisme

__all__ = [
    "AccessibilitePage",
    "BibliographiePage",
    "ConfidentialitePage",
    "ContentPage",
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
