"""What ``base.html`` asks about the site."""

from django import template
from django.template.loader import get_template, render_to_string
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from wagtail.models import Site

from fiches import langues
from fiches.version import kept
from home import langues as home_langues
from home.audit import audit
from home.models import Organisme
from home.navigation import surroundings

register = template.Library()
SWITCHER = "<!--languages-->"
"""Where a page's own languages go in a head that is made once for many."""


@register.simple_tag(takes_context=True)
def navigation(context):
    """``{"menu", "pied", "organisme"}``: see :func:`home.navigation.surroundings`.

    Without a link, and with the publisher's defaults, where no site is known (an error page).
    """
    request = context.get("request")
    site = Site.find_for_request(request) if request else None
    return surroundings(site) if site else {"menu": [], "pied": [], "accueil": "/", "organisme": Organisme()}


@register.simple_tag(takes_context=True)
def page_versions(context):
    """The languages in which what is shown exists: see :func:`home.langues.versions`."""
    page = context.get("page")
    return home_langues.versions(page if getattr(page, "pk", None) else None, context.get("request"))


@register.simple_tag(takes_context=True)
def french_page(context):
    """For who asks in another language for what is in French only: the French page, or ``None``."""
    request = context.get("request")
    return home_langues.french_page(request) if request else None


@register.simple_tag
def imposed(slug, links):
    """The attributes of a link of the foot to a page that every site has; none while the site lacks it: words that lead
    nowhere."""
    link = links.get("imposes", {}).get(slug)
    if not link:
        return ""
    told = format_html(' hreflang="{}"', link["langue"]) if link["langue"] else ""
    return format_html('href="{}"{}', link["adresse"], told)


@register.simple_tag(takes_context=True)
def site_header(context, links, versions=()):
    """The head of each page, made once for each set of links that lead to where one is."""
    request = context.get("request")
    here = tuple(_leads_to(link["adresse"], request.path if request else "") for link in links["menu"])
    menu = [{**link, "ici": state} for link, state in zip(links["menu"], here, strict=True)]
    made = _component("header", {"links": links, "menu": menu, "place": SWITCHER}, here, request)
    switcher = render_to_string("components/languages.html", {"versions": versions}) if versions else ""
    return mark_safe(made.replace(SWITCHER, switcher, 1))  # noqa: S308 - both are templates' own


@register.simple_tag(takes_context=True)
def site_footer(context, links):
    """The foot of each page, made once for its links."""
    shown = {"links": links, "accessibilite": audit().mention}
    return _component("footer", shown, (), context.get("request"))


def _leads_to(adresse, path):
    """What ``aria-current`` says of a link."""
    if adresse == path:
        return "page"
    return "true" if adresse != "/" and path.startswith(adresse) else ""


def _component(name, shown, state, request):
    def make():
        return get_template(f"components/{name}.html").render(shown)

    site = Site.find_for_request(request) if request else None
    return kept((name, site.pk, langues.current(), get_language(), state), make) if site else make()
