"""What staff do with a webhook: the only writer of each step."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from fiches.diffusion.models import Livraison
from fiches.diffusion.models.webhooks import Etat
from fiches.diffusion.webhooks import livraison, suivi
from fiches.diffusion.webhooks.evenements import TEST
from fiches.diffusion.webhooks.signature import new_secret

BOTH_SECRETS = timedelta(days=7)
OF_THE_OLD_SECRET = ["ancien_sel", "ancienne_empreinte", "ancien_jusqu_au"]


@transaction.atomic
def create(webhook):
    """Saves a new webhook, which follows what happens from now on; returns its secret, to be shown once."""
    webhook.sel, webhook.empreinte, secret = new_secret()
    webhook.save()
    suivi.follow(webhook)
    return secret


@transaction.atomic
def change(webhook):
    """Saves it; what its new filter lets in is published to it, what it leaves out is withdrawn from it."""
    webhook.save()
    _catch_up(webhook)


@transaction.atomic
def renew_secret(webhook):
    """Returns a new secret, to be shown once. The old one goes on signing beside it for :data:`BOTH_SECRETS`, so that no message
    is refused while the subscriber changes."""
    webhook.ancien_sel, webhook.ancienne_empreinte = webhook.sel, webhook.empreinte
    webhook.ancien_jusqu_au = timezone.now() + BOTH_SECRETS
    webhook.sel, webhook.empreinte, secret = new_secret()
    webhook.save(update_fields=["sel", "empreinte", *OF_THE_OLD_SECRET])
    return secret


@transaction.atomic
def forget_old_secret(webhook):
    """The old secret signs nothing any more: somebody else may have it."""
    webhook.ancien_sel = webhook.ancienne_empreinte = ""
    webhook.ancien_jusqu_au = None
    webhook.save(update_fields=OF_THE_OLD_SECRET)


@transaction.atomic
def pause(webhook, *, why):
    webhook.actif, webhook.motif = False, why
    webhook.save(update_fields=["actif", "motif"])


@transaction.atomic
def resume(webhook):
    """Active again: what waited leaves, and what changed in the meantime is told."""
    webhook.actif, webhook.motif, webhook.echecs = True, "", 0
    webhook.save(update_fields=["actif", "motif", "echecs"])
    transaction.on_commit(livraison.send_pending)
    _catch_up(webhook)


def _catch_up(webhook):
    transaction.on_commit(lambda: suivi.comparer_tout.enqueue(webhook.pk))


@transaction.atomic
def send_test(webhook):
    """A message that says that it is a test, sent even while the webhook is paused, and once only."""
    message = Livraison.objects.create(webhook=webhook, evenement=TEST)
    livraison.queue(message)
    return message


@transaction.atomic
def send_again(message):
    """The same message once more, with what is public now."""
    message.etat, message.tentatives = Etat.A_ENVOYER, 0
    message.prochain_essai = message._meta.get_field("prochain_essai").get_default()
    message.save(update_fields=["etat", "tentatives", "prochain_essai"])
    livraison.queue(message)
