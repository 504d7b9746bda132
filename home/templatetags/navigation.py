"""What ``base.html`` asks about the site."""

from django import template
from django.template.loader import get_template
from django.utils.translation import get_language
from wagtail.models import Site

from fiches.version import kept
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
    return surroundings(site) if site else {"menu": [], "pied": [], "organisme": Organisme()}


@register.simple_tag(takes_context=True)
def site_header(context, links):
    """The head of each page, made once for each set of links that lead to where one is."""
    request = context.get("request")
    here = tuple(_leads_to(link["adresse"], request.path if request else "") for link in links["menu"])
    menu = [{**link, "ici": state} for link, state in zip(links["menu"], here, strict=True)]
    return _component("header", {"links": links, "menu": menu}, here, request)


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
    return kept((name, site.pk, get_language(), state), make) if site else make()
