"""What time brings by itself: the reminder of the day before, the attendance afterwards, desks that close."""

import datetime

from django.utils import timezone

from etapes.inscriptions.placement import places_changed, tell
from etapes.inscriptions.presence import report_attendance
from etapes.models import EtapePage

FROM_HOUR = 9


def remind(now=None):
    """Whoever has a place at an étape of tomorrow, from nine in the morning; each is reminded once.

    :returns: how many there are to remind.
    """
    local = timezone.localtime(now)
    if local.hour < FROM_HOUR:
        return 0
    tomorrow = local.date() + datetime.timedelta(days=1)
    number = 0
    for etape in EtapePage.objects.visible().filter(date=tomorrow):
        if etape.a_lieu:
            for inscription in etape.inscrits.confirmed():
                tell(inscription, "inscription_rappel", fact=tomorrow.isoformat())
                number += 1
    return number


def after_the_etapes(now=None):
    """The attendance of the étapes that are over, from who was checked in; returns how many were written."""
    over = EtapePage.objects.past().filter(participants=None, inscrits__arrivee_le__isnull=False).distinct()
    return sum(report_attendance(etape) for etape in over)


def close_desks(now=None):
    """Says of the étapes whose desk closed within the day that it did; asking again changes nothing."""
    now = now or timezone.now()
    recent = now - datetime.timedelta(days=1)
    etapes = EtapePage.objects.visible().filter(inscriptions="ouvertes").filter(commence_le__gte=recent)
    closed = [etape for etape in etapes if recent <= etape.guichet.ferme_le <= now]
    for etape in closed:
        places_changed.send(sender=EtapePage, etape=etape)
    return len(closed)
