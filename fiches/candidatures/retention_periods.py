"""Registers the retention periods of dossiers, tips and links."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from fiches.candidatures.models import Jeton, Signalement
from fiches.candidatures.retrait import DAYS_IN_A_MONTH, erase_if_old, old_dossiers
from fiches.candidatures.withdrawal_undo import forget_details, past_undo
from fiches.upkeep.retention import MAILS, register_retention

if TYPE_CHECKING:
    from fiches.candidatures.models import Dossier


# How long a tip is kept.
TIPS_MONTHS = 12
TIPS = timedelta(days=DAYS_IN_A_MONTH * TIPS_MONTHS)


def register() -> None:
    register_retention(_("dossiers"), old_dossiers, erase=erase_if_old, describe=_description)
    register_retention(_("details hidden by a withdrawal"), past_undo, erase=forget_details)
    register_retention(_("tips"), lambda now: Signalement.objects.filter(date__lt=now - TIPS))
    register_retention(_("links"), lambda now: Jeton.objects.invalid().filter(cree__lt=now - MAILS))


def _description(dossier: "Dossier") -> str:
    return f"{dossier.numero or dossier.pk} {dossier.get_etat_display()} {dossier.depuis:%Y-%m-%d}"
