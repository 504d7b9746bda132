"""Template filter of the bibliography."""

from django import template

from home import reference_export

register = template.Library()


@register.filter
def coins(reference):
    return reference_export.coins(reference)
