"""What is deleted after an étape: needs first, then everything about those registered, some days later."""

import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from etapes.inscriptions.placement import move_up
from etapes.models import EtapeOrganisation, EtapePage, Inscription
from fiches.models.bulk import update
from fiches.upkeep.retention import register_retention

NEEDS = datetime.timedelta(days=1)
WITHOUT_DATE = datetime.timedelta(days=365)
"""How long an étape that is postponed without a new date keeps those who registered."""
# How long the contact details of an étape's organisers are kept once the étape is over.
CONTACTS = datetime.timedelta(days=365)
CONTACT = ("contact_nom", "contact_telephone", "contact_courriel")


def register():
    register_retention(_("accessibility needs of those registered"), old_needs, erase=forget_needs)
    register_retention(_("registrations"), old_registrations, describe=_name)
    register_retention(_("contacts of étapes"), old_contacts, erase=forget_contact, describe=_name_of_contact)


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


def old_contacts(now):
    """The organisers' contacts of each étape that ended more than a year ago."""
    named = EtapeOrganisation.objects.exclude(**dict.fromkeys(CONTACT, ""))
    over = named.filter(etape__termine_le__lt=now - CONTACTS).select_related("etape")
    return named.filter(pk__in=[link.pk for link in over if not link.etape.attend_sa_date])


def forget_contact(link):
    """On the page and in each of its revisions."""
    nobody = {**dict.fromkeys(CONTACT, ""), "contact_public": False}
    update(EtapeOrganisation.objects.filter(pk=link.pk), **nobody)
    for revision in link.etape.revisions.all():
        organisations = [{**each, **nobody} for each in revision.content.get("organisations", [])]
        revision.content = {**revision.content, "organisations": organisations}
        revision.save(update_fields=["content"])


def _name_of_contact(link):
    return f"contact {link.pk} étape {link.etape_id}"


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
