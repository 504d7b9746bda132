"""What changed, as each process knows it: told here first, and read from the database, where the others tell it.

Rows of several transactions become visible in any order, so a look takes in again those of the last quarter of an hour
and leaves out what it has seen.
"""

import logging
import time
from collections import deque
from datetime import timedelta
from functools import partial
from threading import Lock

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections, router, transaction
from django.utils import timezone

from fiches.dependances import TOUT

logger = logging.getLogger(__name__)

ALL = "*"
"""The mark of what every response shows."""
EVERY = 0.5
"""Seconds between two looks: how long another process's change stays unseen here."""
AFTER_A_FAILURE = 2
AT_ONCE = 900
"""Seconds within which transactions that began together have ended; after as long without a look, all is forgotten."""
LATE = 2000
"""Rows that a look takes in again, at most."""
MOST_MARKS = 20_000
KEPT_DAYS = 2


class Known:
    """A clock that only changes move: ``position``; and for each mark, where the clock stood when it last changed."""

    def __init__(self):
        self._lock = Lock()
        self.forget()

    def forget(self):
        self.position = getattr(self, "position", 0) + 1
        self.blank_at = self.position
        self.marks = {}
        self.seen = set()
        self.looks = deque()
        self.last = None
        self.looked = self.retry = 0.0

    def changed(self, marks):
        with self._lock:
            self.position += 1
            if ALL in marks or len(self.marks) > MOST_MARKS:
                self.blank_at, self.marks = self.position, {}
            else:
                self.marks.update(dict.fromkeys(marks, self.position))

    def told_here(self, pk):
        with self._lock:
            self.seen.add(pk)

    def since(self, position, marks):
        """Those of ``marks`` that changed after the clock stood at ``position``; all of them after a change of all."""
        if self.blank_at > position:
            return set(marks)
        return {mark for mark in marks if self.marks.get(mark, 0) > position}

    def look(self, every=EVERY):
        """Takes in what others told. False when the database can't be asked."""
        now = time.monotonic()
        if now - self.looked < every or now < self.retry:
            return self.retry <= now
        with self._lock:
            self.looked = now
            try:
                rows = self._unseen(now)
            except (DatabaseError, InterfaceError) as error:
                self.retry = now + AFTER_A_FAILURE
                logger.warning("changes_unknown", extra={"error": type(error).__name__})
                return False
            self.retry = 0.0
        for marks in rows:
            self.changed(marks)
        return True

    def _unseen(self, now):
        """The marks of the rows not seen before; at the first look, and after a long time without one, all."""
        from fiches.diffusion.reponses.models import Changement

        rows = Changement.objects.order_by("pk")
        if self.last is None or (self.looks and now - self.looks[-1][0] > AT_ONCE):
            self.last = rows.values_list("pk", flat=True).last() or 0
            self.seen = set(rows.filter(pk__gt=self.last - LATE).values_list("pk", flat=True))
            self.looks = deque([(now, self.last)])
            return [{ALL}]
        while len(self.looks) > 1 and now - self.looks[1][0] > AT_ONCE:
            self.looks.popleft()
        floor = max(self.looks[0][1], self.last - LATE)
        found = rows.filter(pk__gt=floor).values_list("pk", "marques")
        new = [(pk, marks) for pk, marks in found if pk not in self.seen]
        if new:
            self.seen = {pk for pk in self.seen if pk > floor} | {pk for pk, _marks in new}
            self.last = max(self.last, new[-1][0])
        if now - self.looks[-1][0] > AT_ONCE / 60:
            self.looks.append((now, self.last))
        return [set(marks.split()) for _pk, marks in new]


known = Known()


class Told:
    """What is done once the transaction is committed. Django forgets it with the transaction, or its savepoint."""

    def __init__(self, marks, row):
        self.marks, self.row = marks, row

    def __call__(self):
        from fiches.diffusion.reponses.devant import ban

        if not _reads_elsewhere():
            known.told_here(self.row)  # not before: SQLite gives the number of a row rolled back to another's
        known.changed(self.marks)
        ban(self.marks)


def tell(marks, using=None):
    """These marks change with the transaction in progress, or have just changed: nothing kept shows them any longer."""
    from fiches.diffusion.reponses.models import Changement

    using = using or router.db_for_write(Changement)
    connection = connections[using]
    told = {mark for _sids, act, *_ in connection.run_on_commit if isinstance(act, Told) for mark in act.marks}
    marks = {ALL} if ALL in marks else {*marks, TOUT}
    known.changed(marks)  # who reads in this transaction sees it already
    new = set() if ALL in told else marks - told
    if not new:
        return
    row = Changement.objects.using(using).create(marques=" ".join(sorted(new)))
    transaction.on_commit(Told(new, row.pk), using=using)


def _reads_elsewhere():
    """A replica shows a change later than it was told here: its own row says when."""
    return len(settings.DATABASES) > 1


def forget_old():
    """Deletes what every process has long seen; returns how many rows."""
    from fiches.diffusion.reponses.models import Changement

    return Changement.objects.filter(le__lt=timezone.now() - timedelta(days=KEPT_DAYS)).delete()[0]


everything = partial(tell, {ALL})
"""Whatever is kept goes."""
