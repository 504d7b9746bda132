"""What runs beside the site, and whether it does: periodic work, backups, tasks, mails. What never ran is late, too.

`/sante/travaux` and Prometheus read it; the periodic work that bears this name tells ADMINS.
"""

import time
from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max, Min
from django.utils import timezone
from django_tasks.signals import task_finished
from django_tasks_db.backend import TaskResult
from django_tasks_db.models import DBTaskResult

from config.sauvegarde import dossier
from fiches.models import Courriel, Echeance
from fiches.models.enums import Envoi
from fiches.upkeep.failures import failing_since
from fiches.upkeep.periodic import WORKS, register_periodic

A_QUARTER, AN_HOUR, A_DAY = 900, 3600, 24 * 3600
logger = structlog.get_logger(__name__)


def state() -> dict[str, bool]:
    """``{what: whether it goes as it should}``."""
    backup = backup_age()
    failed = DBTaskResult.objects.filter(status="FAILED", finished_at__gte=timezone.now() - timedelta(days=1))
    return {
        "echeances": periodic_lateness() <= A_QUARTER,
        "echecs": failing_age() <= A_QUARTER,
        "sauvegardes": backup is None or backup <= A_DAY * 1.5,
        "file": task_age() <= A_QUARTER,
        "taches": not failed.exists(),
        "courriels": mail_age() <= AN_HOUR,
    }


def never() -> list[str]:
    """What of :func:`state` has not run once since the site was installed: what watches the site can't be late yet, and is not
    known to work either."""
    ran = {
        "echeances": Echeance.objects.filter(nom__in=WORKS).exists(),
        "sauvegardes": backup_age() is None or dossier.latest() is not None,
        "taches": DBTaskResult.objects.filter(finished_at__isnull=False).exists(),
    }
    return [name for name, has_run in ran.items() if not has_run]


def look() -> int:
    """Returns how many things don't go as they should, once they are told."""
    return tell(state())


def tell(found: dict[str, bool]) -> int:
    """Writes an error of each thing of ``found`` that doesn't go, which ADMINS get by mail; returns how many."""
    wrong = [name for name, right in found.items() if not right]
    for name in wrong:
        logger.error(f"surveillance: {name}", error=name)
    return len(wrong)


def periodic_lateness() -> float:
    """How late the latest periodic work is, in seconds; one that never ran counts from the last migration. One that only
    another version knows has no turn here."""
    known = dict(Echeance.objects.filter(nom__in=WORKS).values_list("nom", "prochaine"))
    never = [_migrated(Max)] if WORKS.keys() - known else []
    return _age([*known.values(), *never])


def failing_age() -> float:
    """For how long the periodic work that fails for longest has, in seconds; 0 when none does."""
    return max([0.0, *failing_since(WORKS).values()])


def backup_age() -> float | None:
    """In seconds; since the site's first migration when none was made; None where other means save."""
    latest = dossier.latest()
    if latest is None and not settings.RALLYNOV_SAUVEGARDES:
        return None
    return _age([latest or _migrated(Min)])


def task_age() -> float:
    """Of the oldest task that is due, in seconds: since it was to run, or was put in the queue to run at once."""
    now, ready = timezone.now(), DBTaskResult.objects.ready()
    return _age(
        [
            ready.filter(run_after__gt=now).aggregate(oldest=Min("enqueued_at"))["oldest"],
            ready.filter(run_after__lte=now).aggregate(oldest=Min("run_after"))["oldest"],
        ]
    )


def mail_age() -> float:
    """Of the oldest mail that is not sent, in seconds."""
    waiting = Courriel.objects.exclude(etat__in=[Envoi.ENVOYE, Envoi.ABANDONNE])
    return _age([waiting.aggregate(oldest=Min("cree"))["oldest"]])


def _migrated(which: type[Max] | type[Min]) -> datetime | None:
    return MigrationRecorder.Migration.objects.aggregate(when=which("applied"))["when"]


def _age(instants: Iterable[datetime | None]) -> float:
    now = timezone.now()
    return max([0.0, *((now - instant).total_seconds() for instant in instants if instant)])


def register() -> None:
    register_periodic("surveillance", look, every=timedelta(minutes=30))
    task_finished.connect(_notice, dispatch_uid="config_surveillance")


_noticed: dict[str, float] = {"at": -A_QUARTER}


def _notice(sender: object, task_result: object, **kwargs: object) -> None:
    """Receiver: the worker of the queue tells, every quarter of an hour, that periodic work does not run: that work can't."""
    if not isinstance(task_result, TaskResult) or time.monotonic() - _noticed["at"] < A_QUARTER:
        return
    _noticed["at"] = time.monotonic()
    tell({"echeances": periodic_lateness() <= A_QUARTER})
