"""Rows that workers try to send, one worker at a time, and try again after a growing delay: mails and messages of webhooks.

Such a row has ``tentatives``, the number of tries that were begun, and ``prochain_essai``, the moment of the next one; while a worker
tries, the moment from which it counts as dead, and the row is due again.
"""

import random
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import F, QuerySet
from django.utils import timezone
from django_tasks import default_task_backend
from django_tasks.base import Task


class Retries(NamedTuple):
    """How rows are tried. Attributes: delays (seconds before each retry; after the last one the row is given up), claim (the longest
    time that a try may take), jitter (the largest part of a delay that is added to it at random)."""

    delays: tuple[int, ...]
    claim: timedelta
    jitter: float = 0.0

    def begin(self, due: QuerySet, **values: Any) -> bool:
        """Claims the only row of ``due`` for this worker, and writes ``values`` in it. Returns False if no row is due: another worker
        has it."""
        until = timezone.now() + self.claim
        return bool(due.update(tentatives=F("tentatives") + 1, prochain_essai=until, **values))

    def next_try(self, tries: int) -> datetime | None:
        """The moment of the try after ``tries`` failed ones; None after the last one."""
        if tries > len(self.delays):
            return None
        seconds = self.delays[tries - 1]
        return timezone.now() + timedelta(seconds=seconds * (1 + random.uniform(0, self.jitter)))  # noqa: S311 - spreads retries; not used as a secret


def enqueue_at(task: Task, due: datetime, pk: int) -> None:
    """Enqueues ``task(pk)`` for the moment ``due``. With a task backend that can't defer, the periodic work finds the row."""
    if default_task_backend.supports_defer:
        task.using(run_after=due).enqueue(pk)
