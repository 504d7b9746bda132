"""The only writer of the subscriptions to the road books: asked for, confirmed, stopped, and forgotten."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from etapes.carnets.models import Abonne
from fiches.mail import outbox
from fiches.mail.subscriptions import Secrets
from fiches.models.enums import Envoi
from fiches.upkeep.retention import SUBSCRIPTIONS

# What nobody confirmed is deleted then, its address with it.
WAITS = timedelta(days=7)

_secrets = Secrets("etapes.carnets.abonne")


def consent():
    """What stands beside the button, and is kept with the subscription."""
    return _(
        "I agree to get Rally’nov’s road books by mail, a few times a year. My address serves for this only; I can"
        " withdraw at any time, with one click at the foot of each mail."
    )


def token(abonne):
    return _secrets.of(abonne.cle)


def abonne_of(text):
    """The subscription that a secret opens, or ``None``."""
    key = _secrets.key(text)
    return key and Abonne.objects.filter(cle=key).first()


@transaction.atomic
def ask(*, courriel, mention, langue=""):
    """Keeps the wish with the words agreed to and their language, and mails a link to confirm it; to who gets them already,
    the link to stop.

    At most one mail a day: nobody fills another's mailbox. Nothing tells the one who asks which it was.
    """
    agreed = {"mention": mention, "langue": langue}
    abonne, created = Abonne.objects.get_or_create(courriel=courriel.strip().lower(), defaults=agreed)
    if not created and abonne.confirme_le is None:
        Abonne.objects.filter(pk=abonne.pk).update(**agreed, demande_le=timezone.now())
    key = f"abonnement:{abonne.pk}:{timezone.localdate()}"
    outbox.post(key, modele="carnet_abonnement", destinataires=[abonne.courriel], sujet=abonne)
    return abonne


def confirm(*, abonne):
    """From the next issue on, it is sent. Twice is once."""
    Abonne.objects.unconfirmed().filter(pk=abonne.pk).update(confirme_le=timezone.now())


@transaction.atomic
def stop(*, abonne):
    """The address is forgotten, with the mails that wait for it: a copy that has not left is no copy."""
    waiting = abonne.courriels.exclude(etat=Envoi.ENVOYE).values_list("contexte", flat=True)
    kept_back = {contexte["diffusion"] for contexte in waiting if "diffusion" in contexte}
    abonne.exemplaires.filter(diffusion__in=kept_back).delete()
    abonne.delete()


def forgotten(now):
    """What nobody confirmed in a week."""
    return Abonne.objects.unconfirmed().filter(demande_le__lt=now - WAITS)


def old(now):
    """What was confirmed so long ago that it is to be asked for again."""
    return Abonne.objects.filter(confirme_le__lt=now - SUBSCRIPTIONS)


def of_address(courriel):
    """What hangs on an address."""
    return Abonne.objects.filter(courriel=courriel.strip().lower())


def told(abonne):
    """What its person gets of it."""
    return {
        "demande_le": abonne.demande_le.isoformat(),
        "confirme_le": abonne.confirme_le and abonne.confirme_le.isoformat(),
        "mention": abonne.mention,
    }
