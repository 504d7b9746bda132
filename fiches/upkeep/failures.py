"""Records which periodic works fail, and since when. A failing work is retried every five minutes, so it never looks late."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.db import Error
from django.utils import timezone

from fiches.models import Echeance

if TYPE_CHECKING:
    from fiches.upkeep.periodic import Work


PREFIX = "echec:"


def record_failures(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Wraps a periodic work: notes its first failure, and deletes the note when it succeeds."""

    @wraps(function)
    def work() -> int | str | None:
        try:
            outcome = function()
        except Exception:
            with suppress(Error):  # the database may be the cause; the error is raised below anyway
                Echeance.objects.get_or_create(nom=f"{PREFIX}{name}")
            raise
        Echeance.objects.filter(nom=f"{PREFIX}{name}").delete()
        return outcome

    return work


def failing_since(names: "dict[str, Work]") -> dict[str, float]:
    """Returns ``{name: seconds since the first failure}`` of the works among ``names`` that fail."""
    now = timezone.now()
    noted = Echeance.objects.filter(nom__in=[f"{PREFIX}{name}" for name in names])
    return {row.nom.removeprefix(PREFIX): (now - row.prochaine).total_seconds() for row in noted}
