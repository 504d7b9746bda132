"""Sends webhook messages: a worker claims one, composes it, posts it, and retries with a growing delay when it fails.

Delivery is at least once: if a worker dies after the subscriber's answer, the message is sent again with the same ``webhook-id``.
Two messages about one page are never sent at the same time, so that they arrive in order.
"""

import time
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from fiches import safe_http
from fiches.diffusion.contents import instant, tombstone
from fiches.diffusion.models import Livraison, Webhook
from fiches.diffusion.models.webhooks import EtatDeLivraison
from fiches.diffusion.webhooks.events import RETIREE, TEST
from fiches.diffusion.webhooks.signature import LostSecretError, secret_of, sign
from fiches.mail import outbox
from fiches.models import Publication
from fiches.publications import ledger
from fiches.upkeep.retries import Retries, enqueue_at

# With a jitter, so that subscribers on one host aren't all tried again at once.
DELAYS = (30, 120, 600, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600)
RETRIES = Retries(DELAYS, claim=timedelta(minutes=1), jitter=0.25)
# Pending messages enqueued in one periodic run.
PENDING_BATCH = 500
HTTP_GONE = 410
# Defaults of RALLYNOV_WEBHOOKS_FAILURES and RALLYNOV_WEBHOOKS_LOG_DAYS.
MAX_FAILURES = 20
LOG_DAYS = 30


def queue(message: Livraison) -> None:
    """Enqueues the task that sends a message, once the transaction is committed."""
    transaction.on_commit(lambda: send_message.enqueue(message.pk))


@task(priority=-10)
def send_message(pk: int) -> None:
    """Task: sends one message unless it is sent or claimed. A subscriber's failure is recorded, not raised."""
    message = _claim(pk)
    if message is None:
        return
    data = _contents(message)
    if data is None:  # the page was withdrawn or published again in the meantime, which is another message
        _update(message, etat=EtatDeLivraison.REMPLACEE)
        return
    started = time.monotonic()
    try:
        answer = safe_http.post(message.webhook.adresse, *_request(message, data))
    except (safe_http.AddressError, safe_http.DeliveryError) as error:
        _record_failure(message, erreur=str(error), duree=_milliseconds_since(started))
    except LostSecretError:
        pause(message.webhook, _("the site’s key has changed: give this webhook a new secret"))
        _update(message, etat=EtatDeLivraison.A_ENVOYER)
    else:
        seen = {"statut": answer.status, "reponse": answer.text, "duree": _milliseconds_since(started)}
        if 200 <= answer.status < 300:
            _update(message, etat=EtatDeLivraison.LIVREE, erreur="", **seen)
            Webhook.objects.filter(pk=message.webhook_id).update(echecs=0)
        else:
            _record_failure(message, erreur=_failure_reason(answer.status), **seen)


def _milliseconds_since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)


def _failure_reason(status: int) -> str:
    if 300 <= status < 400:
        return _("a redirection, which is not followed")
    return _("the answer is %(status)s, not 2xx") % {"status": status}


@transaction.atomic
def _claim(pk: int) -> Livraison | None:
    """Marks a message as being sent by this worker and returns it.

    Returns None when it is not pending, or when another message about the same page is being sent (then it is rescheduled).
    """
    webhook = Livraison.objects.filter(pk=pk).values("webhook_id")
    if Webhook.objects.select_for_update().filter(pk__in=webhook).first() is None:
        return None
    now = timezone.now()
    message = Livraison.objects.pending().select_related("webhook").filter(pk=pk).first()
    if message is None:
        return None
    in_progress = Livraison.objects.filter(
        webhook=message.webhook, etat=EtatDeLivraison.EN_COURS, prochain_essai__gt=now
    )
    if message.page and in_progress.filter(page=message.page).exists():
        _reschedule(message, now + RETRIES.claim)
        return None
    RETRIES.begin(Livraison.objects.filter(pk=pk), etat=EtatDeLivraison.EN_COURS, envoye_le=now)
    message.tentatives += 1
    return message


