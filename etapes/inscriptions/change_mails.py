"""When an étape is published again: mails registered people about changes of date or place, and gives new places.

The mails wait for ten minutes. A second change within that time replaces them; a change back cancels them.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.signals import page_published

from etapes.inscriptions.date_and_place import meeting_fingerprint
from etapes.inscriptions.mails import CALLED_OFF, CHANGED, CHANGES
from etapes.inscriptions.registration_transitions import lock_etape, move_up, queue_mail
from etapes.models import EtapePage, Inscription
from fiches.mail.outbox import UNDO, take_back
from fiches.models import Courriel

# The key in a mail's ``contexte`` of the fingerprint of the date and place that the person knew before.
BEFORE = "avant"


def connect() -> None:
    """Called from ``AppConfig.ready()``."""
    page_published.connect(_published, sender=EtapePage, dispatch_uid="etapes_tell_registered")


def _published(sender: type, instance: EtapePage, **kwargs: Any) -> None:
    if instance.live and instance.inscrits.exists():
        queue_change_mails(instance)
        move_up(instance)


@transaction.atomic
def queue_change_mails(etape: EtapePage) -> None:
    """Queues a mail to each active registration whose ``rendez_vous`` differs from the étape's, unless the étape took place.
    Idempotent."""
    etape = lock_etape(etape)
    if etape.passee and etape.a_lieu:
        return
    now = meeting_fingerprint(etape)
    outdated = list(etape.inscrits.active().exclude(rendez_vous=now))
    for inscription in outdated:
        _queue_change(inscription, etape, now)
    etape.inscrits.filter(pk__in=[each.pk for each in outdated]).update(rendez_vous=now)


def _queue_change(inscription: Inscription, etape: EtapePage, now: str) -> None:
    """Replaces the mail that waits for the person, or that staff stopped. Queues none if nothing changed since the last mail
    sent."""
    unsent = unsent_letters(etape).filter(sujet_id=inscription.pk).order_by("-pk").first()
    before = unsent.contexte.get(BEFORE, "") if unsent else inscription.rendez_vous
    take_back(inscription, modeles=CHANGES)
    if before != now:
        letter = CALLED_OFF if etape.annulee else CHANGED
        later = timezone.now() + UNDO
        queue_mail(inscription, letter, fact=f"{etape.live_revision_id}", send_after=later, **{BEFORE: before})


def unsent_letters(etape: EtapePage) -> Any:
    """The mails about a change of ``etape`` that wait, or that staff stopped before they would have left."""
    letters = Courriel.objects.unsent().filter(modele__in=CHANGES, prochain_essai__gt=timezone.now())
    return letters.concerning(Inscription, etape.inscrits.active().order_by().values("pk"))
