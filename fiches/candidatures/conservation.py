"""How long the dossiers, the tips and their links are kept."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from fiches.candidatures.models import Jeton, Signalement
from fiches.candidatures.retablissement import forget, no_longer_undoable
from fiches.candidatures.retrait import DAYS_IN_A_MONTH, erase_if_old, old_dossiers
from fiches.upkeep.retention import MAILS, register_retention

TIPS = timedelta(days=DAYS_IN_A_MONTH * 12)


def register():
    register_retention(_("dossiers"), old_dossiers, erase=erase_if_old, describe=_name)
    register_retention(_("details hidden by a withdrawal"), no_longer_undoable, erase=forget)
    register_retention(_("tips"), lambda now: Signalement.objects.filter(date__lt=now - TIPS))
    register_retention(_("links"), lambda now: Jeton.objects.invalid().filter(cree__lt=now - MAILS))


def _name(dossier):
    return f"{dossier.numero or dossier.pk} {dossier.get_etat_display()} {dossier.depuis:%Y-%m-%d}"
