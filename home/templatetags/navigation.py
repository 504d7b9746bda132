"""Template tags for ``base.html``: navigation, languages, header and footer."""

from typing import TYPE_CHECKING, Any

from django import template
from django.template import Context
from django.utils.html import format_html
from wagtail.models import Site

from etapes.enums import StatutEtape
from etapes.models import EtapePage
from fiches.models import Publication
from fiches.models.routes import addresses
from home import language_versions as home_langues
from home.audit import audit
from home.models import Organisme
from home.navigation import surroundings

if TYPE_CHECKING:
    from home.language_versions import LanguageVersion


register = template.Library()


@register.simple_tag(takes_context=True)
def navigation(context: Context) -> dict[str, Any]:
    """Returns :func:`home.navigation.surroundings`; without links and with the publisher's defaults if there is no site (error
    pages)."""
    request = context.get("request")
    site = Site.find_for_request(request) if request else None
    return surroundings(site) if site else {"menu": [], "pied": [], "accueil": "/", "organisme": Organisme()}


@register.simple_tag(takes_context=True)
def page_versions(context: Context) -> "list[LanguageVersion]":
    """The language versions of the page or view: see :func:`home.language_versions.versions`."""
    page = context.get("page")
    return home_langues.versions(page if getattr(page, "pk", None) else None, context.get("request"))


@register.simple_tag(takes_context=True)
def french_page(context: Context) -> Any:
    """The French page at the requested path, if the path exists in French only: see :func:`home.language_versions.french_page`."""
    request = context.get("request")
    return home_langues.french_page(request) if request else None


@register.simple_tag(takes_context=True)
def is_cancelled_etape(context: Context) -> bool:
    """Whether the requested path is that of an étape that was online, then cancelled and taken off the site: mails that were sent
    before lead there."""
    request = context.get("request")
    if not request:
        return False
    gone = EtapePage.objects.filter(live=False, statut=StatutEtape.ANNULEE).exclude(first_published_at=None)
    return any(request.path.startswith(etape.get_url(request) or "\0") for etape in gone)


@register.simple_tag(takes_context=True)
def is_withdrawn_fiche(context: Context) -> bool:
    """Whether the requested path is that of a fiche that was public and no longer is, as the API's ``suppressions`` say too."""
    request = context.get("request")
    if not request or "\0" in request.path:  # which PostgreSQL refuses
        return False
    withdrawn = Publication.objects.filter(kind="fiche", slug=request.path.strip("/").rpartition("/")[2])
    paths = withdrawn.exclude(withdrawn_at=None).values_list("url_path", flat=True)
    return request.path in addresses(paths, request)


@register.simple_tag
def imposed(slug: str, words: str, links: dict[str, Any]) -> str:
    """A footer list item that links ``words`` to an ``IMPOSED`` page (`home.navigation`); "" if the page does not exist."""
    link = links.get("imposes", {}).get(slug)
    if not link:
        return ""
    hreflang = format_html(' hreflang="{}"', link["langue"]) if link["langue"] else ""
    return format_html('<li><a class="footer__link" href="{}"{}>{}</a></li>', link["adresse"], hreflang, words)


@register.inclusion_tag("components/header.html", takes_context=True)
def site_header(context: Context, links: dict[str, Any], versions: Any = ()) -> dict[str, Any]:
    """The header: menu with ``aria-current``, search, language switcher."""
    path = context["request"].path if context.get("request") else ""
    menu = [{**link, "ici": _aria_current(link["adresse"], path)} for link in links["menu"]]
    return {"links": links, "menu": menu, "versions": versions}


@register.inclusion_tag("components/footer.html")
def site_footer(links: dict[str, Any]) -> dict[str, Any]:
    """The footer, with the accessibility mention."""
    return {"links": links, "accessibilite": audit().mention}


def _aria_current(adresse: str, path: str) -> str:
    """The value of ``aria-current``: "page" for the link to ``path``, "true" for one to a page above it."""
    if adresse == path:
        return "page"
    return "true" if adresse != "/" and path.startswith(adresse) else ""
