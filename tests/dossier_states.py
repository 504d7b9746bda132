"""Dossiers made by code in a state that the dossier itself stores; its fiche says the others."""

from django.utils import timezone

from fiches.candidatures.enums import OVER, Etat
from fiches.candidatures.models import Dossier


def stored_as(etat):
    """Returns the columns of a dossier without a fiche in this state: not sent, received, to be corrected, refused, withdrawn."""
    return {
        "soumis": None if etat == Etat.BROUILLON else timezone.now(),
        "a_corriger": [{"champ": "", "raison": "Trop court."}] if etat == Etat.CORRECTIONS_DEMANDEES else [],
        "clos": etat if etat in OVER else "",
    }


def dossier_in(etat, **fields):
    return Dossier.objects.create(**{"courriel": "a@x.test", **stored_as(etat), **fields})
