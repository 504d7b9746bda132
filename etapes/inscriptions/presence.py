"""The door: who came. What is counted there becomes the étape's attendance."""

from django.db import transaction
from django.utils import timezone

from etapes.inscriptions.placement import held
from etapes.models import EtapePage
from fiches.models.bulk import update


@transaction.atomic
def check_in(*, inscription, came=True):
    """Somebody is there, or was checked in by mistake. Who waited for a place, or had cancelled, and comes is let in by
    the organiser who checks: they are counted too.

    :returns: whether something changed.
    """
    held(inscription.etape)
    inscription.refresh_from_db()
    if bool(inscription.arrivee_le) == came:
        return False
    inscription.arrivee_le = timezone.now() if came else None
    inscription.save(update_fields=["arrivee_le"])
    return True


@transaction.atomic
def report_attendance(etape):
    """Writes how many came as the étape's attendance, where nobody gave another number: on the page, and in each of its
    revisions, so that the next publication keeps it.

    :returns: whether it was written.
    """
    etape = held(etape)
    number = etape.inscrits.arrived().count()
    if etape.participants is not None or not number:
        return False
    update(EtapePage.objects.filter(pk=etape.pk), participants=number)
    for revision in etape.revisions.all():
        if revision.content.get("participants") is None:
            revision.content = {**revision.content, "participants": number}
            revision.save(update_fields=["content"])
    return True
