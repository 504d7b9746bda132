"""Registers the site's own page types in the partner API, and the data of the ``site`` resource: menus, publisher, picture."""

from typing import Any

from django.templatetags.static import static
from django.utils.translation import gettext as _
from ninja import Schema
from wagtail.models import Page, Site

from fiches import content_language
from fiches.diffusion.api.page_resource import brief, register_page_type
from fiches.diffusion.api.page_schemas import PageBreve
from fiches.diffusion.api.schemas import described
from fiches.diffusion.api.site_resource import register_surroundings
from fiches.diffusion.renditions import absolute
from fiches.models.querysets import VisibleQuerySet
from home import models, processing_register
from home.models.reference import by_author
from home.navigation import leads_to_a_page, surroundings

# Page types whose only contents are their blocks. Lists that some of them show have a resource or file of their own.
TYPES = {
    models.ContentPage: "page",
    models.PartenairesPage: "partenaires",
    models.GrillePage: "grille",
    # Its audit is about the pages of this site: a front end of another make owes its own.
    models.AccessibilitePage: "accessibilite",
}


class Accueil(Schema):
    """Fields of the home page besides its blocks."""

    action: PageBreve | None = described(_("Where its first button leads, and what the button says."))


class Reference(Schema):
    """A work of the bibliography."""

    type: str = described(_("The kind of work, by its CSL-JSON name."), "article-journal")
    type_libelle: str
    titre: str
    auteurs: list[str] = described(None, ["Richez-Battesti, Nadine"])
    annee: int | None
    editeur: str
    revue: str = described(_("The journal, or the book of a chapter."))
    doi: str
    adresse: str
    langue: str = described(_("The language of the work; empty for French."), "en")
    note: str


class Bibliographie(Schema):
    """The works that the bibliography page lists."""

    references: list[Reference]


class Confidentialite(Schema):
    """The register that the privacy page shows."""

    traitements: list[processing_register.Traitement]


def bibliographies(pages: list[Any]) -> dict[int, Any]:
    """Returns ``{pk: Bibliographie as a dict}`` for bibliography pages. One query."""
    names = ("type", "titre", "annee", "editeur", "revue", "doi", "adresse", "langue", "note")
    references = [
        {name: getattr(each, name) for name in names}
        | {"type_libelle": each.get_type_display(), "auteurs": each.liste_des_auteurs}
        for each in by_author()
    ]
    return {page.pk: {"references": references} for page in pages}


def privacy_pages(pages: list[Any]) -> dict[int, Any]:
    """Returns ``{pk: Confidentialite as a dict}`` for privacy pages. No query."""
    traitements = [traitement.model_dump() for traitement in processing_register.register()]
    return {page.pk: {"traitements": traitements} for page in pages}


def homes(pages: list[Any]) -> dict[int, Any]:
    """Returns ``{pk: Accueil as a dict}`` for home pages. One query."""
    targets = {page.action_page_id for page in pages if page.action_page_id}
    visible = VisibleQuerySet(Page).visible().in_bulk(targets)
    return {page.pk: {"action": _action(page, visible.get(page.action_page_id))} for page in pages}


def _action(page: Any, to: Any) -> dict[str, str] | None:
    return {**brief(to), "titre": page.action_libelle or to.title} if to else None


def around(site: Site) -> dict[str, Any]:
    """The contents of the ``site`` resource (`fiches.diffusion.api.site_resource`), in the active language."""
    parts = surroundings(site)
    organisme = parts["organisme"]
    return {
        "nom": organisme.nom,
        "sous_titre": organisme.accroche,
        "presentation": organisme.presentation or parts["presentation"],
        "menu": [_link(link, site) for link in parts["menu"]],
        "pied": [_link(link, site) for link in parts["pied"]],
        "obligatoires": [_link(link, site) for link in parts["imposes"].values()],
        "editeur": {
            "nom": organisme.editeur,
            "adresse": organisme.adresse,
            "courriel": organisme.courriel,
            "telephone": str(organisme.telephone or ""),
        },
        "partage": {
            "url": parts["partage"] or absolute(static("brand/social-card.png")),
            "largeur": 1200,
            "hauteur": 630,
            "alt": "",
        },
    }


def _link(link: dict[str, str], site: Site) -> dict[str, str | None]:
    is_local = link["adresse"].startswith("/")
    return {
        "libelle": str(link["libelle"]),
        "url": f"{site.root_url}{link['adresse']}" if is_local else link["adresse"],
        "chemin": link["adresse"] if is_local and leads_to_a_page(link) else None,
        "langue": link["langue"] or content_language.active_language(),
    }


def register() -> None:
    """Registers everything above. Called from ``AppConfig.ready()``."""
    register_page_type(models.HomePage, "accueil", shape=Accueil, own=homes)
    register_page_type(models.BibliographiePage, "bibliographie", shape=Bibliographie, own=bibliographies)
    register_page_type(models.ConfidentialitePage, "confidentialite", shape=Confidentialite, own=privacy_pages)
    for model, name in TYPES.items():
        register_page_type(model, name)
    register_surroundings(around)
