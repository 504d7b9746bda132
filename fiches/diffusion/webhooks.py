"""Webhooks, as Standard Webhooks defines them (https://www.standardwebhooks.com): each change of the register of public pages is a
message to each subscriber, sent by a task of its own, over `fiches.http`, which refuses private addresses.

The register numbers its changes, so none is lost or told twice when a process is interrupted, and a webhook that was paused catches
up. Delivery is at least once: if a worker dies after the subscriber's answer, the message leaves again with the same ``webhook-id``.
"""

import hmac
from base64 import b64encode
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import orjson
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tasks import task

from fiches import http
from fiches.diffusion.contents import instant, tombstone
from fiches.diffusion.models import EtatDeLivraison, Livraison, Webhook
from fiches.mail import outbox
from fiches.mail.wordings import Wording, register_letter
from fiches.models import Publication
from fiches.models.publications import Version
from fiches.publications import ledger
from fiches.upkeep.periodic import Retries, enqueue_at, for_each, register_periodic
from fiches.upkeep.retention import register_retention

TEST = "test"
# With a jitter, so that subscribers on one host aren't all tried again at once.
DELAYS = (30, 120, 600, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600)
RETRIES = Retries(DELAYS, claim=timedelta(minutes=1), jitter=0.25)
# Changes told, and messages enqueued, at a time.
BATCH = 500
MAX_FAILURES = 20
KEPT = timedelta(days=30)
HTTP_GONE = 410


def connect() -> None:
    """Registers the mail about a pause, the periodic work and the retention; called from ``AppConfig.ready()``."""
    register_letter(
        "webhook_en_pause", Wording(gettext_lazy("A webhook is paused"), ("nom", "motif", "adresse"), ("nom",))
    )
    register_periodic("webhooks", work, every=timedelta(minutes=5))
    register_retention(
        gettext_lazy("log of webhooks"),
        lambda now: Livraison.objects.exclude(etat=EtatDeLivraison.A_ENVOYER).filter(cree_le__lt=now - KEPT),
    )


# --- Secrets and signatures ---------------------------------------------------------------------------------------------


def secret_of(sel: str, key: str | bytes) -> bytes:
    """Derives a secret from a webhook's salt and a ``SECRET_KEY``: neither is enough to sign."""
    return hmac.digest(key if isinstance(key, bytes) else key.encode(), f"rallynov webhook {sel}".encode(), sha256)


def encode_secret(secret: bytes) -> str:
    """Returns a secret in the text form of Standard Webhooks: ``whsec_`` and base64."""
    return f"whsec_{b64encode(secret).decode()}"


