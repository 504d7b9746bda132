"""`manage.py echeances [--boucle]`: does the periodic work that is due (reminders, alerts, retention…).

From a timer every few minutes, or for ever with `--boucle`; several servers may run it.
"""

import logging
import time

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from fiches.echeances import run_due

PAUSE = 60
logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Does the periodic work that is due; once over all servers."

    def add_arguments(self, parser):
        parser.add_argument("--boucle", action="store_true", help="Looks every minute, until it is stopped.")

    def handle(self, *args, boucle, **options):
        while True:
            self._once(resume=boucle)
            if not boucle:
                return
            time.sleep(PAUSE)

    def _once(self, *, resume):
        """For ever, a fault that was logged is tried again; once, it is the command's own."""
        close_old_connections()
        try:
            for name, outcome in run_due().items():
                self.stdout.write(f"{name} : {outcome}")
        except Exception:
            if not resume:
                raise
            logger.exception("periodic_work_interrupted")
