"""Records which periodic works fail, and since when. A failing work is retried every five minutes, so it never looks late."""

from contextlib import suppress
from functools import wraps

from django.db import DatabaseError
from django.utils import timezone

from fiches.models import Echeance

PREFIX = "echec:"


def record_failures(name, function):
    """Wraps a periodic work: notes its first failure, and deletes the note when it succeeds."""

    @wraps(function)
    def work():
        try:
            outcome = function()
        except Exception:
            with suppress(DatabaseError):  # the database may be the cause; the error is raised below anyway
                Echeance.objects.get_or_create(nom=f"{PREFIX}{name}")
            raise
        Echeance.objects.filter(nom=f"{PREFIX}{name}").delete()
        return outcome

    return work


def failing_since(names):
    """Returns ``{name: seconds since the first failure}`` of the works among ``names`` that fail."""
    now = timezone.now()
    noted = Echeance.objects.filter(nom__in=[f"{PREFIX}{name}" for name in names])
    return {row.nom.removeprefix(PREFIX): (now - row.prochaine).total_seconds() for row in noted}
