"""Check-in at the door, and the étape's attendance derived from it."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Revision

from etapes.inscriptions.registration_transitions import lock_etape
from etapes.models import EtapePage, Inscription
from fiches.models.bulk import update
from fiches.models.revisions import rewrite_revisions


@transaction.atomic
def check_in(*, inscription: Inscription, came: bool = True) -> bool:
    """Marks a person as arrived, or undoes it with ``came=False``. Any state of the registration is accepted: the organiser
    decides whom to let in. Nothing public shows it, so that no page is made again.

    :returns: whether something changed.
    """
    lock_etape(inscription.etape)
    inscription.refresh_from_db()
    if bool(inscription.arrivee_le) == came:
        return False
    inscription.arrivee_le = timezone.now() if came else None
    Inscription.objects.filter(pk=inscription.pk).update(arrivee_le=inscription.arrivee_le)
    return True


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
