"""Puts tasks of the database queue (django-tasks-db) whose worker died back into the queue, which it doesn't do itself.

Running a task twice is safe: each claims the rows that it works on, or is idempotent.
"""

import logging
from datetime import timedelta

from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

logger = logging.getLogger(__name__)

# Longer than any task: after this time its worker counts as dead.
LONGEST = timedelta(minutes=15)
# A task whose worker died this often is considered to be the cause, and fails.
MOST_TRIES = 5


class WorkerLostError(Exception):
    """Every worker that ran the task died."""


def requeue_lost() -> int:
    """Periodic work: puts the tasks that have run longer than :data:`LONGEST` back into the queue; returns how many."""
    running = DBTaskResult.objects.running().filter(started_at__lt=timezone.now() - LONGEST)
    return sum(_put_back(task) for task in running)


def _put_back(task: DBTaskResult) -> int:
    """Marks a task as ready, or as failed after :data:`MOST_TRIES`; returns 0 if it finished or was taken meanwhile, else 1."""
    tries = len(task.worker_ids)
    changes: dict[str, object] = {"status": TaskResultStatus.READY}
    if tries >= MOST_TRIES:
        error = WorkerLostError
        changes = {
            "status": TaskResultStatus.FAILED,
            "finished_at": timezone.now(),
            "exception_class_path": f"{error.__module__}.{error.__qualname__}",
            "traceback": f"{error.__doc__} ({tries})",
        }
    log = logger.error if tries >= MOST_TRIES else logger.warning
    log("task_lost", extra={"task": task.task_path, "tries": tries, "status": changes["status"]})
    return DBTaskResult.objects.running().filter(pk=task.pk, started_at=task.started_at).update(**changes)
