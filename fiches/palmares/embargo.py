"""Invalidates caches at the end of an embargo. Queries need nothing: ``Prix.objects.public()`` compares with the clock.

``fiches.publications.version`` reads the dates from :func:`upcoming` and calls :func:`settle` at each.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from fiches.palmares.models import Palmares
from fiches.palmares.transitions import release
from fiches.upkeep.periodic import register_periodic


def upcoming(now: datetime) -> QuerySet:
    """Returns the ends of the embargoes to come, the next one first, as a queryset of one column."""
    return Palmares.objects.filter(embargo__gt=now).order_by("embargo").values("embargo")


@transaction.atomic
def settle() -> int:
    """Records the palmarès that have become public; returns their number."""
    ended = Palmares.objects.filter(embargo__lte=timezone.now(), diffuse_le=None)
    released = list(ended.select_for_update())
    for palmares in released:
        release(palmares)
    return len(released)


def register() -> None:
    register_periodic("palmares", settle, every=timedelta(minutes=1))
