"""Who is told of which fiches, and when: a mail holds what is new since the follow was confirmed, and never twice.

A fiche is new for a month after the public could first see it, whatever happens to it meanwhile: corrected so that it
answers at last, it is told of; withdrawn and published again, it isn't told of twice.
"""

from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from fiches.diffusion.alerts.suivis import read
from fiches.diffusion.models import Annonce, Rythme, Suivi
from fiches.mail import outbox
from fiches.models import FichePage, Publication

NEW_FOR = timedelta(days=30)
A_BATCH = 200


def is_followed(rythme):
    return Suivi.objects.confirmed().filter(rythme=rythme).exists()


def _fiches():
    """The register's rows of fiches: each knows when the public could first see it, whatever happened to it since."""
    return Publication.objects.filter(kind="fiche")


@task()
def announce(rythme):
    """Tells those who follow at this rhythm, a task for each batch of them; returns how many batches."""
    if not _fiches().filter(published_at__gt=timezone.now() - NEW_FOR).exists():
        return 0
    pks = list(Suivi.objects.confirmed().filter(rythme=rythme).order_by("marque", "pk").values_list("pk", flat=True))
    batches = [pks[start : start + A_BATCH] for start in range(0, len(pks), A_BATCH)]
    for batch in batches:
        tell.enqueue(batch)
    return len(batches)


@task()
def tell(pks):
    """Writes the mails of these follows, each question asked once; returns how many there are to send.

    Written together or not at all: interrupted, it finds the same to do the next time.
    """
    with transaction.atomic():
        suivis = Suivi.objects.confirmed().select_for_update().filter(pk__in=pks).order_by("marque", "pk")
        news = _news(list(suivis))
        told = [Annonce(suivi=suivi, fiche=pk) for suivi, fiches in news for pk in fiches]
        Annonce.objects.bulk_create(told, batch_size=2000)
        letters = [
            (f"alerte:{suivi.pk}:{uuid4().hex}", suivi.courriel, suivi, {"fiches": fiches}) for suivi, fiches in news
        ]
        outbox.post_all(letters, modele="alerte")
    return len(news)


def _news(suivis):
    """``[(suivi, [keys of the fiches to tell of])]``, those that have some."""
    appeared = dict(
        _fiches().filter(published_at__gt=timezone.now() - NEW_FOR).values_list("object_id", "published_at")
    )
    told = set(Annonce.objects.filter(suivi__in=suivis).values_list("suivi", "fiche"))
    answers: dict[str, list[int]] = {}
    news = []
    for suivi in suivis:
        if suivi.marque not in answers:
            answers[suivi.marque] = answering(suivi.question, appeared)
        fiches = [pk for pk in answers[suivi.marque] if appeared[pk] > suivi.confirme_le and (suivi.pk, pk) not in told]
        if fiches:
            news.append((suivi, fiches))
    return news


def answering(question, pks):
    """The fiches among ``pks`` that answer, in the order of the list; none when the question can't be wholly read any
    more (a criterion that is gone): telling of everything instead is what nobody asked for."""
    found = read(question)
    if found.errors or not found.rows().filter(object_id__in=list(pks)).exists():
        return []
    return [pk for pk in found.ids if pk in pks]


def still_visible(suivi, pks):
    """The fiches among ``pks`` that the public may see now. The others were not told of: they are, should they return."""
    fiches = FichePage.objects.visible().select_related("commune").defer("corps").in_bulk(pks)
    Annonce.objects.filter(suivi=suivi, fiche__in=[pk for pk in pks if pk not in fiches]).delete()
    return [fiches[pk] for pk in pks if pk in fiches]


def announce_weekly():
    return announce.call(Rythme.SEMAINE.value)


def announce_published():
    """What a lost task left untold."""
    return announce.call(Rythme.PUBLICATION.value)


def old_news(now):
    """What is no longer new can't be told again: who was told of it need not be known."""
    old = _fiches().filter(published_at__lt=now - NEW_FOR - timedelta(days=1))
    return Annonce.objects.filter(fiche__in=old.values("object_id"))
