"""System checks of this deployment."""

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from config import backup
from fiches.checks import OF_A_HOST, workflows_have_people


@register(Tags.database, "rallynov")
def no_page_waits_for_nobody(**kwargs: Any) -> list[CheckMessage]:
    """Refuses to start with a workflow of Wagtail's that nobody can pass: here, superusers are technical accounts."""
    kept_waiting = [each for each in workflows_have_people(**kwargs) if each.id == OF_A_HOST]
    return [Error(each.msg, hint=each.hint, id="rallynov.E001") for each in kept_waiting]


@register("rallynov")
def no_restoration_is_unfinished(**kwargs: Any) -> list[CheckMessage]:
    """Stops every command but `restaurer` after a killed restoration: who was erased since the backup may be back."""
    return [Error(backup.UNFINISHED, id="rallynov.E002")] if backup.is_unfinished() else []
