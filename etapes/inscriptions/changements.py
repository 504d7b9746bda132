"""When an étape is published anew: those registered are told, once, of what changed for them; new places are given."""

from django.db import transaction
from wagtail.signals import page_published

from etapes.inscriptions.placement import held, move_up, tell
from etapes.inscriptions.rendez_vous import fingerprint
from etapes.models import EtapePage


def connect():
    page_published.connect(_published, sender=EtapePage, dispatch_uid="etapes_tell_registered")


def _published(sender, instance, **kwargs):
    if instance.inscrits.exists():
        tell_registered(instance)
        move_up(instance)


@transaction.atomic
def tell_registered(etape):
    """Everybody who counts on the étape and was told something else than what is now so. Twice tells once.

    :returns: how many were told.
    """
    etape = held(etape)
    if etape.passee and etape.a_lieu:
        return 0
    now = fingerprint(etape)
    outdated = list(etape.inscrits.active().exclude(rendez_vous=now))
    for inscription in outdated:
        inscription.rendez_vous = now
        tell(inscription, letter_for(etape), fact=f"{etape.live_revision_id}")
    etape.inscrits.filter(pk__in=[each.pk for each in outdated]).update(rendez_vous=now)
    return len(outdated)


def letter_for(etape):
    if etape.annulee:
        return "inscription_etape_annulee"
    return "inscription_etape_reportee" if etape.attend_sa_date else "inscription_etape_changee"
