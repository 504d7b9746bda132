"""The only writer of subscriptions to the road books: request, confirmation, cancellation, retention."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from etapes.carnets.models import Abonne
from fiches.mail import outbox
from fiches.mail.subscriptions import CONFIRM_WITHIN, Secrets
from fiches.models.enums import Envoi
from fiches.upkeep.retention import SUBSCRIPTIONS

_secrets = Secrets("etapes.carnets.abonne")


def consent() -> str:
    """The consent text shown beside the button and stored with the subscription, in the active language."""
    return _(
        "I agree to get %(site)s’s road books by mail, a few times a year. My address serves for this only; I can"
        " withdraw at any time, with one click at the foot of each mail."
    ) % {"site": settings.WAGTAIL_SITE_NAME}


def token(abonne: Abonne) -> str:
    return _secrets.of(abonne.cle)


def abonne_of(text: str) -> Any:
    """The subscription that the secret ``text`` gives access to, or ``None``."""
    key = _secrets.key(text)
    return key and Abonne.objects.filter(cle=key).first()


@transaction.atomic
def ask(*, courriel: str, mention: str, langue: str = "") -> Abonne:
    """Stores an unconfirmed subscription and queues the mail that asks to confirm it. An address that is subscribed already
    gets a mail with the link to unsubscribe.

    At most one mail per address and day. The caller can't tell which of the two was sent.

    :param mention: the consent text that was shown.
    :param langue: language of the page, used for the mails.
    """
    agreed = {"mention": mention, "langue": langue}
    abonne, created = Abonne.objects.get_or_create(courriel=courriel.strip().lower(), defaults=agreed)
    if not created and abonne.confirme_le is None:
        Abonne.objects.filter(pk=abonne.pk).update(**agreed, demande_le=timezone.now())
    key = f"abonnement:{abonne.pk}:{timezone.localdate()}"
    outbox.post(key, modele="carnet_abonnement", destinataires=[abonne.courriel], sujet=abonne)
    return abonne


def confirm(*, abonne: Abonne) -> None:
    """Confirms the subscription, from the next issue on. Idempotent."""
    Abonne.objects.unconfirmed().filter(pk=abonne.pk).update(confirme_le=timezone.now())


@transaction.atomic
def stop(*, abonne: Abonne) -> None:
    """Deletes the subscription, its unsent mails, and the ``Exemplaire`` of each unsent issue."""
    unsent = abonne.courriels.exclude(etat=Envoi.ENVOYE).values_list("contexte", flat=True)
    diffusions = {contexte["diffusion"] for contexte in unsent if "diffusion" in contexte}
    abonne.exemplaires.filter(diffusion__in=diffusions).delete()
    abonne.delete()


def unconfirmed_for_too_long(now: datetime) -> Any:
    """Subscriptions that were not confirmed within ``CONFIRM_WITHIN``."""
    return Abonne.objects.unconfirmed().filter(demande_le__lt=now - CONFIRM_WITHIN)


def expired(now: datetime) -> Any:
    """Subscriptions confirmed longer ago than ``SUBSCRIPTIONS``: consent is to be asked for again."""
    return Abonne.objects.filter(confirme_le__lt=now - SUBSCRIPTIONS)


def of_address(courriel: str) -> QuerySet:
    """The subscriptions of an e-mail address."""
    return Abonne.objects.filter(courriel=courriel.strip().lower())


def export(abonne: Abonne) -> dict[str, Any]:
    """The data handed to a person who asks for it (GDPR, right of access)."""
    return {
        "demande_le": abonne.demande_le.isoformat(),
        "confirme_le": abonne.confirme_le and abonne.confirme_le.isoformat(),
        "mention": abonne.mention,
    }
