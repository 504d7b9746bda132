"""The embargo's end. What is read asks the clock (``Prix.objects.public()``); what others keep is renewed here.

At that instant the version of what is public moves (``fiches.publications.version`` knows it by :func:`upcoming`, and calls
:func:`settle`), so that no answer made before is taken for what holds after, even when no scheduler runs.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from fiches.palmares.deroulement import prized
from fiches.palmares.models import Palmares
from fiches.palmares.verrou import public_changed
from fiches.upkeep.periodic import register_periodic


def overdue(now):
    """The palmarès whose embargo has ended and that others still show as sealed."""
    return Palmares.objects.released(now).filter(diffuse_le=None)


def upcoming(now):
    """When embargoes end, the next one first."""
    return Palmares.objects.embargoed(now).order_by("embargo").values("embargo")


@transaction.atomic
def settle():
    """Renews what others keep of the palmarès that have just become public; how many there were."""
    now = timezone.now()
    found = list(overdue(now).select_for_update())
    for palmares in found:
        Palmares.objects.filter(pk=palmares.pk).update(diffuse_le=now)
        public_changed.send(sender=Palmares, fiches=prized(palmares))
    return len(found)


def register():
    register_periodic("palmares", settle, every=timedelta(minutes=1))
