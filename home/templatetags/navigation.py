"""What ``base.html`` asks about the site."""

from django import template
from django.utils.html import format_html
from wagtail.models import Site

from home import langues as home_langues
from home.audit import audit
from home.models import Organisme
from home.navigation import surroundings

register = template.Library()


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
def imposed(slug, words, links):
    """An item of a list of the foot: ``words``, which lead to a page that every site has; nothing while the site lacks it."""
    link = links.get("imposes", {}).get(slug)
    if not link:
        return ""
    told = format_html(' hreflang="{}"', link["langue"]) if link["langue"] else ""
    return format_html('<li><a class="footer__link" href="{}"{}>{}</a></li>', link["adresse"], told, words)


@register.inclusion_tag("components/header.html", takes_context=True)
def site_header(context, links, versions=()):
    """The head of each page: the menu, which says where one is, the search, the page's languages."""
    path = context["request"].path if context.get("request") else ""
    menu = [{**link, "ici": _leads_to(link["adresse"], path)} for link in links["menu"]]
    return {"links": links, "menu": menu, "versions": versions}


@register.inclusion_tag("components/footer.html")
def site_footer(links):
    """The foot of each page."""
    return {"links": links, "accessibilite": audit().mention}


def _leads_to(adresse, path):
    """What ``aria-current`` says of a link."""
    if adresse == path:
        return "page"
    return "true" if adresse != "/" and path.startswith(adresse) else ""
