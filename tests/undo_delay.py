"""What happens once the ten minutes are over in which a decision can be undone."""

from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from django.utils import timezone

from fiches.mail.outbox import UNDO, send_pending

A_LITTLE = timedelta(seconds=5)


@contextmanager
def clock_ahead(delay):
    """Context manager: the clock is ``delay`` (a timedelta) ahead."""
    now = timezone.now
    with patch("django.utils.timezone.now", lambda: now() + delay):
        yield


@contextmanager
def ten_minutes_later():
    """Context manager: the delay to undo a decision is over, and the worker sent the mails that waited for its end."""
    with clock_ahead(UNDO + A_LITTLE):
        send_pending()
        yield


def send_delayed_mails():
    """Sends the mails that wait for the end of the delay, then comes back to the present."""
    with ten_minutes_later():
        pass
