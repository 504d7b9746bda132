"""Which periodic works fail, and since when: one that is tried again every five minutes is never late, and never done."""

from contextlib import suppress
from functools import wraps

from django.db import DatabaseError
from django.utils import timezone

from fiches.models import Echeance

PREFIX = "echec:"


def remembering(name, function):
    """``function``, whose first failure is noted, and forgotten once it succeeds."""

    @wraps(function)
    def work():
        try:
            outcome = function()
        except Exception:
            with suppress(DatabaseError):  # the fault may be the database's; it is told below in any case
                Echeance.objects.get_or_create(nom=f"{PREFIX}{name}")
            raise
        Echeance.objects.filter(nom=f"{PREFIX}{name}").delete()
        return outcome

    return work


def failing(names):
    """``{name: seconds}`` since those works that fail have failed, for the works called ``names``."""
    now = timezone.now()
    noted = Echeance.objects.filter(nom__in=[f"{PREFIX}{name}" for name in names])
    return {row.nom.removeprefix(PREFIX): (now - row.prochaine).total_seconds() for row in noted}
