"""Tasks of the durable queue (django-tasks-db) whose worker died return to the queue: the queue itself leaves them running
for ever. Tasks are safe to run twice: each claims the rows that it works on, or writes what is already so.
"""

import logging

from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks.signals import task_finished, task_started
from django_tasks_db.backend import TaskResult
from django_tasks_db.models import DBTaskResult

from fiches.models import Echeance
from fiches.upkeep.lease import LEASE, Heartbeat, clock

logger = logging.getLogger(__name__)

PREFIX = "tache:"
# A task that was running when so many workers died is what kills them.
MOST_TRIES = 5

_beating: dict[str, Heartbeat] = {}


class WorkerLostError(Exception):
    """Every worker that ran the task died."""


def connect() -> None:
    """Called once, when Django starts."""
    task_started.connect(_started, dispatch_uid="fiches_task_started")
    task_finished.connect(_finished, dispatch_uid="fiches_task_finished")


def _started(sender: object, task_result: object, **kwargs: object) -> None:
    """Receiver: a task that lasts is renewed; a short one ends before its first renewal, and writes nothing."""
    if isinstance(task_result, TaskResult):
        key = str(task_result.id)
        _beating[key] = Heartbeat(lambda: _renew(key)).start()


def _finished(sender: object, task_result: object, **kwargs: object) -> None:
    """Receiver."""
    heartbeat = _beating.pop(str(task_result.id), None)
    if heartbeat:
        heartbeat.stop()
        if heartbeat.beats:
            Echeance.objects.filter(nom=f"{PREFIX}{task_result.id}").delete()


def _renew(key: str) -> None:
    Echeance.objects.update_or_create(nom=f"{PREFIX}{key}", defaults={"prochaine": clock() + LEASE})


def retake() -> int:
    """Periodic: puts back the tasks whose worker says nothing any more; returns how many."""
    now = clock()
    leases = Echeance.objects.filter(nom__startswith=PREFIX)
    held = set(leases.filter(prochaine__gt=now).values_list("nom", flat=True))
    running = DBTaskResult.objects.running().filter(started_at__lt=now - LEASE)
    lost = [task for task in running if f"{PREFIX}{task.pk}" not in held]
    number = sum(_put_back(task) for task in lost)
    leases.filter(prochaine__lte=now).delete()
    return number


def _put_back(task: DBTaskResult) -> int:
    """Ready again, unless it finished or another took it meanwhile; failed after :data:`MOST_TRIES`."""
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
