"""Periodic work, run by `manage.py echeances`: each work runs once, however many servers call the command. And rows that workers try
to send again after a delay.

A server holds a work by a lock of its database session (PostgreSQL) or of its machine (SQLite), which is released when its process
ends, however it ends. The date of a work moves when the work is done, so that one that was interrupted is due again at once.
"""

import logging
import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from django.db import Error, connection
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django_tasks import default_task_backend
from django_tasks.base import Task

from fiches.models import Echeance
from fiches.upkeep.machine_lock import Busy, hold_machine_lock

logger = logging.getLogger(__name__)

A_DAY = timedelta(days=1)
# A work that failed is retried after this time, or at its next date if that is sooner.
RETRY_AFTER = timedelta(minutes=5)
# Prefix of the rows that tell since when a work fails.
FAILURE = "echec:"

Item = TypeVar("Item")


class Work(NamedTuple):
    function: Callable
    every: timedelta


WORKS: dict[str, Work] = {}


def register_periodic(name: str, function: Callable[..., Any], *, every: timedelta) -> None:
    """Registers a periodic work; called from ``AppConfig.ready()``.

    :param function: called without arguments. It may be interrupted: the next run must then do the rest.
    :param every: timedelta between two runs.
    """
    WORKS[name] = Work(function, every)


def for_each(items: Iterable[Item], act: Callable[[Item], object]) -> int:
    """Calls ``act(item)`` for every item, even if some fail; failures are logged.

    :param items: keys, or model instances whose ``str()`` holds no personal data.
    :returns: how many items there were.
    :raises ExceptionGroup: after the last item, with the exceptions of those that failed.
    """
    number, failed = 0, []
    for item in items:
        number += 1
        try:
            act(item)
        except Exception as error:
            kind, key = type(item).__name__, getattr(item, "pk", item)
            logger.exception("item_failed", extra={"work": act.__module__, "kind": kind, "key": key, "item": str(item)})
            failed.append(error)
    if failed:
        raise ExceptionGroup("some items failed", failed)
    return number


def run_due(now: datetime | None = None) -> dict[str, object]:
    """Runs the works that are due; returns ``{name: returned value}``.

    :raises ExceptionGroup: after all works, with the exceptions of those that failed, which are also logged.
    """
    done, failed = {}, []
    for name, work in WORKS.items():
        with _held(name) as free:
            start = now or timezone.now()
            if not free or not _is_due(name, work.every, start):
                continue
            failure = Echeance.objects.filter(nom=f"{FAILURE}{name}")
            due = start + work.every
            try:
                done[name] = work.function()
                failure.delete()
            except Exception as error:
                logger.exception("periodic_work_failed", extra={"work": name})
                failed.append(error)
                due = start + min(RETRY_AFTER, work.every)
                with suppress(Error):  # the database may be the cause, which is raised below anyway
                    Echeance.objects.get_or_create(nom=f"{FAILURE}{name}")
            Echeance.objects.filter(nom=name).update(prochaine=due)
    if failed:
        raise ExceptionGroup("periodic work", failed)
    return done


def failing_since() -> dict[str, float]:
    """Returns ``{name: seconds since the first failure}`` of the works that fail."""
    now = timezone.now()
    noted = Echeance.objects.filter(nom__in=[f"{FAILURE}{name}" for name in WORKS])
    return {row.nom.removeprefix(FAILURE): (now - row.prochaine).total_seconds() for row in noted}


def _is_due(name: str, every: timedelta, now: datetime) -> bool:
    """Whether a work is due. A date too far in the future was written under a wrong clock, and counts as due."""
    # Works that run daily or less often, such as deletions, first run a day after their registration, so that a single wrong
    # date can't delete anything.
    Echeance.objects.get_or_create(nom=name, defaults={"prochaine": now + (A_DAY if every >= A_DAY else timedelta())})
    farthest = now + every + RETRY_AFTER
    return Echeance.objects.filter(Q(prochaine__lte=now) | Q(prochaine__gt=farthest), nom=name).exists()


@contextmanager
def _held(name: str) -> Iterator[bool]:
    """Context manager: holds a work's lock, and yields whether it was free."""
    if connection.vendor != "postgresql":
        try:
            with hold_machine_lock(f"periodique-{name}", wait=0):
                yield True
        except Busy:
            yield False
        return
    key = [f"fiches.periodic:{name}"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", key)
        [free] = cursor.fetchone()
    try:
        yield free
    finally:
        if free:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", key)


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
