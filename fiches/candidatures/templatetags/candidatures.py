"""Filters of the dossier's pages: texts for a state, a line of history, a field or a mail."""

from django import template
from django.utils.translation import gettext_lazy as _

from fiches.candidatures.dossier_transitions import text_for_applicant
from fiches.candidatures.enums import Etat
from fiches.candidatures.forms import label_of
from fiches.mail.wordings import title_of

register = template.Library()
register.filter("dit", text_for_applicant)
register.filter("label_de", label_of)

EXPLANATIONS = {
    Etat.BROUILLON: _("You are writing it. It is kept, and nobody reads it before you send it."),
    Etat.RECU: _("It has arrived, and waits to be read."),
    Etat.EN_RELECTURE: _("The rally’s team is reading it."),
    Etat.CORRECTIONS_DEMANDEES: _("The team asks you to correct something before it goes further."),
    Etat.APPROUVE: _("It is approved; its fiche is not online for now."),
    Etat.PUBLIE: _("Its fiche is online."),
    Etat.REFUSE: _("It was not kept; the reasons are in the history below."),
    Etat.RETIRE: _("You withdrew it. Its fiche is no longer shown."),
}
MERGED_EXPLANATION = _(
    "It is closed: the team does not go on with it. This link opens your own answers only. If you think that it is a mistake, "
    "write to the team."
)


@register.filter
def explication(dossier):
    """Explains the state of a dossier to its applicant."""
    return MERGED_EXPLANATION if dossier.fusionne_dans_id else EXPLANATIONS.get(dossier.etat, "")


@register.filter
def get(mapping, key):
    return mapping.get(key, [])


@register.filter
def titre_de(courriel):
    """Returns the name of a mail."""
    return title_of(courriel.modele)
