"""Invalidates caches at the end of an embargo. Queries need nothing: ``Prix.objects.public()`` compares with the clock.

``fiches.publications.version`` reads the dates from :func:`upcoming` and calls :func:`settle` at each.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from fiches.palmares.models import Palmares
from fiches.palmares.palmares_lock import public_changed
from fiches.palmares.palmares_transitions import fiches_of_decisions
from fiches.upkeep.periodic import register_periodic


def overdue(now: datetime) -> QuerySet:
    """Returns the palmarès whose embargo has ended and whose caches were not invalidated since."""
    return Palmares.objects.released(now).filter(diffuse_le=None)


def upcoming(now: datetime) -> QuerySet:
    """Returns the ends of the embargoes to come, the next one first, as a queryset of one column."""
    return Palmares.objects.embargoed(now).order_by("embargo").values("embargo")


@transaction.atomic
def settle() -> int:
    """Sends ``public_changed`` for the palmarès that have become public; returns their number."""
    now = timezone.now()
    released = list(overdue(now).select_for_update())
    for palmares in released:
        Palmares.objects.filter(pk=palmares.pk).update(diffuse_le=now)
        public_changed.send(sender=Palmares, fiches=fiches_of_decisions(palmares))
    return len(released)


def register() -> None:
    register_periodic("palmares", settle, every=timedelta(minutes=1))
