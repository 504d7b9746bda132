"""System checks of this deployment."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from config import backup


@register("rallynov")
def no_restoration_is_unfinished(**kwargs: Any) -> list[CheckMessage]:
    """Stops every command but `restaurer` after a killed restoration: who was erased since the backup may be back."""
    return [Error(backup.UNFINISHED, id="rallynov.E002")] if backup.is_unfinished() else []
