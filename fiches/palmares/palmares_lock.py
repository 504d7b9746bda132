"""The row lock under which a palmarès is opened, scored, closed, decided and announced; refusals; signal of public changes."""

from django.dispatch import Signal

from fiches.palmares.models import Palmares

# Sent with ``fiches`` (list of keys) when public data of a palmarès changes; not when data under embargo does.
public_changed = Signal()


class ActionRefused(Exception):  # noqa: N818 - a refusal shown to the user, not a fault
    """The action is not allowed now. The message is for the user."""


def lock_palmares(pk: int) -> Palmares:
    """Locks the row of a palmarès until the end of the transaction, and returns it read anew."""
    return Palmares.objects.select_for_update().get(pk=pk)
