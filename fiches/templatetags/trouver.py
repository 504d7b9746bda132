"""Tags of the list and the map."""

from django import template
from django.conf import settings
from django.utils.translation import ngettext

register = template.Library()


@register.simple_tag
def tuiles():
    """The tile server that the operator named, if any: ``{"adresse", "attribution"}``."""
    return {
        "adresse": getattr(settings, "RALLYNOV_TILES_URL", ""),
        "attribution": getattr(settings, "RALLYNOV_TILES_ATTRIBUTION", ""),
    }


@register.filter
def innovations(number):
    """« innovation » or « innovations », as many as there are."""
    return ngettext("innovation", "innovations", number)
