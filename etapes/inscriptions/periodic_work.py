"""Periodic work of registration: reminders, attendance after an étape, closing, and what is deleted.

Accessibility needs are deleted after one day, registrations and organisers' contacts later. All periods count from the end of the
étape.
"""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision

from etapes.inscriptions.registration_transitions import delete_registration, lock_etape, places_changed, queue_mail
from etapes.models import EtapeOrganisation, EtapePage, Inscription
from fiches.models.bulk import update
from fiches.models.revisions import rewrite_revisions
from fiches.upkeep.retention import register_retention

# Local hour from which reminders are sent.
FROM_HOUR = 9
# How long after the étape accessibility needs are kept.
NEEDS = datetime.timedelta(days=1)
# How long after its first date a postponed étape without a new date keeps its registrations; one without a date, after each
# was asked for.
WITHOUT_DATE = datetime.timedelta(days=365)
# How long the contact details of an étape's organisers are kept once the étape is over.
CONTACTS = datetime.timedelta(days=365)
# The condition that an étape is postponed, without a new date.
AWAITS_ITS_DATE = Q(statut="reportee", ancienne_date=None)
CONTACT = ("contact_nom", "contact_telephone", "contact_courriel")


def remind(now: datetime.datetime | None = None) -> int:
    """Periodic: queues a reminder to each person who has a place at an étape of tomorrow. Each gets one.

    :returns: the number of these people, 0 before ``FROM_HOUR``.
    """
    local = timezone.localtime(now)
    if local.hour < FROM_HOUR:
        return 0
    tomorrow = local.date() + datetime.timedelta(days=1)
    number = 0
    for etape in EtapePage.objects.visible().filter(date=tomorrow):
        if etape.a_lieu:
            for inscription in etape.inscrits.confirmed():
                queue_mail(inscription, "inscription_rappel", fact=tomorrow.isoformat())
                number += 1
    return number


def after_the_etapes(now: Any = None) -> int:
    """Periodic: writes the attendance of étapes that are over from the check-ins; returns how many were written."""
    over = EtapePage.objects.past().filter(participants=None, inscrits__arrivee_le__isnull=False).distinct()
    return sum(report_attendance(etape) for etape in over)


def close_desks(now: datetime.datetime | None = None) -> int:
    """Periodic: sends ``places_changed`` for étapes whose registration closed within a day. Returns their number."""
    now = now or timezone.now()
    recent = now - datetime.timedelta(days=1)
    etapes = EtapePage.objects.visible().filter(inscriptions="ouvertes").filter(commence_le__gte=recent)
    closed = [etape for etape in etapes if recent <= etape.guichet.ferme_le <= now]
    for etape in closed:
        places_changed.send(sender=EtapePage, etape=etape)
    return len(closed)


@transaction.atomic
def report_attendance(etape: EtapePage) -> bool:
    """Writes the number of arrivals to ``participants`` if it is empty: on the page and in all its revisions, so that the
    next publication keeps it.

    :returns: whether it was written.
    """
    etape = lock_etape(etape)
    number = etape.inscrits.arrived().count()
    if etape.participants is not None or not number:
        return False
    update(EtapePage.objects.filter(pk=etape.pk), participants=number)

    def counted(revision: Revision) -> dict[str, Any]:
        written = revision.content.get("participants")
        return {**revision.content, "participants": number if written is None else written}

    rewrite_revisions(etape, counted)
    return True


# --- What is deleted --------------------------------------------------------------------------------------------------


def register_periods() -> None:
    """Registers the periods after which registrations are deleted. Called from ``AppConfig.ready()``."""
    register_retention(_("accessibility needs of those registered"), old_needs, erase=forget_needs)
    register_retention(_("registrations"), old_registrations, erase=delete_registration, describe=_log_name)
    register_retention(_("contacts of étapes"), old_contacts, erase=forget_contact, describe=_contact_log_name)


def old_needs(now: datetime.datetime) -> QuerySet:
    over = EtapePage.objects.filter(termine_le__lt=now - NEEDS).exclude(AWAITS_ITS_DATE).order_by()
    return Inscription.objects.filter(etape__in=over.values("pk")).exclude(besoins="")


def forget_needs(inscription: Inscription) -> None:
    Inscription.objects.filter(pk=inscription.pk).update(besoins="")


def old_registrations(now: datetime.datetime | None = None) -> QuerySet:
    """The registrations of étapes that are over for more than ``conservation`` days, and those of étapes without a date that are
    older than ``WITHOUT_DATE``."""
    now = now or timezone.now()
    registered = EtapePage.objects.filter(inscrits__isnull=False, termine_le__lt=now).distinct().order_by()
    columns = ("date", "termine_le", "conservation", "statut", "ancienne_date")
    due = [each.pk for each in registered.only(*columns) if each.termine_le and each.termine_le + _period(each) < now]
    undated = Q(etape__date=None, demandee_le__lt=now - WITHOUT_DATE)
    return Inscription.objects.filter(Q(etape__in=due) | undated)


def _period(etape: EtapePage) -> datetime.timedelta:
    return WITHOUT_DATE if etape.attend_sa_date else datetime.timedelta(days=etape.conservation)


def old_contacts(now: datetime.datetime) -> QuerySet:
    """The organisers with contact details of étapes that are over for more than a year."""
    over = EtapePage.objects.filter(termine_le__lt=now - CONTACTS).exclude(AWAITS_ITS_DATE)
    with_contact = EtapeOrganisation.objects.exclude(**dict.fromkeys(CONTACT, ""))
    return with_contact.filter(etape__in=over.order_by().values("pk")).select_related("etape")


def forget_contact(link: EtapeOrganisation) -> None:
    """Erases an organiser's contact details from the page and from all its revisions."""
    blank = {**dict.fromkeys(CONTACT, ""), "contact_public": False}
    update(EtapeOrganisation.objects.filter(pk=link.pk), **blank)

    def without_contacts(revision: Revision) -> dict[str, Any]:
        organisations = [{**each, **blank} for each in revision.content.get("organisations", [])]
        return {**revision.content, "organisations": organisations}

    rewrite_revisions(link.etape, without_contacts)


def _contact_log_name(link: Any) -> Any:
    return f"contact {link.pk} étape {link.etape_id}"


def _log_name(inscription: Any) -> Any:
    return f"{inscription.pk} étape {inscription.etape_id} {inscription.demandee_le:%Y-%m-%d}"


def registrations_of(courriel: str) -> QuerySet:
    """The registrations of an email address, of any case, in all states."""
    return Inscription.objects.filter(courriel__iexact=courriel).select_related("etape")


def export(inscription: Inscription) -> dict[str, Any]:
    """The data handed to a person who asks for their registration (GDPR, right of access)."""
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
