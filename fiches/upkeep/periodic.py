"""Periodic work, done once whatever the number of servers that look: `manage.py echeances`.

A server takes a work by moving its date, in one UPDATE that only one of them wins: a lease in a table, which holds on
SQLite and behind a pooler of transactions as well. The lease is renewed while the work runs (`fiches.upkeep.lease`) and moved again
when the work is done; that of a server that dies is over within a minute.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

from django.db.models import Q

from fiches.models import Echeance
from fiches.upkeep.failures import remembering
from fiches.upkeep.lease import LEASE, Heartbeat, Lease, clock
from fiches.upkeep.machine_clock import check_clock

logger = logging.getLogger(__name__)

A_DAY = timedelta(days=1)
# When a work that failed is tried again, unless its turn comes sooner.
AGAIN = timedelta(minutes=5)

Item = TypeVar("Item")


class Work(NamedTuple):
    function: Callable
    every: timedelta


WORKS: dict[str, Work] = {}


def register_periodic(name, function, *, every):
    """``function()`` is called every ``every`` (timedelta), by the one server that takes it. It may be interrupted, and
    finds then what it left undone the next time."""
    WORKS[name] = Work(remembering(name, function), every)


def for_each(items: Iterable[Item], act: Callable[[Item], object]) -> int:
    """Calls ``act(item)`` for every item, whatever the others raise, and logs each one that failed: a key, or a model's
    instance whose ``str()`` names no person.

    :returns: how many items there were.
    :raises ExceptionGroup: of what was raised, after the last item.
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
    """Runs what is due; returns ``{name: what it returned}``. One that fails is logged, the others run, then it raises.
    One that is interrupted (SIGTERM) is due again at once.

    Raises :class:`fiches.upkeep.machine_clock.WrongClock`, and runs nothing, when the date can't be believed.
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
            due = start + min(AGAIN, work.every)
        finally:
            lease.release(due)
    if failed:
        raise ExceptionGroup("periodic work", failed)
    return done


def _take(name: str, every: timedelta, now: datetime) -> Lease | None:
    """The lease, for the one that moves the date. A date further away than any that we write is a wrong clock's."""
    # What is done once a day or more rarely, deleting what is too old among it, has its first turn a day later: not at a
    # date that only one look has shown.
    Echeance.objects.get_or_create(nom=name, defaults={"prochaine": now + (A_DAY if every >= A_DAY else timedelta())})
    farthest = now + max(every, LEASE) + AGAIN
    due = Echeance.objects.filter(Q(prochaine__lte=now) | Q(prochaine__gt=farthest), nom=name)
    lease = Lease(name, now + LEASE)
    return lease if due.update(prochaine=lease.until) else None
