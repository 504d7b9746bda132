"""`manage.py echeances [--boucle]`: does the periodic work that is due (reminders, alerts, retention…).

Run it from a timer every minute, or permanently with `--boucle`; several servers may run it.
"""

import logging
import signal
import sys
import time
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from fiches.upkeep.periodic import run_due

PAUSE = 60
logger = logging.getLogger(__name__)


def did_something(outcome: Any) -> bool:
    """Whether the outcome of a work is worth a line in the log: it isn't zero or empty."""
    return any(outcome.values()) if isinstance(outcome, dict) else bool(outcome)


def stop(number: int, _frame: Any) -> None:
    """Handler of SIGTERM: SystemExit with the exit code 143 rolls the work in progress back."""
    sys.exit(128 + number)


class Command(BaseCommand):
    help = "Does the periodic work that is due, each work on one server only."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--boucle", action="store_true", help="Looks for due work every minute, until it is stopped."
        )

    def handle(self, *args: Any, boucle: bool, **options: Any) -> None:
        signal.signal(signal.SIGTERM, stop)
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
