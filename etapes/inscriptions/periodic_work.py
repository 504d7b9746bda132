"""Periodic work of registration: reminders, attendance after an étape, closing of registration."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Revision

from etapes.inscriptions.registration_transitions import lock_etape, places_changed, queue_mail
from etapes.models import EtapePage
from fiches.models.bulk import update
from fiches.models.revisions import rewrite_revisions

# Local hour from which reminders are sent.
FROM_HOUR = 9


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