def _contents(message: Any) -> dict[str, Any] | None:
    """Returns the ``data`` of a message: the page's current API contents, or its tombstone; None when it is obsolete."""
    nature, _separator, fact = message.evenement.partition(".")
    if message.evenement == TEST:
        return {"message": _("This is a test of the webhook “%(name)s”.") % {"name": message.webhook.nom}}
    is_known = message.webhook.connues.filter(page=message.page).exists()
    if fact == RETIREE:
        if is_known:  # published again since
            return None
        row = Publication.objects.filter(kind=nature, object_id=message.page).first()
        return tombstone(row, message.cree_le) if row else None
    if not is_known:
        return None
    visible = ledger.kind(nature).visible().filter(pk=message.page).exists()
    text = visible and ledger.contents(nature, [message.page]).get(message.page)
    return orjson.loads(text) if text else None


def _request(message: Livraison, data: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
    """Returns ``(body, headers)`` of the POST request, signed with the current time."""
    now = timezone.now()
    body = orjson.dumps({"type": message.evenement, "timestamp": instant(now), "data": data})
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Rallynov-Webhooks/1",
        **sign(secret_of(message.webhook), str(message), int(now.timestamp()), body),
    }
    return body, headers


def _update(message: Livraison, **values: Any) -> None:
    Livraison.objects.filter(pk=message.pk).update(**values)


def _record_failure(message: Livraison, **seen: Any) -> None:
    """Records a failed try: schedules the next one or gives the message up, and pauses a webhook that fails repeatedly.

    :param seen: fields of Livraison to save: ``erreur``, ``duree``, and with an answer ``statut`` and ``reponse``.
    """
    due = RETRIES.next_try(message.tentatives)
    if due is None or message.evenement == TEST:
        _update(message, etat=EtatDeLivraison.ABANDONNEE, **seen)
    else:
        _update(message, etat=EtatDeLivraison.A_ENVOYER, **seen)
        _reschedule(message, due)
    if message.evenement == TEST:
        return
    Webhook.objects.filter(pk=message.webhook_id).update(echecs=F("echecs") + 1)
    limit = getattr(settings, "RALLYNOV_WEBHOOKS_FAILURES", MAX_FAILURES)
    failing = Webhook.objects.active().filter(pk=message.webhook_id).first()
    if failing and seen.get("statut") == HTTP_GONE:
        pause(failing, _("the subscriber answers that it is gone (410)"))
    elif failing and failing.echecs >= limit:
        pause(failing, _("%(number)s failures in a row; the last: %(why)s") % {"number": limit, "why": seen["erreur"]})


def _reschedule(message: Livraison, due: datetime) -> None:
    _update(message, prochain_essai=due)
    enqueue_at(send_message, due, message.pk)


def pause(webhook: Webhook, why: str) -> None:
    """Pauses a webhook and mails the users who manage webhooks; has no effect on a paused one."""
    why = why[:200]  # as many as the column holds
    if not Webhook.objects.active().filter(pk=webhook.pk).update(actif=False, motif=why):
        return
    outbox.post(
        f"webhook:{webhook.pk}:{timezone.now():%Y-%m-%dT%H:%M:%S}",
        modele="webhook_en_pause",
        destinataires=[person.email for person in _people_in_charge()],
        contexte={
            "nom": webhook.nom,
            "motif": why,
            "adresse": outbox.admin_url(reverse("webhooks:detail", args=[webhook.pk])),
        },
    )


def _people_in_charge() -> QuerySet:
    may = Q(
        groups__permissions__content_type__app_label="rallynov_diffusion",
        groups__permissions__codename="change_webhook",
    )
    people = get_user_model().objects.filter(Q(is_superuser=True) | may, is_active=True)
    return people.exclude(email="").distinct()


def send_pending() -> int:
    """Periodic work: enqueues the messages that a dead worker or a lost task left pending; returns how many."""
    pks = list(Livraison.objects.pending().order_by("pk").values_list("pk", flat=True)[:PENDING_BATCH])
    for pk in pks:
        send_message.enqueue(pk)
    return len(pks)


def old_log(now: datetime) -> QuerySet:
    """The finished messages older than ``RALLYNOV_WEBHOOKS_LOG_DAYS`` days."""
    days = getattr(settings, "RALLYNOV_WEBHOOKS_LOG_DAYS", LOG_DAYS)
    done = Livraison.objects.exclude(etat__in=[EtatDeLivraison.A_ENVOYER, EtatDeLivraison.EN_COURS])
    return done.filter(cree_le__lt=now - timedelta(days=days))
