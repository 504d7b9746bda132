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
    return json_ld(event(etape))
