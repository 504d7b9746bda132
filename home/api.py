"""The site's own pages in the partner API, and what surrounds every page: menus, publisher, picture for networks."""

from typing import Any

from django.templatetags.static import static
from django.utils.translation import gettext as _
from ninja import Schema
from wagtail.models import Page, Site

from fiches import langues
from fiches.diffusion.api.pages import PageBreve, brief, register_page_type
from fiches.diffusion.api.schemas import described
from fiches.diffusion.api.site import register_surroundings
from fiches.diffusion.images import absolute
from fiches.models.querysets import VisibleQuerySet
from home import models
from home.navigation import surroundings

# The types of pages that have no contents but their blocks; what some of them gather has its own resource or file.
TYPES = {
    models.ContentPage: "page",
    models.PartenairesPage: "partenaires",
    models.GrillePage: "grille",
    models.BibliographiePage: "bibliographie",
    models.AccessibilitePage: "accessibilite",
    models.ConfidentialitePage: "confidentialite",
    models.EcoconceptionPage: "eco_conception",
}


class Accueil(Schema):
    """What the home page has beside its blocks."""

    action: PageBreve | None = described(_("Where its first button leads, and what the button says."))


def homes(pages: list[Any]) -> dict[int, Any]:
    """``{key: Accueil}`` of home pages. One query."""
    wanted = {page.action_page_id for page in pages if page.action_page_id}
    visible = VisibleQuerySet(Page).visible().in_bulk(wanted)
    return {page.pk: {"action": _action(page, visible.get(page.action_page_id))} for page in pages}


def _action(page: Any, to: Any) -> dict[str, str] | None:
    return {**brief(to), "titre": page.action_libelle or to.title} if to else None


def around(site: Site) -> dict[str, Any]:
    """What `fiches.diffusion.api.site` says of a site, in the language being read."""
    found = surroundings(site)
    organisme = found["organisme"]
    return {
        "nom": organisme.nom,
        "sous_titre": organisme.sous_titre,
        "presentation": organisme.presentation,
        "menu": [_link(link, site) for link in found["menu"]],
        "pied": [_link(link, site) for link in found["pied"]],
        "obligatoires": [_link(link, site) for link in found["imposes"].values()],
        "editeur": {
            "nom": organisme.editeur,
            "adresse": organisme.adresse,
            "courriel": organisme.courriel,
            "telephone": str(organisme.telephone or ""),
        },
        "partage": {
            "url": found["partage"] or absolute(static("brand/social-card.png")),
            "largeur": 1200,
            "hauteur": 630,
            "alt": "",
        },
    }


def _link(link: dict[str, str], site: Site) -> dict[str, str | None]:
    here = link["adresse"].startswith("/")
    return {
        "libelle": str(link["libelle"]),
        "url": f"{site.root_url}{link['adresse']}" if here else link["adresse"],
        "chemin": link["adresse"] if here else None,
        "langue": link["langue"] or langues.current(),
    }


def register() -> None:
    """Called once, when Django starts."""
    register_page_type(models.HomePage, "accueil", shape=Accueil, own=homes)
    for model, name in TYPES.items():
        register_page_type(model, name)
    register_surroundings(around)
