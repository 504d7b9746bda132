"""Tags of the palmarès."""

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def decimales(number):
    """« 3,67 »: two decimals, as they are written here."""
    return number_format(round(float(number), 2), decimal_pos=2) if number is not None else ""


@register.filter
def fields_of(row):
    """The fields of one row of the decision's form: the prize, the citation."""
    return row[1:]
