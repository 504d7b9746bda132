"""Template tags for ``base.html``: navigation, languages, header and footer."""

from typing import TYPE_CHECKING, Any

from django import template
from django.template import Context
from django.utils.html import format_html
from wagtail.models import Site

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
