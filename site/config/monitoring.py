"""Monitors background work: periodic work, backups, tasks, mails. What has never run counts as late.

Read by `/sante/travaux`; the periodic work ``surveillance`` logs failures, which mails them to ADMINS.
"""

import time
from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max, Min
from django.utils import timezone
from django_tasks.signals import task_finished
from django_tasks_db.backend import TaskResult
from django_tasks_db.models import DBTaskResult

from config import backup
from fiches.models import Courriel, Echeance
from fiches.upkeep.periodic import WORKS, failing_since, register_periodic

A_QUARTER, AN_HOUR, A_DAY = 900, 3600, 24 * 3600
# Tasks of libraries that read a record again to index it; one that was deleted meanwhile is no failure.
INDEXING = ["modelsearch.tasks.insert_or_update_object_task", "wagtail.tasks.update_reference_index_task"]
logger = structlog.get_logger(__name__)


def state() -> dict[str, bool]:
    """Returns ``{name: whether it works}`` for each kind of background work."""
    failed = DBTaskResult.objects.filter(status="FAILED", finished_at__gte=timezone.now() - timedelta(days=1)).exclude(
        task_path__in=INDEXING, exception_class_path__endswith=".DoesNotExist"
    )
    return {
        "echeances": periodic_lateness() <= A_QUARTER,
        "echecs": failing_age() <= A_QUARTER,
        "sauvegardes": backup_age() <= A_DAY * 1.5,
        "file": task_age() <= A_QUARTER,
        "taches": not failed.exists(),
        "courriels": mail_age() <= AN_HOUR,
    }


def never() -> list[str]:
    """The names of :func:`state` that have not run once since the installation: not late yet, but not known to work either."""
    ran = {
        "echeances": Echeance.objects.filter(nom__in=WORKS).exists(),
        "sauvegardes": backup.latest() is not None,
        "taches": DBTaskResult.objects.filter(finished_at__isnull=False).exists(),
    }
    return [name for name, has_run in ran.items() if not has_run]


def look() -> int:
    """Periodic: logs failures; returns their number."""
    return log_failures(state())


def log_failures(checks: dict[str, bool]) -> int:
    """Logs an error, which is mailed to ADMINS, for each check that is False; returns their number."""
    failed = [name for name, works in checks.items() if not works]
    for name in failed:
        logger.error(f"surveillance: {name}", error=name)
    return len(failed)


def periodic_lateness() -> float:
    """Lateness of the most overdue periodic work, in seconds. One that never ran counts from the last migration; those that
    this version does not know are ignored."""
    known = dict(Echeance.objects.filter(nom__in=WORKS).values_list("nom", "prochaine"))
    never = [_migrated(Max)] if WORKS.keys() - known else []
    return _age([*known.values(), *never])


def failing_age() -> float:
    """How long, in seconds, the periodic work that has been failing longest has; 0 if none fails."""
    return max([0.0, *failing_since().values()])


def backup_age() -> float:
    """Age of the latest backup in seconds, or time since the first migration without one."""
    return _age([backup.latest() or _migrated(Min)])


def task_age() -> float:
    """Age of the oldest due task in seconds, from its ``run_after``, or from its enqueueing if it was to run at once."""
    now, ready = timezone.now(), DBTaskResult.objects.ready()
    return _age(
        [
            ready.filter(run_after__gt=now).aggregate(oldest=Min("enqueued_at"))["oldest"],
            ready.filter(run_after__lte=now).aggregate(oldest=Min("run_after"))["oldest"],
        ]
    )


def mail_age() -> float:
    """Age of the oldest unsent mail in seconds."""
    return _age([Courriel.objects.leaving().aggregate(oldest=Min("cree"))["oldest"]])


def _migrated(which: type[Max | Min]) -> datetime | None:
    return MigrationRecorder.Migration.objects.aggregate(when=which("applied"))["when"]


def _age(instants: Iterable[datetime | None]) -> float:
    now = timezone.now()
    return max([0.0, *((now - instant).total_seconds() for instant in instants if instant)])


def register() -> None:
    register_periodic("surveillance", look, every=timedelta(minutes=30))
    task_finished.connect(_notice, dispatch_uid="config_surveillance")


_noticed: dict[str, float] = {"at": -A_QUARTER}


def _notice(sender: object, task_result: object, **kwargs: object) -> None:
    """Receiver of finished tasks: the queue's worker checks every quarter of an hour that periodic work runs, since periodic
    work can't check itself."""
    if not isinstance(task_result, TaskResult) or time.monotonic() - _noticed["at"] < A_QUARTER:
        return
    _noticed["at"] = time.monotonic()
    log_failures({"echeances": periodic_lateness() <= A_QUARTER})
