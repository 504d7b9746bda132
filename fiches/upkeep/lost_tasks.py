"""Puts tasks of the database queue (django-tasks-db) whose worker died back into the queue, which it doesn't do itself; forgets those
that had to index a record which was deleted meanwhile.

Running a task twice is safe: each claims the rows that it works on, or is idempotent.
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
# A task whose worker died this often is considered to be the cause, and fails.
MOST_TRIES = 5

# Tasks of libraries that read a record again to index it.
INDEXING = {"modelsearch.tasks.insert_or_update_object_task", "wagtail.tasks.update_reference_index_task"}

# The heartbeats of the tasks that this process runs, by task id.
_heartbeats: dict[str, Heartbeat] = {}


class WorkerLostError(Exception):
    """Every worker that ran the task died."""


def connect() -> None:
    """Connects the receivers; called from ``AppConfig.ready()``."""
    task_started.connect(_started, dispatch_uid="fiches_task_started")
    task_finished.connect(_finished, dispatch_uid="fiches_task_finished")


def _started(sender: object, task_result: TaskResult, **kwargs: object) -> None:
    """Receiver: starts the heartbeat of a task. A short task ends before its first renewal, and writes nothing."""
    if isinstance(task_result, TaskResult):
        key = str(task_result.id)
        _heartbeats[key] = Heartbeat(lambda: _renew(key)).start()


def _finished(sender: object, task_result: TaskResult, **kwargs: object) -> None:
    """Receiver: stops the heartbeat of a task and deletes its lease. Deletes the task if it failed because its record is gone."""
    if isinstance(task_result, TaskResult) and is_of_deleted(task_result):
        DBTaskResult.objects.filter(pk=task_result.id).delete()
    heartbeat = _heartbeats.pop(str(task_result.id), None)
    if heartbeat:
        heartbeat.stop()
        if heartbeat.beats:
            Echeance.objects.filter(nom=f"{PREFIX}{task_result.id}").delete()


def is_of_deleted(task_result: TaskResult) -> bool:
    """Whether a task failed only because the record that it had to index was deleted before."""
    names = [error.exception_class_path for error in task_result.errors[-1:]]
    return task_result.task.module_path in INDEXING and any(name.endswith(".DoesNotExist") for name in names)


def _renew(key: str) -> None:
    Echeance.objects.update_or_create(nom=f"{PREFIX}{key}", defaults={"prochaine": clock() + LEASE})


def requeue_lost() -> int:
    """Periodic work: puts the tasks without a valid lease back into the queue; returns how many."""
    now = clock()
    leases = Echeance.objects.filter(nom__startswith=PREFIX)
    leased = set(leases.filter(prochaine__gt=now).values_list("nom", flat=True))
    running = DBTaskResult.objects.running().filter(started_at__lt=now - LEASE)
    lost = [task for task in running if f"{PREFIX}{task.pk}" not in leased]
    number = sum(_put_back(task) for task in lost)
    leases.filter(prochaine__lte=now).delete()
    return number


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
