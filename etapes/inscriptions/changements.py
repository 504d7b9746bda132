"""When an étape is published anew: those registered are told, once, of what changed for them; new places are given.

The mails wait for ten minutes: until then, another change takes their place, and going back to what was there before sends
nothing.
"""

from django.db import transaction
from django.utils import timezone
from wagtail.signals import page_published

from etapes.inscriptions.placement import held, move_up, tell
from etapes.inscriptions.rendez_vous import fingerprint
from etapes.models import EtapePage, Inscription
from fiches.mail.outbox import UNDO, take_back
from fiches.models import Courriel
from fiches.models.enums import Envoi

CALLED_OFF, GOES_AHEAD = "inscription_etape_annulee", "inscription_etape_maintenue"
LETTERS = ("inscription_etape_changee", "inscription_etape_reportee", CALLED_OFF, GOES_AHEAD)
BEFORE, REVISION = "avant", "revision"


def connect():
    page_published.connect(_published, sender=EtapePage, dispatch_uid="etapes_tell_registered")


def _published(sender, instance, **kwargs):
    if instance.live and instance.inscrits.exists():
        tell_registered(instance, replaced=getattr(instance, "replaced_revision_id", None))
        move_up(instance)


@transaction.atomic
def tell_registered(etape, *, replaced=None):
    """Everybody who counts on the étape and was told something else than what is now so. Twice tells once.

    :param replaced: key of the revision that was online before: what :mod:`etapes.inscriptions.publication` goes back to.
    :returns: how many are to be told.
    """
    etape = held(etape)
    if is_silent(etape):
        return 0
    now = fingerprint(etape)
    outdated = list(etape.inscrits.active().exclude(rendez_vous=now))
    told = sum(_tell_change(inscription, etape, now, replaced) for inscription in outdated)
    etape.inscrits.filter(pk__in=[each.pk for each in outdated]).update(rendez_vous=now)
    return told


def is_silent(etape):
    """Whether the étape took place: registered people get no more messages about it."""
    return etape.passee and etape.a_lieu


def _tell_change(inscription, etape, now, replaced):
    """Whether a mail waits for the person; one about an earlier change that they were not told of yet is taken back."""
    waiting = waiting_letters([inscription]).first()
    told = waiting.contexte if waiting else {BEFORE: inscription.rendez_vous, REVISION: replaced}
    before = told.get(BEFORE, "")
    take_back(inscription, modeles=LETTERS)
    inscription.rendez_vous = now
    if before == now:
        return False
    later = timezone.now() + UNDO
    tell(
        inscription,
        letter_for(etape, inscription),
        fact=f"{etape.live_revision_id}",
        send_after=later,
        **{BEFORE: before, REVISION: told.get(REVISION)},
    )
    return True


def waiting_letters(inscriptions):
    """The mails to these people about a change, which nobody has begun to send."""
    return waiting_letters_of_all().concerning(Inscription, [each.pk for each in inscriptions])


def waiting_letters_of_all():
    """The mails about a change of any étape, which nobody has begun to send."""
    return Courriel.objects.waiting().filter(modele__in=LETTERS, prochain_essai__gt=timezone.now())


def letter_for(etape, inscription):
    """The letter that states the étape’s present state, given the last one that the person received."""
    if etape.annulee:
        return CALLED_OFF
    sent = Courriel.objects.about(inscription).filter(modele__in=LETTERS, etat=Envoi.ENVOYE).order_by("-pk").first()
    if sent and sent.modele == CALLED_OFF and not etape.attend_sa_date:
        return GOES_AHEAD
    return "inscription_etape_reportee" if etape.attend_sa_date else "inscription_etape_changee"
