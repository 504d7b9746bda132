"""What a subscriber was told, held against what is public now: the difference is what it is to be told.

So an event is neither lost nor told twice, whatever is interrupted, and a webhook that rested catches up exactly.
"""

from datetime import timedelta
from hashlib import blake2s
from itertools import islice

import orjson
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import task

from fiches.diffusion.models import Connue, Livraison, Webhook
from fiches.diffusion.models.webhooks import Etat
from fiches.diffusion.webhooks import filtre, livraison
from fiches.diffusion.webhooks.evenements import MODIFIEE, PUBLIEE, RETIREE, event, nature_of
from fiches.publications import ledger

A_BATCH = 200
LOOK_BACK = timedelta(hours=1)
"""How far the periodic look goes back for a change whose announcement was lost with a server."""


def compare_after_commit(kind, pks):
    """Has the worker look at these pages once the transaction is committed."""
    if Webhook.objects.active().exists():
        keys = sorted(pks)
        transaction.on_commit(lambda: comparer_pages.enqueue(kind, keys))


@task
def comparer_pages(nature, pks):
    for webhook in Webhook.objects.active():
        compare(webhook, nature, pks)


@task
def comparer_tout(webhook_pk):
    """Everything that a webhook follows: it was changed, or is active again."""
    webhook = Webhook.objects.active().filter(pk=webhook_pk).first()
    if webhook is None:
        return
    followed = natures(webhook)
    webhook.connues.exclude(nature__in=followed).delete()
    for nature in followed:
        known = webhook.connues.filter(nature=nature).values_list("page", flat=True)
        compare(webhook, nature, _matching(webhook, nature) | set(known))


def look_again():
    """Periodic: pages that expired by themselves, and changes whose announcement was lost."""
    now = timezone.now()
    expired = Q(expires_at__lte=now, object_id__in=Connue.objects.values("page"))
    changed = ledger.external_rows().filter(Q(changed_at__gte=now - LOOK_BACK) | expired)
    for kind in ledger.kinds():
        keys = list(changed.filter(kind=kind.name).values_list("object_id", flat=True))
        for webhook in Webhook.objects.active():
            compare(webhook, kind.name, keys)


def natures(webhook):
    """The types of pages that a webhook follows; an event that no room knows any more is left aside."""
    known = {kind.name for kind in ledger.kinds()}
    return sorted({nature_of(name) for name in webhook.evenements} & known)


def _matching(webhook, nature, pks=None):
    """The pages to be known; none, and the webhook rests, when its filter can't be read any more."""
    try:
        return filtre.matching(webhook, ledger.kind(nature), pks)
    except ValueError as error:
        livraison.pause(webhook, str(error))
        return set()


def follow(webhook):
    """A new webhook takes what is public now as known: it is told what happens from now on."""
    for nature in natures(webhook):
        keys = _matching(webhook, nature)
        in_order = iter(sorted(keys))
        while batch := list(islice(in_order, A_BATCH)):
            texts = ledger.contents(nature, batch)
            rows = [Connue(webhook=webhook, page=pk, nature=nature, **_known(text)) for pk, text in texts.items()]
            Connue.objects.bulk_create(rows, ignore_conflicts=True)


def _known(text):
    """What is written down of contents that a subscriber knows."""
    return {"slug": orjson.loads(text)["slug"], "empreinte": _mark(text)}


def compare(webhook, nature, pks):
    """Tells a webhook what changed for it among these pages."""
    if nature not in natures(webhook):
        return
    keys = iter(sorted(pks))
    while batch := list(islice(keys, A_BATCH)):
        _compare_batch(webhook, nature, batch)


@transaction.atomic
def _compare_batch(webhook, nature, pks):
    """One worker at a time for a webhook."""
    held = Webhook.objects.select_for_update().active().filter(pk=webhook.pk).first()
    if held is None:
        return
    found = ledger.contents(nature, sorted(_matching(held, nature, pks)))
    if not Webhook.objects.active().filter(pk=held.pk).exists():  # its filter can't be read
        return
    known = {row.page: row for row in held.connues.filter(page__in=pks)}
    facts = ((pk, _compare_page(held, nature, pk, found.get(pk), known.get(pk))) for pk in pks)
    _tell(held, nature, [(pk, *fact) for pk, fact in facts if fact])


def _compare_page(webhook, nature, pk, text, row):
    """``(fact, address name)`` of what happened to a page since the webhook was told of it, written down as told."""
    if text is None:
        if row is None:
            return None
        row.delete()
        return RETIREE, row.slug
    mark, slug = _mark(text), orjson.loads(text)["slug"]
    if row is None:
        Connue.objects.create(webhook=webhook, page=pk, nature=nature, slug=slug, empreinte=mark)
        return PUBLIEE, slug
    if row.empreinte == mark:
        return None
    row.empreinte, row.slug = mark, slug
    row.save(update_fields=["empreinte", "slug"])
    return MODIFIEE, slug


def _tell(webhook, nature, happened):
    """Writes the messages that were asked for; what waited to be said of a page is overtaken."""
    waiting = webhook.livraisons.filter(etat=Etat.A_ENVOYER)
    waiting.filter(page__in=[pk for pk, fact, _slug in happened if fact == RETIREE]).update(etat=Etat.REMPLACEE)
    changed = [pk for pk, fact, _slug in happened if fact == MODIFIEE]
    waiting.filter(page__in=changed, evenement=event(nature, MODIFIEE)).update(etat=Etat.REMPLACEE)
    for pk, fact, slug in happened:
        name = event(nature, fact)
        if name in webhook.evenements:
            livraison.queue(Livraison.objects.create(webhook=webhook, evenement=name, page=pk, slug=slug))


def _mark(text):
    return blake2s(text.encode(), digest_size=16).hexdigest()
