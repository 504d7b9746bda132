"""What the bibliography's page shows of a reference to reference managers."""

from django import template

from home import references

register = template.Library()


@register.filter
def coins(reference):
    return references.coins(reference)
