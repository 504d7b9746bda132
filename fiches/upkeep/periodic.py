"""Periodic work, run by `manage.py echeances`; each work runs once, however many servers call the command.

A server takes a work by moving its due date, in one UPDATE that only one server wins: a lease in a table, which also works on
SQLite and behind a transaction pooler. The lease is renewed while the work runs (`fiches.upkeep.lease`); when a server dies, its
lease expires within a minute.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from django.db.models import Q

from fiches.models import Echeance
from fiches.upkeep.failures import record_failures
from fiches.upkeep.lease import LEASE, Heartbeat, Lease, clock
from fiches.upkeep.machine_clock import check_clock

logger = logging.getLogger(__name__)

A_DAY = timedelta(days=1)
# A work that failed is retried after this time, or at its next date if that is sooner.
RETRY_AFTER = timedelta(minutes=5)

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
    WORKS[name] = Work(record_failures(name, function), every)


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
    """Runs the works that are due; returns ``{name: returned value}``. One that is interrupted (SIGTERM) is due again at once.

    :raises ExceptionGroup: after all works, with the exceptions of those that failed, which are also logged.
    :raises fiches.upkeep.machine_clock.WrongClock: when the date isn't plausible; nothing is run then.
    """
    check_clock()
    done, failed = {}, []
    for name, work in WORKS.items():
        start = now or clock()
        lease = _take(name, work.every, start)
        if lease is None:
            continue
        due = start
        try:
            with Heartbeat(lease.renew):
                done[name] = work.function()
            due = start + work.every
        except Exception as error:
            logger.exception("periodic_work_failed", extra={"work": name})
            failed.append(error)
            due = start + min(RETRY_AFTER, work.every)
        finally:
            lease.release(due)
    if failed:
        raise ExceptionGroup("periodic work", failed)
    return done


def _take(name: str, every: timedelta, now: datetime) -> Lease | None:
    """Takes a work that is due and returns its lease; None when it isn't due, or another server took it.

    A due date too far in the future was written under a wrong clock, and counts as due.
    """
    # Works that run daily or less often, such as deletions, first run a day after their registration, so that a single wrong
    # date can't delete anything.
    Echeance.objects.get_or_create(nom=name, defaults={"prochaine": now + (A_DAY if every >= A_DAY else timedelta())})
    farthest = now + max(every, LEASE) + RETRY_AFTER
    due = Echeance.objects.filter(Q(prochaine__lte=now) | Q(prochaine__gt=farthest), nom=name)
    lease = Lease(name, now + LEASE)
    return lease if due.update(prochaine=lease.until) else None
