"""Leases on work in progress. A thread of the holder renews the lease; when its process dies, the lease expires within a minute and
another process takes the work."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from types import TracebackType

from django.db import Error, connections, router
from django.utils import timezone

from fiches.models import Echeance

logger = logging.getLogger(__name__)

# Longer than the renewal interval plus the 20 seconds for which SQLite waits for another writer.
LEASE = timedelta(seconds=45)
# Interval of renewals.
EVERY = timedelta(seconds=10)


def clock() -> datetime:
    """Returns the database's time where it has a clock, so that all servers compare leases by the same one."""
    connection = connections[router.db_for_write(Echeance)]
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


class Heartbeat:
    """Calls ``renew()`` every :data:`EVERY` in a thread with a database connection of its own, from :meth:`start` to
    :meth:`stop`; also a context manager. ``beats`` counts the calls."""

    def __init__(self, renew: Callable[[], object]) -> None:
        self.renew = renew
        self.beats = 0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True, name="lease")

    def start(self) -> "Heartbeat":
        self.thread.start()
        return self

    def stop(self) -> None:
        self.over.set()
        self.thread.join()

    def __enter__(self) -> "Heartbeat":
        return self.start()

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def _run(self) -> None:
        while not self.over.wait(EVERY.total_seconds()):
            self.beats += 1
            try:
                self.renew()
            except Error:  # retried at the next interval: the lease is valid for four of them
                logger.warning("lease_not_renewed", exc_info=True)
            finally:
                connections.close_all()  # of this thread


class Lease:
    """A row of `Echeance` held until :attr:`until`; once another process has taken it, renewals have no effect."""

    def __init__(self, name: str, until: datetime) -> None:
        self.name, self.until = name, until

    def renew(self) -> None:
        self._move(clock() + LEASE)

    def release(self, due: datetime) -> None:
        """Releases the lease; the work is due again at ``due``."""
        self._move(due)

    def _move(self, until: datetime) -> None:
        if Echeance.objects.filter(nom=self.name, prochaine=self.until).update(prochaine=until):
            self.until = until
        else:
            logger.warning("lease_lost", extra={"work": self.name})