def sign(secrets: list[bytes], identifier: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Returns the headers ``webhook-id``, ``webhook-timestamp`` and ``webhook-signature`` of a message, signed with each secret.

    :param timestamp: seconds since the epoch.
    """
    signed = f"{identifier}.{timestamp}.".encode() + body
    signatures = [b64encode(hmac.digest(secret, signed, sha256)).decode() for secret in secrets]
    return {
        "webhook-id": identifier,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


# --- What to tell -------------------------------------------------------------------------------------------------------


def follow(webhook: Webhook) -> None:
    """Saves a new webhook. It receives the changes made from now on."""
    webhook.sequence = Version.objects.values_list("number", flat=True).first() or 0
    webhook.save()


def tell_after_commit() -> None:
    """Enqueues the messages about what changed once the transaction is committed."""
    if Webhook.objects.filter(actif=True).exists():
        transaction.on_commit(tell_all.enqueue, robust=True)


@task
def tell_all() -> None:
    """Task: creates the messages to every active webhook, even if one fails."""
    for_each(Webhook.objects.filter(actif=True).values_list("pk", flat=True), _tell)


def _tell(pk: int) -> None:
    while _tell_batch(pk):
        pass


@transaction.atomic
def _tell_batch(pk: int) -> bool:
    """Creates the messages to a webhook about the next changes, with its row locked; returns whether there may be more."""
    webhook = Webhook.objects.select_for_update().filter(pk=pk, actif=True).first()
    if webhook is None:
        return False
    rows = list(ledger.external_rows().filter(sequence__gt=webhook.sequence).order_by("sequence")[:BATCH])
    if not rows:
        return False
    if len(rows) == BATCH:  # one transaction's changes have one number: all of the last one, or none
        rows = [row for row in rows if row.sequence < rows[-1].sequence] or list(
            ledger.external_rows().filter(sequence=rows[-1].sequence)
        )
    waiting = webhook.livraisons.filter(etat=EtatDeLivraison.A_ENVOYER)
    told = set(waiting.exclude(evenement__endswith=".retiree").values_list("page", flat=True))
    for row in rows:
        if (fact := _fact(row, webhook.vu_le)) and not (fact == "modifiee" and row.object_id in told):
            event = f"{row.kind}.{fact}"
            send(Livraison.objects.create(webhook=webhook, evenement=event, page=row.object_id, slug=row.slug))
    webhook.sequence, webhook.vu_le = rows[-1].sequence, max(row.changed_at for row in rows)
    webhook.save(update_fields=["sequence", "vu_le"])
    return True


def _fact(row: Publication, seen: datetime) -> str:
    """Returns what happened to a page since ``seen``; ``""`` if it came and went."""
    is_new = row.published_at > seen
    if row.withdrawn_at:
        return "" if is_new else "retiree"
    return "publiee" if is_new else "modifiee"


# --- Delivery -----------------------------------------------------------------------------------------------------------


def send(message: Livraison) -> None:
    """Enqueues the task that sends a message, once the transaction is committed."""
    transaction.on_commit(lambda: send_message.enqueue(message.pk))


def due_messages() -> QuerySet:
    """The messages to send now, or claimed by a worker that died; not those of a paused webhook, except tests."""
    due = Livraison.objects.filter(etat=EtatDeLivraison.A_ENVOYER, prochain_essai__lte=timezone.now())
    return due.filter(Q(webhook__actif=True) | Q(page=None))


def work() -> int:
    """Periodic work: tells what a lost task should have told, and enqueues the messages that are due; returns how many."""
    tell_all.call()
    pks = list(due_messages().order_by("pk").values_list("pk", flat=True)[:BATCH])
    for pk in pks:
        send_message.enqueue(pk)
    return len(pks)


@task(priority=-10)
def send_message(pk: int) -> None:
    """Task: sends one message if it is due, and schedules the next try if that fails."""
    message = Livraison.objects.select_related("webhook").filter(pk=pk).first()
    if message is None or not due_messages().filter(pk=pk).exists():
        return
    due = Livraison.objects.filter(pk=pk, prochain_essai=message.prochain_essai)
    if not RETRIES.begin(due, statut=None, erreur=""):
        return
    data = _contents(message)
    if data is None:  # the page was withdrawn or published again in the meantime, which is another message
        message.delete()
        return
    try:
        status, erreur = http.post(message.webhook.adresse, *_request(message, data)), ""
    except (http.AddressError, http.DeliveryError) as error:
        status, erreur = None, str(error)
    if status and 200 <= status < 300:
        Livraison.objects.filter(pk=pk).update(etat=EtatDeLivraison.LIVREE, statut=status)
        Webhook.objects.filter(pk=message.webhook_id).update(echecs=0)
    else:
        _record_failure(message, status, erreur or _failure_reason(status))


def _failure_reason(status: int | None) -> str:
    if status and 300 <= status < 400:
        return _("a redirection, which is not followed")
    return _("the answer is %(status)s, not 2xx") % {"status": status}


def _contents(message: Livraison) -> dict[str, Any] | None:
    """Returns the ``data`` of a message: the page's current API contents, or its tombstone; None when it is obsolete."""
    if message.page is None:
        return {"message": _("This is a test of the webhook “%(name)s”.") % {"name": message.webhook.nom}}
    nature, _separator, fact = message.evenement.partition(".")
    row = Publication.objects.filter(kind=nature, object_id=message.page).first()
    if row is None:
        return None
    if row.withdrawn_at:
        return tombstone(row, row.withdrawn_at) if fact == "retiree" else None
    visible = fact != "retiree" and ledger.kind(nature).visible().filter(pk=message.page).exists()
    text = visible and ledger.contents(nature, [message.page]).get(message.page)
    return orjson.loads(text) if text else None


def _request(message: Livraison, data: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
    """Returns ``(body, headers)`` of the POST request, signed with the current time."""
    now = timezone.now()
    body = orjson.dumps({"type": message.evenement, "timestamp": instant(now), "data": data})
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    secrets = [secret_of(message.webhook.sel, key) for key in keys]
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Rallynov-Webhooks/1",
        **sign(secrets, str(message), int(now.timestamp()), body),
    }
    return body, headers


def _record_failure(message: Livraison, status: int | None, erreur: str) -> None:
    """Schedules the next try or gives the message up, and pauses a webhook that fails repeatedly; a test is tried once."""
    this, seen = Livraison.objects.filter(pk=message.pk), {"statut": status, "erreur": erreur[:200]}
    due = None if message.evenement == TEST else RETRIES.next_try(message.tentatives + 1)
    if due is None:
        this.update(etat=EtatDeLivraison.ABANDONNEE, **seen)
    else:
        this.update(prochain_essai=due, **seen)
        enqueue_at(send_message, due, message.pk)
    if message.evenement == TEST:
        return
    Webhook.objects.filter(pk=message.webhook_id).update(echecs=F("echecs") + 1)
    failing = Webhook.objects.filter(pk=message.webhook_id, actif=True).first()
    if failing and status == HTTP_GONE:
        pause(failing, _("the subscriber answers that it is gone (410)"))
    elif failing and failing.echecs >= MAX_FAILURES:
        pause(failing, _("%(number)s failures in a row; the last: %(why)s") % {"number": MAX_FAILURES, "why": erreur})


def pause(webhook: Webhook, why: str) -> None:
    """Pauses a webhook and mails the users who manage webhooks; has no effect on a paused one."""
    why = why[:200]  # as many as the column holds
    if not Webhook.objects.filter(pk=webhook.pk, actif=True).update(actif=False, motif=why):
        return
    may = Q(
        groups__permissions__content_type__app_label="rallynov_diffusion",
        groups__permissions__codename="change_webhook",
    )
    people = get_user_model().objects.filter(Q(is_superuser=True) | may, is_active=True).exclude(email="").distinct()
    outbox.post(
        f"webhook:{webhook.pk}:{timezone.now():%Y-%m-%dT%H:%M:%S}",
        modele="webhook_en_pause",
        destinataires=[person.email for person in people],
        contexte={
            "nom": webhook.nom,
            "motif": why,
            "adresse": outbox.admin_url(reverse("webhooks:edit", args=[webhook.pk])),
        },
    )
