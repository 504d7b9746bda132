"""Template tags of the étapes."""

from typing import TYPE_CHECKING

from django import template

from etapes.jsonld import event
from fiches.templatetags.rallynov import json_ld

if TYPE_CHECKING:
    from etapes.models import EtapePage


register = template.Library()


@register.simple_tag
def etape_ld(etape: "EtapePage") -> str:
    """The étape's JSON-LD; "" while it has no date."""
    data = event(etape)
    return json_ld(data) if data else ""
