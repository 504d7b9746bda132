"""One at a time: whoever opens, closes, scores, decides or announces holds the edition's row until it is done."""

from django.dispatch import Signal

from fiches.palmares.models import Palmares

public_changed = Signal()
"""Sent with ``fiches`` (keys) when what the public may know of a palmarès changes: never by what is still sealed."""


class Refused(Exception):  # noqa: N818 - an answer to a person, in words
    """What was asked can't be done now; the message says why."""


def held(pk):
    """The edition's palmarès, as it is once those before have finished. Inside a transaction only."""
    return Palmares.objects.select_for_update().get(pk=pk)
