"""API resource ``/site``: the site's name, languages, menus, publisher and territory, for a separate front end."""

from collections.abc import Callable
from typing import Any

import orjson
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from ninja import Router, Schema
from wagtail.models import Page, Site

from fiches import content_language
from fiches.diffusion.api import lists, openapi_parameters, schemas
from fiches.diffusion.opendata import LICENCE
from fiches.diffusion.page_lookup import roots
from fiches.diffusion.renditions import social_picture
from fiches.models import FichePage
from fiches.models.querysets import VisibleQuerySet
from fiches.territoire.territory import territory

router = Router(tags=["site"])
_surroundings: list[Callable[[Site], dict[str, Any]]] = []


def register_surroundings(find: Callable[[Site], dict[str, Any]]) -> None:
    """Registers a function that completes the response; called from ``AppConfig.ready()``.

    :param find: ``find(site)``, called in the language of the response, returns keys that replace the general ones: ``menu``,
        ``pied``, ``nom``, ``editeur``, ``partage``…
    """
    _surroundings.append(find)


class Langue(Schema):
    code: str = schemas.described(None, "fr")
    nom: str = schemas.described(_("The language in its own words."), "français")
    url: str = schemas.described(_("The home page in this language."))


class Lien(Schema):
    """A link of a menu."""

    libelle: str
    url: str
    chemin: str | None = schemas.described(
        _("The path of the page on this site; null for a link to a form or elsewhere."), "/fiches/"
    )
    langue: schemas.CodeDeLangue = schemas.described(_("Language of the page to which it leads."), "fr")


class Editeur(Schema):
    """The publisher of the site; fields that staff left blank are empty."""

    nom: str
    adresse: str
    courriel: str
    telephone: str


class Departement(Schema):
    code: str = schemas.described(None, "25")
    nom: str = schemas.described(None, "Doubs")


class Territoire(Schema):
    nom: str = schemas.described(_("Name of the region."), "Bretagne")
    departements: list[Departement]
    contours: str = schemas.described(_("Address of their outlines, as GeoJSON: the ground of a map."))


class Partage(Schema):
    """The picture that social networks show with a link."""

    url: str
    largeur: int
    hauteur: int
    alt: str


class SiteEntier(Schema):
    """The response of ``/site``."""

    nom: str
    sous_titre: str
    presentation: str = schemas.described(_("A sentence or two on what the site is."))
    url: str = schemas.described(_("The home page."))
    langue: schemas.CodeDeLangue = schemas.described(_("Language of the words of this answer."), "fr")
    langues: list[Langue]
    menu: list[Lien]
    pied: list[Lien] = schemas.described(_("The links at the foot of each page."))
    obligatoires: list[Lien] = schemas.described(_("The legal pages, to which each page must lead."))
    editeur: Editeur
    partage: Partage | None = schemas.described(_("The picture that networks show with a link."))
    territoire: Territoire
    licence: str


@router.get(
    "/site",
    response=SiteEntier,
    openapi_extra=openapi_parameters.IN_LANGUAGE,
    url_name="site",
    operation_id="lireSite",
    summary=_("What surrounds every page"),
    description=_("The site’s name, languages, menus, publisher and territory."),
)
def read_site(request: HttpRequest) -> HttpResponse:
    code = lists.read_parameters(request, {}).get("langue") or content_language.default_language()
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    with override(code), content_language.activated(code):
        return lists.json_response(orjson.dumps(_site(site, code)))


def _site(site: Any, code: str) -> dict[str, Any]:
    homes = {content_language.language_of(home): home for home in roots(site) if home.live}
    home = homes.get(code) or site.root_page
    general = {
        "nom": site.site_name or settings.WAGTAIL_SITE_NAME,
        "sous_titre": "",
        "presentation": "",
        "menu": [_link(page) for page in VisibleQuerySet(Page).visible().child_of(home).in_menu()],
        "pied": [],
        "obligatoires": [],
        "editeur": dict.fromkeys(Editeur.model_fields, ""),
        "partage": None,
    }
    return {
        **general,
        **_registered_keys(site),
        "url": home.full_url or site.root_url,
        "langue": code,
        "langues": [
            {"code": each, "nom": content_language.autonym(each), "url": homes[each].full_url}
            for each in content_language.languages()
            if each in homes
        ],
        "territoire": {
            "nom": territory().area.nom,
            "departements": [{"code": key, "nom": name} for key, name in territory().names.items()],
            "contours": f"{site.root_url}{reverse('contours')}",
        },
        "licence": LICENCE,
    }


def _link(page: Any) -> Any:
    parts = page.get_url_parts()
    return {
        "libelle": page.title,
        "url": page.full_url,
        "chemin": parts[2] if parts else None,
        "langue": content_language.language_of(page),
    }


def shared_picture(page: Page, site: Site) -> Any:
    """Returns the picture that social networks show with a link to ``page``: its own, else that of the site, else None."""
    own = social_picture(page) if isinstance(page, FichePage) else None
    return own or _registered_keys(site).get("partage")


def _registered_keys(site: Site) -> dict[str, Any]:
    """Returns the keys that the other apps registered for a site."""
    return {key: value for find in _surroundings for key, value in find(site).items()}
