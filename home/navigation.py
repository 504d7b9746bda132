"""Menu, footer links and publisher of the site, memoized."""

from typing import Any
from urllib.parse import urlsplit

from django.db.models import Q
from django.urls import Resolver404, resolve, translate_url
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from wagtail.images.models import AbstractImage
from wagtail.models import Page, Site

from fiches import content_language
from fiches.diffusion.renditions import absolute
from fiches.models import Partenaire, Role
from fiches.models.querysets import VisibleQuerySet, visible_condition
from fiches.publications.version import memoize
from fiches.territoire.territory import territory_words
from home.models.settings import SHARED_SIZE, LienDeMenu, LienDeNavigation, LienDePied, Organisme

# Slugs of the pages below the home page that the footer always links to, once they exist.
IMPOSED = ("partenaires", "accessibilite", "mentions-legales", "confidentialite")
# Names of the URL patterns that serve pages.
PAGE_URL_NAMES = ("wagtail_serve", "fichier_de_page")
# Labels, in other languages than the site's own, of links to these URL patterns.
TITLES = {
    "candidature": gettext_lazy("Propose an innovation"),
    "signaler": gettext_lazy("Report an innovation"),
    "contact": gettext_lazy("Contact"),
    "integration": gettext_lazy("On your own site"),
}
# Filter spec of the logos of partners, as on their page and at the foot of fiches.
LOGO_SIZE = "max-240x112"


def surroundings(site: Site) -> dict[str, Any]:
    """Returns the navigation and publisher of a site in the active language, memoized.

    ``menu`` and ``pied``: lists of links; ``presentation``: what the site is, where the publisher has not written it;
    ``financeurs``: ``[{"nom", "site", "logo"}]``, the funders; ``imposes``: ``{slug: link}`` of the ``IMPOSED`` pages;
    ``accueil``: URL of the home page; ``organisme``: the `Organisme`; ``partage``: URL of the picture for social networks, or
    ``""``.

    A link is ``{"libelle", "adresse", "langue", "mots"}``. It leads to the page in the active language, else to the French
    one; then ``langue`` is the target's language, and ``mots`` that of the label. Links to pages that are not visible are
    left out.
    """
    name = (site.pk, content_language.active_language())
    return memoize(("publisher", *name), lambda: _read_publisher(site), shared=True) | memoize(
        ("links", *name), lambda: _read_links(site)
    )


def _read_links(site: Site) -> dict[str, Any]:
    menu, pied = (_links(model, site) for model in (LienDeMenu, LienDePied))
    pages = VisibleQuerySet(Page).visible().child_of(site.root_page).filter(slug__in=IMPOSED)
    imposed = {page.slug: _link(page, site) for page in pages.defer_streamfields()}
    home_url = "/"
    if content_language.active_language() != content_language.default_language():
        home_url = _translate([*menu, *pied, *imposed.values()], site)
    return {"menu": menu, "pied": pied, "imposes": imposed, "accueil": home_url}


def _read_publisher(site: Site) -> dict[str, Any]:
    organisme = Organisme.objects.filter(site=site).prefetch_related("partage__renditions").first()
    organisme = organisme or Organisme(site=site)
    return {
        "financeurs": _funders(),
        "presentation": _presentation(organisme),
        "organisme": organisme,
        "partage": _rendition_url(organisme.partage, SHARED_SIZE),
    }


def _presentation(organisme: Organisme) -> str:
    return _(
        "%(name)s looks for the social innovations %(of_territory)s: companies and associations that improve people’s lives and meet "
        "a need."
    ) % {"name": organisme.nom, **territory_words()}


def leads_to_a_page(link: dict[str, Any]) -> bool:
    """Whether a link of :func:`surroundings` leads to a page of this site: neither to a form nor elsewhere."""
    with override(link["langue"] or content_language.active_language()):
        try:
            return resolve(urlsplit(link["adresse"]).path).url_name in PAGE_URL_NAMES
        except Resolver404:
            return False


def _links(model: type[LienDeNavigation], site: Site) -> list[dict[str, Any]]:
    """The links of ``model`` on a site whose target is visible, in the order of the staff."""
    shown = Q(page__isnull=True) | visible_condition("page__")
    links = model._default_manager.filter(shown, navigation__site=site).select_related("page").order_by("sort_order")
    return [_link(link.page, site, link.libelle, link.adresse) for link in links]


def _link(page: Page | None, site: Site, label: str = "", address: str = "") -> dict[str, Any]:
    return {
        "libelle": label or (page.title if page else address),
        "adresse": address or _path(page, site),
        "langue": "",
        "mots": "",
        "page": page and page.translation_key,
    }


def _path(page: Page | None, site: Site) -> str:
    return page.url_path.removeprefix(site.root_page.url_path.rstrip("/")) if page else ""


def _funders() -> list[dict[str, str]]:
    partners = Partenaire.objects.filter(exemple=False).order_by("nom").prefetch_related("logo__renditions")
    return [
        {"nom": partner.nom, "site": partner.site, "logo": _rendition_url(partner.logo, LOGO_SIZE)}
        for partner in partners
        if Role.FINANCEUR in partner.roles
    ]


def _rendition_url(image: AbstractImage | None, filter_spec: str) -> str:
    """The absolute URL of a rendition that was made when the image was chosen; "" without one."""
    renditions = image.renditions.all() if image else ()
    return next((absolute(made.url) for made in renditions if made.filter_spec == filter_spec), "")


def _translate(links: list[Any], site: Site) -> str:
    """Changes each link in place to its target in the active language; marks links that have none with their language.

    :returns: the URL of the home page in the active language, or "/".
    """
    code, root = content_language.active_language(), site.root_page
    keys = {link["page"] for link in links if link["page"]} | {root.translation_key}
    pages = VisibleQuerySet(Page).visible().in_language(code).filter(translation_key__in=keys)
    translated = {page.translation_key: page for page in pages.defer_streamfields()}
    for link in links:
        page = translated.get(link["page"])
        other = None if link["page"] else _in_language(link["adresse"], code)
        if page:
            link.update(adresse=page.url, libelle=page.title)
        elif other:
            link.update(other)
        else:
            label, own = content_language.translation_of(link["libelle"]), content_language.default_language()
            link.update(langue=own, mots="" if label else own, libelle=label or link["libelle"])
    home = translated.get(root.translation_key)
    return home.url if home else "/"


def _in_language(adresse: str, code: str) -> dict[str, str]:
    """Updates for a link to a translated URL of the site: its URL and label in the language ``code``; ``{}`` if the URL is
    not translated (a page, another site)."""
    with override(content_language.default_language()):
        try:
            match = resolve(urlsplit(adresse).path)
        except Resolver404:
            return {}
        translated = "" if match.url_name in PAGE_URL_NAMES else translate_url(adresse, code)
    if translated in ("", adresse):
        return {}
    with override(code):
        title = TITLES.get(match.url_name or "")
        return (
            {"adresse": translated, "libelle": str(title)}
            if title
            else {"adresse": translated, "mots": content_language.default_language()}
        )
