"""What ``base.html`` asks about the site."""

from django import template
from wagtail.models import Site

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
