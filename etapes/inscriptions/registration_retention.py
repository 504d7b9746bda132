"""Retention: deletes accessibility needs after one day, registrations and organisers' contacts later.

All periods count from the end of the étape. Where its date was changed to a past one, or emptied, they count from the change: names,
needs and contacts survive a mistyped year, and people who registered long before stay registered.
"""

import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision

from etapes.inscriptions.past_dates import LOST_ITS_DATE, MOVED_TO_THE_PAST, latest
from etapes.inscriptions.registration_transitions import delete_registration
from etapes.models import EtapeOrganisation, EtapePage, Inscription
from fiches.models.bulk import update
from fiches.models.revisions import rewrite_revisions
from fiches.upkeep.retention import register_retention

# How long after the étape accessibility needs are kept.
NEEDS = datetime.timedelta(days=1)
# How long after its first date a postponed étape without a new date keeps its registrations; one that lost its date, after
# each was asked for, or after the loss if it is later.
WITHOUT_DATE = datetime.timedelta(days=365)
# How long the contact details of an étape's organisers are kept once the étape is over.
CONTACTS = datetime.timedelta(days=365)
# What :func:`latest` returns.
Moves = dict[UUID, datetime.datetime]
CONTACT = ("contact_nom", "contact_telephone", "contact_courriel")


def register() -> None:
    """Registers the periods after which registrations are deleted. Called from ``AppConfig.ready()``."""
    register_retention(_("accessibility needs of those registered"), old_needs, erase=forget_needs)
    register_retention(_("registrations"), old_registrations, erase=delete_registration, describe=_log_name)
    register_retention(_("contacts of étapes"), old_contacts, erase=forget_contact, describe=_contact_log_name)


def old_needs(now: datetime.datetime) -> QuerySet:
    over = EtapePage.objects.filter(termine_le__lt=now - NEEDS).order_by()
    postponed = [etape.pk for etape in over.filter(statut="reportee") if etape.attend_sa_date]
    moves = latest(MOVED_TO_THE_PAST)
    moved = [
        etape.pk
        for etape in over.filter(translation_key__in=moves)
        if _over_since(etape, moves) != etape.termine_le and not _is_due(etape, now, moves)
    ]
    return Inscription.objects.filter(etape__in=over.exclude(pk__in=[*postponed, *moved])).exclude(besoins="")


def forget_needs(inscription: Inscription) -> None:
    Inscription.objects.filter(pk=inscription.pk).update(besoins="")


def old_registrations(now: datetime.datetime | None = None) -> QuerySet:
    """The registrations of étapes that are over for more than ``conservation`` days ago, and those of étapes without a date that are
    older than ``WITHOUT_DATE``, if the étape lost its date as long ago."""
    now = now or timezone.now()
    registered = EtapePage.objects.filter(inscrits__isnull=False).distinct().order_by()
    columns = ("date", "termine_le", "conservation", "statut", "ancienne_date", "translation_key")
    moves = latest(MOVED_TO_THE_PAST)
    due = [etape.pk for etape in registered.only(*columns) if _is_due(etape, now, moves)]
    long_ago = now - WITHOUT_DATE
    dated_lately = [key for key, moment in latest(LOST_ITS_DATE).items() if moment >= long_ago]
    undated = Q(etape__date=None, demandee_le__lt=long_ago) & ~Q(etape__translation_key__in=dated_lately)
    return Inscription.objects.filter(Q(etape__in=due) | undated)


def _is_due(etape: EtapePage, now: datetime.datetime, moves: Moves) -> bool:
    period = WITHOUT_DATE if etape.attend_sa_date else datetime.timedelta(days=etape.conservation)
    return etape.termine_le is not None and _over_since(etape, moves) + period < now


def _over_since(etape: Any, moves: Moves) -> datetime.datetime:
    """The end of the étape, or the change of its date to a past one if it is later."""
    return max(etape.termine_le, moves.get(etape.translation_key, etape.termine_le))


def old_contacts(now: datetime.datetime) -> QuerySet:
    """The organisers with contact details of étapes that are over for more than a year."""
    with_contact = EtapeOrganisation.objects.exclude(**dict.fromkeys(CONTACT, ""))
    over = with_contact.filter(etape__termine_le__lt=now - CONTACTS).select_related("etape")
    moves = latest(MOVED_TO_THE_PAST)
    due = [
        link.pk for link in over if not link.etape.attend_sa_date and _over_since(link.etape, moves) + CONTACTS < now
    ]
    return with_contact.filter(pk__in=due)


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
