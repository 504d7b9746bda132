"""Template filter of the bibliography."""

from django import template

from home import references

register = template.Library()


@register.filter
def coins(reference):
    return references.coins(reference)
