"""Template filters of the palmarès."""

from typing import TYPE_CHECKING, Any

from django import template
from django.utils.formats import number_format

if TYPE_CHECKING:
    from fiches.palmares.models import Nomination


register = template.Library()


@register.filter
def decimales(number: float | None) -> str:
    """Formats a number with two decimals in the active language: « 3,67 »."""
    return number_format(round(float(number), 2), decimal_pos=2) if number is not None else ""


@register.filter
def fields_of(row: "tuple[Nomination, Any, Any]") -> tuple[Any, Any]:
    """Returns the fields of a row of ``DecisionForm.rows``: the prize and the citation."""
    return row[1:]
