"""Anonymous reading goes to the replica of the database, when the operator has one; all else to the primary.

Someone who has a cookie has seen a form or logged in, and must read what they have just written: the primary's. So must
whoever follows a link that holds a secret, which may have been written a moment ago.

A replica that doesn't answer, or that lags, is left alone: its readers go to the primary. When the primary is gone, they
stay with the replica.
"""

import logging
import time
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from config.masques import mask

logger = logging.getLogger(__name__)

PRIMARY, REPLICA = "default", "replica"
# Seconds between two looks at the replica. What the primary held at one, the replica must hold at the next.
EVERY = 2.0
AFTER_A_FAILURE = 5.0
GONE = (DatabaseError, InterfaceError)
# Read on the replica whoever asks: it says what the replica shows, and what is kept has it in its key.
ALWAYS_THERE = "fiches.version"

_reader: ContextVar[bool] = ContextVar("reader", default=False)


def has_replica() -> bool:
    return REPLICA in settings.DATABASES


class Watch:
    """What this process knows of the replica."""

    def __init__(self) -> None:
        self.good = False
        self.next_look = 0.0
        self.target = 0

    def usable(self) -> bool:
        now = time.monotonic()
        if now >= self.next_look:
            self.next_look = now + EVERY
            was, self.good = self.good, self._look()
            if was and not self.good:
                logger.warning("replica_left")
            if not self.good:
                self.next_look = now + AFTER_A_FAILURE
        return self.good

    def leave(self) -> None:
        """It failed in the middle of a request."""
        logger.warning("replica_failed")
        self.good = False
        self.next_look = time.monotonic() + AFTER_A_FAILURE

    def _look(self) -> bool:
        if connections[REPLICA].vendor != "postgresql":
            return True
        wanted = self.target
        try:
            held = self.target = position(PRIMARY, "pg_current_wal_lsn()")
        except GONE:
            held = wanted  # the primary is gone: what the replica held is the best there is
        try:
            has = position(REPLICA, "CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() END")
        except GONE:
            return False
        # One that was left comes back when it holds everything; one in use may be as late as the last look.
        return not has or has >= (wanted if self.good else held)


def position(alias: str, expression: str) -> int:
    """Where a server stands in its journal, as a number; 0 for one that follows nobody."""
    with connections[alias].cursor() as cursor:
        cursor.execute(f"SELECT ({expression})::text")
        [text] = cursor.fetchone()
    if not text:
        return 0
    high, _, low = text.partition("/")
    return (int(high, 16) << 32) + int(low, 16)


watch = Watch()


class ReplicaMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not has_replica() or not only_reads(request):
            return self.get_response(request)
        token = _reader.set(True)
        try:
            response = self.get_response(request)
            if response.status_code == 503 and _reader.get():
                watch.leave()
                response = self.get_response(request)
            return response
        finally:
            _reader.reset(token)


def only_reads(request: HttpRequest) -> bool:
    """True for what anyone may ask, and sees the same a second later."""
    if request.method not in {"GET", "HEAD"} or request.COOKIES or "Authorization" in request.headers:
        return False
    return mask(request.path_info) == request.path_info


class ReplicaRouter:
    def db_for_read(self, model: type, **hints: object) -> str:
        if not has_replica():
            return PRIMARY
        reads_there = _reader.get() or model._meta.label_lower == ALWAYS_THERE  # type: ignore[attr-defined]
        return REPLICA if reads_there and watch.usable() else PRIMARY

    def db_for_write(self, model: type, **hints: object) -> str:
        _reader.set(False)  # what follows in this request reads what it wrote
        return PRIMARY

    def allow_relation(self, one: object, other: object, **hints: object) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        return db != REPLICA
