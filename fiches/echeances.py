"""Periodic work, done once whatever the number of servers that look: `manage.py echeances`."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from django.utils import timezone

from fiches.models import Echeance

logger = logging.getLogger(__name__)


class Work(NamedTuple):
    function: Callable
    every: timedelta


WORKS: dict[str, Work] = {}


def register_periodic(name, function, *, every):
    """``function()`` is called every ``every`` (timedelta), by the one server that claims it. It may be interrupted, and
    finds then what it left undone the next time."""
    WORKS[name] = Work(function, every)


def run_due(now=None):
    """Runs what is due; returns ``{name: what it returned}``. One that fails is logged, the others run, then it raises."""
    done, failed = {}, []
    for name, work in WORKS.items():
        if not _claim(name, work.every, now or timezone.now()):
            continue
        try:
            done[name] = work.function()
        except Exception as error:
            logger.exception("periodic_work_failed", extra={"work": name})
            failed.append(error)
    if failed:
        raise ExceptionGroup("periodic work", failed)
    return done


def _claim(name, every, now):
    """True for the one that moves the date: two servers at once update the same row in turn."""
    Echeance.objects.get_or_create(nom=name, defaults={"prochaine": now})
    return bool(Echeance.objects.filter(nom=name, prochaine__lte=now).update(prochaine=now + every))
