"""What is deleted after an étape: needs first, then everything about those registered, some days later."""

import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from etapes.inscriptions.placement import move_up
from etapes.models import EtapePage, Inscription
from fiches.conservation import register_retention

NEEDS = datetime.timedelta(days=1)
WITHOUT_DATE = datetime.timedelta(days=365)
"""How long an étape that is postponed without a new date keeps those who registered."""


def register():
    register_retention(_("accessibility needs of those registered"), old_needs, erase=forget_needs)
    register_retention(_("registrations"), old_registrations, tell=_name)


def old_needs(now):
    over = EtapePage.objects.filter(termine_le__lt=now - NEEDS).order_by()
    waiting = [etape.pk for etape in over.filter(statut="reportee") if etape.attend_sa_date]
    return Inscription.objects.filter(etape__in=over.exclude(pk__in=waiting)).exclude(besoins="")


def forget_needs(inscription):
    Inscription.objects.filter(pk=inscription.pk).update(besoins="")


def old_registrations(now=None):
    """Those of each étape that ended longer ago than it keeps them."""
    now = now or timezone.now()
    held = EtapePage.objects.filter(inscrits__isnull=False).distinct().order_by()
    due = [
        etape.pk for etape in held.only("termine_le", "conservation", "statut", "ancienne_date") if _is_due(etape, now)
    ]
    return Inscription.objects.filter(etape__in=due)


def _is_due(etape, now):
    kept = WITHOUT_DATE if etape.attend_sa_date else datetime.timedelta(days=etape.conservation)
    return etape.termine_le + kept < now


def _name(inscription):
    return f"{inscription.pk} étape {inscription.etape_id} {inscription.demandee_le:%Y-%m-%d}"


def registrations_of(courriel):
    return Inscription.objects.filter(courriel__iexact=courriel).select_related("etape")


def erase(inscription):
    """One person's, before its time; whoever waits gets the place."""
    inscription.delete()
    move_up(inscription.etape)


def told(inscription):
    """What its person gets of it."""
    return {
        "etape": inscription.etape.title,
        "date": inscription.etape.date,
        "nom": inscription.nom,
        "organisation": inscription.organisation,
        "besoins": inscription.besoins,
        "etat": inscription.get_etat_display(),
        "demandee": inscription.demandee_le,
        "venue": inscription.arrivee_le,
        "accord": inscription.accord,
    }
