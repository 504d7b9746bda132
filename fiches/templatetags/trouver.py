"""Template tags of the list of fiches and its map."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.translation import ngettext

register = template.Library()


@register.simple_tag
def tuiles() -> dict[str, str]:
    """The tile server of the settings: ``{"adresse", "attribution"}``, empty if there is none."""
    return {
        "adresse": getattr(settings, "RALLYNOV_TILES_URL", ""),
        "attribution": getattr(settings, "RALLYNOV_TILES_ATTRIBUTION", ""),
    }


@register.filter
def innovations(number: Any) -> Any:
    """« innovation » or « innovations », as many as there are."""
    return ngettext("innovation", "innovations", number)
