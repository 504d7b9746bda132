"""Compares the pages that a subscriber knows (Connue) with what is public now, and creates a message for each difference.

So no event is lost or sent twice when a process is interrupted, and a webhook that was paused catches up.
"""

from datetime import timedelta
from hashlib import blake2s
from itertools import islice
from typing import Any

import orjson
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import task

from fiches.diffusion.models import Connue, Livraison, Webhook
from fiches.diffusion.models.webhooks import EtatDeLivraison
from fiches.diffusion.webhooks import delivery
from fiches.diffusion.webhooks.events import MODIFIEE, PUBLIEE, RETIREE, event, nature_of
from fiches.publications import ledger
from fiches.upkeep.periodic import for_each

# Pages compared in one transaction.
BATCH = 200
# How far back the periodic comparison goes, for changes whose task was lost.
LOOK_BACK = timedelta(hours=1)


def compare_after_commit(kind: str, pks: Any) -> None:
    """Enqueues the comparison of these pages once the transaction is committed."""
    if Webhook.objects.active().exists():
        keys = sorted(pks)
        transaction.on_commit(lambda: compare_pages.enqueue(kind, keys))


@task
def compare_pages(nature: str, pks: list[int]) -> None:
    """Task: compares these pages for every active webhook, even if one fails."""
    for_each(Webhook.objects.active(), lambda webhook: compare(webhook, nature, pks))


@task
def compare_all_pages(webhook_pk: int) -> None:
    """Task: compares every page that a webhook follows, after the webhook was changed or resumed."""
    webhook = Webhook.objects.active().filter(pk=webhook_pk).first()
    if webhook is None:
        return
    followed = natures(webhook)
    webhook.connues.exclude(nature__in=followed).delete()
    for nature in followed:
        known = webhook.connues.filter(nature=nature).values_list("page", flat=True)
        compare(webhook, nature, _visible(nature) | set(known))


def compare_missed() -> None:
    """Periodic work: compares the pages that expired, and recent changes in case their task was lost."""
    now = timezone.now()
    expired = Q(expires_at__lte=now, object_id__in=Connue.objects.values("page"))
    changed = ledger.external_rows().filter(Q(changed_at__gte=now - LOOK_BACK) | expired)
    keys = {
        kind.name: list(changed.filter(kind=kind.name).values_list("object_id", flat=True)) for kind in ledger.kinds()
    }

    def compare_kinds(webhook: Webhook) -> None:
        for nature, pks in keys.items():
            compare(webhook, nature, pks)

    for_each(Webhook.objects.active(), compare_kinds)


def natures(webhook: Webhook) -> list[str]:
    """Returns the kinds of page that a webhook follows, without those that are no longer registered."""
    known = {kind.name for kind in ledger.kinds()}
    return sorted({nature_of(name) for name in webhook.evenements} & known)


def _visible(nature: str, **condition: Any) -> set[int]:
    """Returns the keys of the public pages of a kind, in all languages."""
    return set(ledger.kind(nature).visible().filter(**condition).values_list("pk", flat=True))


def follow(webhook: Webhook) -> None:
    """Records what is public now as known to a new webhook, so that it is only notified of later changes."""
    for nature in natures(webhook):
        in_order = iter(sorted(_visible(nature)))
        while batch := list(islice(in_order, BATCH)):
            texts = ledger.contents(nature, batch)
            rows = [Connue(webhook=webhook, page=pk, nature=nature, **_snapshot(text)) for pk, text in texts.items()]
            Connue.objects.bulk_create(rows, ignore_conflicts=True)


def _snapshot(text: str) -> dict[str, str]:
    """Returns the fields of Connue for a page's contents (JSON text)."""
    return {"slug": orjson.loads(text)["slug"], "empreinte": _fingerprint(text)}


def compare(webhook: Webhook, nature: str, pks: list[int] | set[int]) -> None:
    """Creates the messages of a webhook about what changed among these pages, in batches."""
    if nature not in natures(webhook):
        return
    keys = iter(sorted(pks))
    while batch := list(islice(keys, BATCH)):
        _compare_batch(webhook, nature, batch)


@transaction.atomic
def _compare_batch(webhook: Webhook, nature: str, pks: list[int]) -> None:
    """Compares one batch with the webhook's row locked, so that one worker at a time does it."""
    locked = Webhook.objects.select_for_update().active().filter(pk=webhook.pk).first()
    if locked is None:
        return
    texts = ledger.contents(nature, sorted(_visible(nature, pk__in=pks)))
    known = {row.page: row for row in locked.connues.filter(page__in=pks)}
    changes = ((pk, _compare_page(locked, nature, pk, texts.get(pk), known.get(pk))) for pk in pks)
    _create_messages(locked, nature, [(pk, *change) for pk, change in changes if change])


def _compare_page(
    webhook: Webhook, nature: str, pk: int, text: str | None, row: Connue | None
) -> tuple[str, str] | None:
    """Updates what a webhook knows of a page (Connue).

    :param text: the page's contents as JSON; None if it isn't public.
    :param row: the page's Connue, or None.
    :returns: ``(event, slug)``; None when nothing changed.
    """
    if text is None:
        if row is None:
            return None
        row.delete()
        return RETIREE, row.slug
    fingerprint, slug = _fingerprint(text), orjson.loads(text)["slug"]
    if row is None:
        Connue.objects.create(webhook=webhook, page=pk, nature=nature, slug=slug, empreinte=fingerprint)
        return PUBLIEE, slug
    if row.empreinte == fingerprint:
        return None
    row.empreinte, row.slug = fingerprint, slug
    row.save(update_fields=["empreinte", "slug"])
    return MODIFIEE, slug


def _create_messages(webhook: Webhook, nature: str, changes: list[Any]) -> None:
    """Creates the messages to which the webhook subscribed, and marks pending ones about the same pages as superseded.

    :param changes: ``[(pk, event, slug)]``.
    """
    waiting = webhook.livraisons.filter(etat=EtatDeLivraison.A_ENVOYER)
    waiting.filter(page__in=[pk for pk, fact, _slug in changes if fact == RETIREE]).update(
        etat=EtatDeLivraison.REMPLACEE
    )
    for fact, overtaken in ((PUBLIEE, RETIREE), (MODIFIEE, MODIFIEE)):
        pks = [pk for pk, its_fact, _slug in changes if its_fact == fact]
        waiting.filter(page__in=pks, evenement=event(nature, overtaken)).update(etat=EtatDeLivraison.REMPLACEE)
    for pk, fact, slug in changes:
        name = event(nature, fact)
        if name in webhook.evenements:
            delivery.queue(Livraison.objects.create(webhook=webhook, evenement=name, page=pk, slug=slug))


def _fingerprint(text: str) -> str:
    return blake2s(text.encode(), digest_size=16).hexdigest()
