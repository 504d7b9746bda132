"""Template filter of the bibliography."""

from typing import TYPE_CHECKING

from django import template

from home import reference_export

if TYPE_CHECKING:
    from home.models import Reference


register = template.Library()


@register.filter
def coins(reference: "Reference") -> str:
    return reference_export.coins(reference)
