"""What ``base.html`` asks about the site."""

from django import template
from wagtail.models import Site

from home.models import Organisme
from home.navigation import links

register = template.Library()


@register.simple_tag(takes_context=True)
def navigation(context):
    """``{"menu", "pied"}``: see :func:`home.navigation.links`; empty where no site is known (an error page)."""
    site = site_of(context)
    return links(site) if site else {"menu": [], "pied": []}


@register.simple_tag(takes_context=True)
def organisme(context):
    """The publisher of the site, with defaults where staff wrote nothing yet."""
    site = site_of(context)
    return Organisme.for_site(site) if site else Organisme()


def site_of(context):
    request = context.get("request")
    return Site.find_for_request(request) if request else None
