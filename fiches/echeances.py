"""Periodic work, done once whatever the number of servers that look: `manage.py echeances`.

A server takes a work by moving its date, in one UPDATE that only one of them wins: a lease in a table, which holds on
SQLite and behind a pooler of transactions as well. It is moved again when the work is done; a server that dies in
between lets go of it after a while.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from fiches.echecs import remembering
from fiches.horloge import check_clock
from fiches.models import Echeance

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=30)
"""A server that took a work and says nothing for so long is dead: another does it."""
A_DAY = timedelta(days=1)
AGAIN = timedelta(minutes=5)
"""When one that failed is tried again, unless its turn comes sooner."""


class Work(NamedTuple):
    function: Callable
    every: timedelta


WORKS: dict[str, Work] = {}


def register_periodic(name, function, *, every):
    """``function()`` is called every ``every`` (timedelta), by the one server that takes it. It may be interrupted, and
    finds then what it left undone the next time."""
    WORKS[name] = Work(remembering(name, function), every)


def run_due(now=None):
    """Runs what is due; returns ``{name: what it returned}``. One that fails is logged, the others run, then it raises.

    Raises :class:`fiches.horloge.WrongClock`, and runs nothing, when the date can't be believed.
    """
    check_clock()
    done, failed = {}, []
    for name, work in WORKS.items():
        start = now or timezone.now()
        if not _take(name, work.every, start):
            continue
        try:
            done[name] = work.function()
        except Exception as error:
            logger.exception("periodic_work_failed", extra={"work": name})
            failed.append(error)
            _leave(name, start, min(AGAIN, work.every))
        else:
            _leave(name, start, work.every)
    if failed:
        raise ExceptionGroup("periodic work", failed)
    return done


def _take(name, every, now):
    """True for the one that moves the date. A date further away than any that we write is a wrong clock's."""
    # What is done once a day or more rarely, deleting what is too old among it, has its first turn a day later: not at a
    # date that only one look has shown.
    Echeance.objects.get_or_create(nom=name, defaults={"prochaine": now + (A_DAY if every >= A_DAY else timedelta())})
    farthest = now + max(every, LEASE) + AGAIN
    due = Echeance.objects.filter(Q(prochaine__lte=now) | Q(prochaine__gt=farthest), nom=name)
    return bool(due.update(prochaine=now + LEASE))


def _leave(name, start, after):
    """The next time, counted from the start; nothing when the work lasted so long that another server took it."""
    Echeance.objects.filter(nom=name, prochaine=start + LEASE).update(prochaine=start + after)
