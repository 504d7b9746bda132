"""The staff's actions on a webhook: create, change, renew the secret, pause, resume, test, send again."""

from typing import TYPE_CHECKING, Any

from django.db import transaction

from fiches.diffusion.models import Livraison
from fiches.diffusion.models.webhooks import EtatDeLivraison
from fiches.diffusion.webhooks import change_detection, delivery
from fiches.diffusion.webhooks.events import TEST
from fiches.diffusion.webhooks.signature import new_signing_secret

if TYPE_CHECKING:
    from fiches.diffusion.models import Webhook


@transaction.atomic
def create(webhook: "Webhook") -> str:
    """Saves a new webhook, which is notified of changes from now on; returns its secret, to be shown once."""
    webhook.sel, webhook.empreinte, secret = new_signing_secret()
    webhook.save()
    change_detection.follow(webhook)
    return secret


@transaction.atomic
def change(webhook: "Webhook") -> None:
    """Saves a webhook; pages of kinds that it newly follows are sent as published."""
    webhook.save()
    _catch_up(webhook)


def renew_secret(webhook: "Webhook") -> str:
    """Gives a webhook a new secret, which replaces the other at once; returns it, to be shown once."""
    webhook.sel, webhook.empreinte, secret = new_signing_secret()
    webhook.save(update_fields=["sel", "empreinte"])
    return secret


@transaction.atomic
def pause(webhook: "Webhook", *, why: str) -> None:
    """Stops sending to a webhook; ``why`` is shown to the staff."""
    webhook.actif, webhook.motif = False, why
    webhook.save(update_fields=["actif", "motif"])


@transaction.atomic
def resume(webhook: "Webhook") -> None:
    """Activates a webhook: sends the pending messages, and those about what changed while it was paused."""
    webhook.actif, webhook.motif, webhook.echecs = True, "", 0
    webhook.save(update_fields=["actif", "motif", "echecs"])
    transaction.on_commit(delivery.send_pending)
    _catch_up(webhook)


def _catch_up(webhook: "Webhook") -> None:
    transaction.on_commit(lambda: change_detection.compare_all_pages.enqueue(webhook.pk))


@transaction.atomic
def send_test(webhook: "Webhook") -> Any:
    """Sends a test message, even while the webhook is paused; it is not retried."""
    message = Livraison.objects.create(webhook=webhook, evenement=TEST)
    delivery.queue(message)
    return message


@transaction.atomic
def send_again(message: Livraison) -> None:
    """Sends a message again, with the page's current contents."""
    message.etat, message.tentatives = EtatDeLivraison.A_ENVOYER, 0
    message.prochain_essai = message._meta.get_field("prochain_essai").get_default()
    message.save(update_fields=["etat", "tentatives", "prochain_essai"])
    delivery.queue(message)
