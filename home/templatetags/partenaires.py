"""Template filter for the headings of groups of partners."""

from typing import Any

from django import template
from django.utils.translation import ngettext_lazy

from fiches.models import Role

register = template.Library()

HEADINGS = {
    Role.COPILOTE: ngettext_lazy("Co-pilot", "Co-pilots", "number"),
    Role.MAITRE_D_OEUVRE: ngettext_lazy("Lead contractor", "Lead contractors", "number"),
    Role.CADRE: ngettext_lazy("As part of", "As part of", "number"),
    Role.FINANCEUR: ngettext_lazy("Funder", "Funders", "number"),
    Role.ORGANISATEUR: ngettext_lazy("Étape organiser", "Étape organisers", "number"),
    Role.ASSOCIE: ngettext_lazy("Associated partner", "Associated partners", "number"),
}


@register.filter
def heading(group: dict[str, Any]) -> str:
    """The role's name in the singular or plural: « Copilote », « Copilotes ». ``group``: ``{"role", "partenaires"}``."""
    return HEADINGS[group["role"]] % {"number": len(group["partenaires"])}
