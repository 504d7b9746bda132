"""Filters of the dossier's pages: texts for a state, a line of history, a field or a mail."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import template
from django.utils.translation import gettext_lazy as _

from fiches.candidatures.consentements import FINALITES
from fiches.candidatures.dossier_transitions import text_for_applicant
from fiches.candidatures.enums import Etat
from fiches.candidatures.forms import label_of_answer
from fiches.mail.wordings import title_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from fiches.candidatures.models import Consentement, Dossier
    from fiches.models import Courriel, Dimension


register = template.Library()
register.filter("dit", text_for_applicant)
register.filter("label_de", label_of_answer)

EXPLANATIONS = {
    Etat.BROUILLON: _("You are writing it. It is kept, and nobody reads it before you send it."),
    Etat.RECU: _("It has arrived, and waits to be read."),
    Etat.EN_RELECTURE: _("The rally’s team is reading it."),
    Etat.CORRECTIONS_DEMANDEES: _("The team asks you to correct something before it goes further."),
    Etat.APPROUVE: _("It is approved; its fiche is not online for now."),
    Etat.PUBLIE: _("Its fiche is online."),
    Etat.REFUSE: _("It was not kept; the reasons are in the history below."),
    Etat.RETIRE: _("You withdrew it: its fiche is not on the site."),
}


@register.filter
def explication(dossier: "Dossier") -> "StrOrPromise":
    """Explains the state of a dossier to its applicant."""
    return EXPLANATIONS[Etat(dossier.etat)]


@register.filter
def effet(consent: "Consentement") -> "StrOrPromise":
    """What a consent changes if it is withdrawn; empty if it is already."""
    return FINALITES[consent.finalite].effet if consent.accorde and consent.finalite in FINALITES else ""


@register.filter
def get(mapping: "dict[Dimension | str, Any]", key: "Dimension | str") -> datetime | list[str] | str:
    return mapping.get(key, [])


@register.filter
def titre_de(courriel: "Courriel") -> str:
    """Returns the name of a mail."""
    return title_of(courriel.modele)
