"""Mails reminders before a call closes, and the daily summary to the staff."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fiches.candidatures.enums import Etat
from fiches.candidatures.mails import number_of_dossiers, staff_members
from fiches.candidatures.models import Appel, Dossier
from fiches.candidatures.team_messages import unanswered_dossiers
from fiches.mail import outbox

MORNING = 7
BEFORE = (("7j", timedelta(days=7)), ("48h", timedelta(hours=48)))


def remind(now: datetime | None = None) -> int:
    """Reminds the applicants whose dossier isn't sent, 7 days and 48 hours before their call closes, once each.

    A blank dossier is not reminded of. Returns the number of mails.
    """
    now = now or timezone.now()
    number = 0
    for appel in Appel.objects.opened(now):
        due = [name for name, before in BEFORE if appel.cloture - before <= now]
        if due:
            for dossier in appel.dossiers.unsent().exclude(revision=0, pieces=None):
                number += _remind(dossier, appel, due[-1])
    return number


def _remind(dossier: Dossier, appel: Appel, name: str) -> bool:
    """Queues a reminder, unless it was sent already; returns whether it is new."""
    closing = timezone.localtime(appel.cloture)
    cle = f"rappel:{name}:{dossier.pk}:{closing:%Y%m%d}"  # a call whose closing date changes is reminded of again
    before = dossier.messages.filter(cle=cle).exists()
    outbox.post(cle, modele="rappel", destinataires=[dossier.courriel], sujet=dossier)
    return not before


def summarise_morning() -> Any:
    """Sends the summary from 7 a.m. on; returns the number of recipients."""
    return len(summarise_day()) if timezone.localtime().hour >= MORNING else 0


def summarise_day(now: Any = None) -> list[str]:
    """Mails the staff a summary, once a day, if any dossier waits. Returns the addresses."""
    now = now or timezone.now()
    dossiers = Dossier.objects.all()
    lines = [
        (_("received since yesterday"), dossiers.filter(soumis__gt=now - timedelta(days=1)).count()),
        (_("to be read"), dossiers.with_etat().filter(etat=Etat.RECU).count()),
        (_("late"), dossiers.late().count()),
        (_("with a message to answer"), unanswered_dossiers(dossiers).count()),
    ]
    resume = "\n".join(
        _("– %(label)s: %(number)s") % {"label": label, "number": number_of_dossiers(number)}
        for label, number in lines
        if number
    )
    people = staff_members().exclude(Q(email="") | Q(email__isnull=True))
    if not resume:
        return []
    for person in people:
        outbox.post(
            f"recapitulatif:{timezone.localtime(now):%Y-%m-%d}:{person.pk}",
            modele="recapitulatif",
            destinataires=[person.email],
            contexte={"resume": resume, "adresse": outbox.admin_url(reverse("dossiers:index"))},
        )
    return [person.email for person in people]
