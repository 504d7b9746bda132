"""`manage.py echeances [--boucle]`: does the periodic work that is due (reminders, alerts, retention…).

Run it from a timer every minute, or permanently with `--boucle`; several servers may run it.
"""

import logging
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from fiches.upkeep.periodic import run_due

PAUSE = 60
logger = logging.getLogger(__name__)


def did_something(outcome: Any) -> bool:
    """Whether the outcome of a work is worth a line in the log: it isn't zero or empty."""
    return any(outcome.values()) if isinstance(outcome, dict) else bool(outcome)


@contextmanager
def stopped_by_sigterm() -> Iterator[None]:
    """Context manager: SIGTERM raises SystemExit with the exit code 143, so that the work in progress is rolled back. Works in the main thread only."""

    def stop(number: Any, _frame: Any) -> None:
        sys.exit(128 + number)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class Command(BaseCommand):
    help = "Does the periodic work that is due, each work on one server only."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--boucle", action="store_true", help="Looks for due work every minute, until it is stopped."
        )

    def handle(self, *args: Any, boucle: bool, **options: Any) -> None:
        with stopped_by_sigterm():
            self._once(resume=boucle)
            while boucle:
                time.sleep(PAUSE)
                self._once(resume=True)

    def _once(self, *, resume: bool) -> None:
        """Runs what is due. With ``resume`` (`--boucle`), errors are logged and the loop goes on; else they are raised."""
        if resume:
            close_old_connections()
        try:
            for name, outcome in run_due().items():
                if not resume or did_something(outcome):
                    self.stdout.write(f"{name} : {outcome}")
        except Exception:
            if not resume:
                raise
            logger.exception("periodic_work_interrupted")
