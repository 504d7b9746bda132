"""Filters of the dossier's pages: texts for a state, a line of history, a field or a mail."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import template
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from fiches.candidatures.consentements import is_online
from fiches.candidatures.dossier_transitions import text_for_applicant
from fiches.candidatures.enums import Etat
from fiches.candidatures.forms import label_of_answer
from fiches.candidatures.mails import publication_once_withdrawn
from fiches.candidatures.still_named import SOUGHT
from fiches.mail.wordings import title_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from fiches.candidatures.models import Dossier
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
}


@register.filter
def explication(dossier: "Dossier") -> "StrOrPromise":
    """Explains the state of a dossier to its applicant."""
    if dossier.etat == Etat.RETIRE:
        return format_lazy("{} {}", _("You withdrew it."), publication_once_withdrawn(dossier))
    return EXPLANATIONS.get(Etat(dossier.etat), "")


@register.filter
def effet(consent: Any, sans_accord: Any) -> Any:
    """What a consent changes if it is taken back, or has changed since it was."""
    if consent.finalite == "actualites":
        return _("Once withdrawn: no more news by e-mail.") if consent.accorde else _("No more news is sent to you.")
    if consent.finalite == "publication":
        online = consent.accorde and is_online(consent.dossier)
        return _("The fiche leaves the site at once.") if online else _("The fiche is not on the site.")
    if sans_accord or not consent.accorde:
        return _("Nothing of this is shown on the site.")
    if consent.finalite in SOUGHT:
        return _(
            "It leaves the fiche’s contact at once. In a sentence of the fiche, it stays until the team corrects the sentence."
        )
    return _("It takes effect at once, everywhere on the site.")


@register.filter
def get(mapping: "dict[Dimension | str, Any]", key: "Dimension | str") -> datetime | list[str] | str:
    return mapping.get(key, [])


@register.filter
def titre_de(courriel: "Courriel") -> str:
    """Returns the name of a mail."""
    return title_of(courriel.modele)
