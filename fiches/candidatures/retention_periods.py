"""The retention periods of dossiers, tips and links: their lengths, what is past them, and their registration."""

from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fiches.candidatures.dossier_erasure import erase_dossier
from fiches.candidatures.dossier_transitions import locked
from fiches.candidatures.enums import OVER, Etat
from fiches.candidatures.models import Dossier, Evenement, Jeton, Signalement
from fiches.upkeep.retention import MAILS, register_retention

DAYS_IN_A_MONTH = 30.44
# Settings in months, each with its default.
KEEP_DRAFTS = "RALLYNOV_KEEP_DRAFTS_MONTHS", 6
KEEP_REFUSED = "RALLYNOV_KEEP_REFUSED_MONTHS", 12
KEEP_UNDECIDED = "RALLYNOV_KEEP_UNDECIDED_MONTHS", 24
# The lines of history of a dossier whose fiche was approved.
DECIDED = (Etat.APPROUVE, Etat.PUBLIE)
# How long a tip is kept.
TIPS_MONTHS = 12
TIPS = timedelta(days=DAYS_IN_A_MONTH * TIPS_MONTHS)


def register() -> None:
    register_retention(_("dossiers"), old_dossiers, erase=erase_if_old, describe=_description)
    register_retention(_("tips"), lambda now: Signalement.objects.filter(date__lt=now - TIPS))
    register_retention(_("links"), lambda now: Jeton.objects.invalid().filter(cree__lt=now - MAILS))


def _description(dossier: Dossier) -> str:
    return f"{dossier.numero or dossier.pk} {dossier.get_etat_display()} {dossier.depuis:%Y-%m-%d}"


def retention_months(name: str, default: int) -> int:
    """The number of months of the setting ``name``, which an operator may change."""
    return getattr(settings, name, default)


def old_dossiers(now: datetime | None = None) -> QuerySet:
    """Returns the dossiers past their retention period.

    - not sent: RALLYNOV_KEEP_DRAFTS_MONTHS (6) after the last change;
    - refused, withdrawn, never corrected, or whose fiche was deleted: RALLYNOV_KEEP_REFUSED_MONTHS (12);
    - sent and never decided on: RALLYNOV_KEEP_UNDECIDED_MONTHS (24).
    """
    now = now or timezone.now()
    drafts = now - timedelta(days=DAYS_IN_A_MONTH * retention_months(*KEEP_DRAFTS))
    over = now - timedelta(days=DAYS_IN_A_MONTH * retention_months(*KEEP_REFUSED))
    never_sent = Q(etat=Etat.BROUILLON, modifie__lt=drafts)
    given_up = Q(etat__in=OVER) | Q(etat=Etat.CORRECTIONS_DEMANDEES, modifie__lt=over)
    given_up |= Q(Exists(Evenement.objects.filter(dossier=OuterRef("pk"), etat__in=DECIDED)), fiche=None)
    late = now - timedelta(days=DAYS_IN_A_MONTH * retention_months(*KEEP_UNDECIDED))
    undecided = Q(etat__in=[Etat.RECU, Etat.EN_RELECTURE], depuis__lt=late, modifie__lt=late)
    return Dossier.objects.with_etat().filter(never_sent | given_up & Q(depuis__lt=over) | undecided)


def erase_if_old(dossier: Dossier) -> None:
    """Erases a dossier past its retention period, unless its applicant changed it, or it was erased, meanwhile."""
    with transaction.atomic(), suppress(Dossier.DoesNotExist):
        if old_dossiers().filter(pk=locked(dossier).pk).exists():
            erase_dossier(dossier)
