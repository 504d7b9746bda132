"""Composes the alert mails: each holds the fiches that were first published since the alert was confirmed, each only once.

A fiche is new for 30 days after its first publication. Within that time, one that matches a query only after a correction is
announced; one that is withdrawn and published again is not announced twice.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import task

from fiches.diffusion.alerts.suivis import fiche_filter_of
from fiches.diffusion.models import FicheAnnoncee, Rythme, Suivi
from fiches.mail import outbox
from fiches.models import FichePage, Publication

NEW_FOR = timedelta(days=30)
# Alerts in one task.
BATCH = 200


def is_followed(rythme: str) -> bool:
    """Returns whether any confirmed alert has this rhythm."""
    return Suivi.objects.confirmed().filter(rythme=rythme).exists()


def _fiche_rows() -> QuerySet:
    """Returns the register's rows of fiches; ``published_at`` is the first publication, which later changes don't move."""
    return Publication.objects.filter(kind="fiche")


@task()
def announce(rythme: str) -> int:
    """Task: enqueues :func:`notify` for the confirmed alerts of this rhythm, in batches; returns how many batches."""
    if not _fiche_rows().filter(published_at__gt=timezone.now() - NEW_FOR).exists():
        return 0
    pks = list(Suivi.objects.confirmed().filter(rythme=rythme).order_by("marque", "pk").values_list("pk", flat=True))
    batches = [pks[start : start + BATCH] for start in range(0, len(pks), BATCH)]
    for batch in batches:
        notify.enqueue(batch)
    return len(batches)


@task()
def notify(pks: list[int]) -> int:
    """Task: writes the mails of these alerts (primary keys of Suivi); returns how many mails.

    One transaction: if the task is interrupted, the next run does the same work again.
    """
    with transaction.atomic():
        suivis = Suivi.objects.confirmed().select_for_update().filter(pk__in=pks).order_by("marque", "pk")
        news = _news(list(suivis))
        announced = [FicheAnnoncee(suivi=suivi, fiche=pk) for suivi, fiches in news for pk in fiches]
        FicheAnnoncee.objects.bulk_create(announced, batch_size=2000)
        mails = [
            (f"alerte:{suivi.pk}:{uuid4().hex}", suivi.courriel, suivi, {"fiches": fiches}) for suivi, fiches in news
        ]
        outbox.post_all(mails, modele="alerte")
    return len(news)


def _news(suivis: list[Suivi]) -> list[Any]:
    """Returns ``[(suivi, [pks of the fiches to announce])]`` for the alerts that have some. Each query is run once."""
    published = dict(
        _fiche_rows().filter(published_at__gt=timezone.now() - NEW_FOR).values_list("object_id", "published_at")
    )
    announced = set(FicheAnnoncee.objects.filter(suivi__in=suivis).values_list("suivi", "fiche"))
    matches: dict[str, list[int]] = {}
    news = []
    for suivi in suivis:
        if suivi.marque not in matches:
            matches[suivi.marque] = matching(suivi.question, published)
        fiches = [
            pk for pk in matches[suivi.marque] if published[pk] > suivi.confirme_le and (suivi.pk, pk) not in announced
        ]
        if fiches:
            news.append((suivi, fiches))
    return news


def matching(question: str, pks: dict[int, Any]) -> list[int]:
    """Returns the fiches among ``pks`` that match a query string, in the order of the list.

    Returns none when part of the query is no longer valid (a deleted criterion): ignoring that part would announce fiches that
    the person didn't ask for.
    """
    fiche_filter = fiche_filter_of(question)
    if fiche_filter.errors or not fiche_filter.rows().filter(object_id__in=list(pks)).exists():
        return []
    return [pk for pk in fiche_filter.ids if pk in pks]


def still_visible(suivi: Suivi | None, pks: list[int]) -> list[FichePage]:
    """Returns the fiches among ``pks`` that are public now, in that order.

    Deletes the FicheAnnoncee of the others, so that they are announced if they are published again.
    """
    fiches = FichePage.objects.visible().select_related("commune").defer("corps").in_bulk(pks)
    FicheAnnoncee.objects.filter(suivi=suivi, fiche__in=[pk for pk in pks if pk not in fiches]).delete()
    return [fiches[pk] for pk in pks if pk in fiches]


def announce_weekly() -> int:
    """Periodic work: announces to the weekly alerts."""
    return announce.call(Rythme.SEMAINE.value)


def announce_published() -> int:
    """Periodic work: announces what a lost task should have announced on publication."""
    return announce.call(Rythme.PUBLICATION.value)


def obsolete_announcements(now: datetime) -> Any:
    """Returns the FicheAnnoncee rows of fiches that are no longer new, which can't be announced again anyway."""
    old = _fiche_rows().filter(published_at__lt=now - NEW_FOR - timedelta(days=1))
    return FicheAnnoncee.objects.filter(fiche__in=old.values("object_id"))
