"""The messages on their way: the worker takes one, composes it, posts it, and tries again later when nobody answers.

A message may arrive twice (a worker that dies after it was taken), under the same ``webhook-id``; two messages about one
page never travel at once, so that the last word that a subscriber hears of a page is the last.
"""

import random
import time
from datetime import timedelta

import orjson
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import default_task_backend, task

from fiches import connexion
from fiches.diffusion.contenu import instant, tombstone
from fiches.diffusion.models import Livraison, Webhook
from fiches.diffusion.models.webhooks import Etat
from fiches.diffusion.webhooks.evenements import RETIREE, TEST
from fiches.diffusion.webhooks.signature import LostSecretError, secrets_of, sign
from fiches.mail import outbox
from fiches.models import Publication
from fiches.publications import ledger

# Seconds before each new try, to which chance adds up to a quarter: subscribers of one host aren't all tried at once.
BACKOFF = (30, 120, 600, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600)
# A worker that took a message and says nothing for so long is dead.
CLAIM = timedelta(minutes=1)
AT_ONCE = 500
GONE = 410
MOST_FAILURES = 20
KEPT_DAYS = 30


def queue(message):
    """Sends it once the transaction is committed."""
    transaction.on_commit(lambda: envoyer_livraison.enqueue(message.pk))


@task(priority=-10)
def envoyer_livraison(pk):
    """Sends one message if nobody did. Never raises for a subscriber's sake."""
    message = _claim(pk)
    if message is None:
        return
    data = _contents(message)
    if data is None:  # the page went in the meantime: that is another message
        _note(message, etat=Etat.REMPLACEE)
        return
    started = time.monotonic()
    try:
        answer = connexion.post(message.webhook.adresse, *_letter(message, data))
    except (connexion.AddressError, connexion.DeliveryError) as error:
        _missed(message, erreur=str(error), duree=_since(started))
    except LostSecretError:
        pause(message.webhook, _("the site’s key has changed: give this webhook a new secret"))
        _note(message, etat=Etat.A_ENVOYER)
    else:
        seen = {"statut": answer.status, "reponse": answer.text, "duree": _since(started)}
        if 200 <= answer.status < 300:
            _note(message, etat=Etat.LIVREE, erreur="", **seen)
            Webhook.objects.filter(pk=message.webhook_id).update(echecs=0)
        else:
            _missed(message, erreur=_reason(answer.status), **seen)


def _since(started):
    return round((time.monotonic() - started) * 1000)


def _reason(status):
    if 300 <= status < 400:
        return _("a redirection, which is not followed")
    return _("the answer is %(status)s, not 2xx") % {"status": status}


@transaction.atomic
def _claim(pk):
    """The message, taken by this worker alone; None when it is done, in other hands, or its page is being told of."""
    asked = Livraison.objects.filter(pk=pk).values("webhook_id")
    if Webhook.objects.select_for_update().filter(pk__in=asked).first() is None:
        return None
    now = timezone.now()
    message = Livraison.objects.pending().select_related("webhook").filter(pk=pk).first()
    if message is None:
        return None
    travelling = Livraison.objects.filter(webhook=message.webhook, etat=Etat.EN_COURS, prochain_essai__gt=now)
    if message.page and travelling.filter(page=message.page).exists():
        _later(message, now + CLAIM)
        return None
    Livraison.objects.filter(pk=pk).update(
        etat=Etat.EN_COURS, tentatives=F("tentatives") + 1, prochain_essai=now + CLAIM, envoye_le=now
    )
    message.tentatives += 1
    return message


def _contents(message):
    """What the API shows of the page now, or its tombstone. ``None``: there is nothing to be told any more."""
    nature, _separator, fact = message.evenement.partition(".")
    if message.evenement == TEST:
        return {"message": _("This is a test of the webhook “%(name)s”.") % {"name": message.webhook.nom}}
    if fact == RETIREE:
        row = Publication.objects.filter(kind=nature, object_id=message.page).first()
        return tombstone(row, message.cree_le) if row else None
    if not message.webhook.connues.filter(page=message.page).exists():
        return None
    visible = ledger.kind(nature).model.objects.visible().filter(pk=message.page).exists()
    text = visible and ledger.contents(nature, [message.page]).get(message.page)
    return orjson.loads(text) if text else None


def _letter(message, data):
    """``(body, headers)``, signed now."""
    now = timezone.now()
    body = orjson.dumps({"type": message.evenement, "timestamp": instant(now), "data": data})
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Rallynov-Webhooks/1",
        **sign(secrets_of(message.webhook), str(message), int(now.timestamp()), body),
    }
    return body, headers


def _note(message, **values):
    Livraison.objects.filter(pk=message.pk).update(**values)


def _missed(message, **seen):
    """One more failure: later again, or given up; a webhook that only fails rests."""
    if message.tentatives > len(BACKOFF) or message.evenement == TEST:
        _note(message, etat=Etat.ABANDONNEE, **seen)
    else:
        seconds = BACKOFF[message.tentatives - 1]
        _note(message, etat=Etat.A_ENVOYER, **seen)
        _later(message, timezone.now() + timedelta(seconds=seconds + random.uniform(0, seconds / 4)))  # noqa: S311
    if message.evenement == TEST:
        return
    Webhook.objects.filter(pk=message.webhook_id).update(echecs=F("echecs") + 1)
    most = getattr(settings, "RALLYNOV_WEBHOOKS_FAILURES", MOST_FAILURES)
    failing = Webhook.objects.active().filter(pk=message.webhook_id).first()
    if failing and seen.get("statut") == GONE:
        pause(failing, _("the subscriber answers that it is gone (410)"))
    elif failing and failing.echecs >= most:
        pause(failing, _("%(number)s failures in a row; the last: %(why)s") % {"number": most, "why": seen["erreur"]})


def _later(message, due):
    _note(message, prochain_essai=due)
    if default_task_backend.supports_defer:
        envoyer_livraison.using(run_after=due).enqueue(message.pk)


def pause(webhook, why):
    """Nothing more is sent until somebody looks; those who look after webhooks are told. Once."""
    if not Webhook.objects.active().filter(pk=webhook.pk).update(actif=False, motif=why[:200]):
        return
    outbox.post(
        f"webhook:{webhook.pk}:{timezone.now():%Y-%m-%dT%H:%M:%S}",
        modele="webhook_en_pause",
        destinataires=[person.email for person in _people_in_charge()],
        contexte={
            "nom": webhook.nom,
            "motif": why[:200],
            "adresse": outbox.absolute(reverse("webhooks:detail", args=[webhook.pk])),
        },
    )


def _people_in_charge():
    may = Q(groups__permissions__content_type__app_label="diffusion", groups__permissions__codename="change_webhook")
    people = get_user_model().objects.filter(Q(is_superuser=True) | may, is_active=True)
    return people.exclude(email="").distinct()


def send_pending():
    """Periodic: what a dead worker or a lost task left behind. Returns how many messages were looked at."""
    pks = list(Livraison.objects.pending().order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    for pk in pks:
        envoyer_livraison.enqueue(pk)
    return len(pks)


def forget_old():
    """Periodic: the log is kept ``RALLYNOV_WEBHOOKS_LOG_DAYS`` days; what waits to be sent stays."""
    days = getattr(settings, "RALLYNOV_WEBHOOKS_LOG_DAYS", KEPT_DAYS)
    done = Livraison.objects.exclude(etat__in=[Etat.A_ENVOYER, Etat.EN_COURS])
    number, _by_model = done.filter(cree_le__lt=timezone.now() - timedelta(days=days)).delete()
    return number
