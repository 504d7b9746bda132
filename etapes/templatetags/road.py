"""Template tags of the étapes."""

from django import template

from etapes.jsonld import event
from fiches.templatetags.rallynov import json_ld

register = template.Library()


@register.simple_tag
def etape_ld(etape):
    return json_ld(event(etape))
