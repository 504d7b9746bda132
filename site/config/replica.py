"""Database router: anonymous reads go to the replica, if there is one; everything else to the primary.

Requests with a cookie read from the primary, since the visitor may have just written something (form, log-in). So do links
with a secret, which may have just been created.

A replica that fails or lags is not used; its readers go to the primary. If the primary fails, they stay with the replica.
"""

import logging
import time
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.db import Error, connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from config.masking import mask

logger = logging.getLogger(__name__)

PRIMARY, REPLICA = "default", "replica"
# Seconds between two checks of the replica. At each, it must have replayed what the primary had written at the previous one.
CHECK_INTERVAL = 2.0
AFTER_A_FAILURE = 5.0
# Always read from the replica: the version is part of the keys of cached responses, so it must be that of the data read.
ALWAYS_REPLICA = "rallynov_fiches.version"

_reader: ContextVar[bool] = ContextVar("reader", default=False)


def has_replica() -> bool:
    return REPLICA in settings.DATABASES


class Watch:
    """State of the replica as this process last saw it.

    ``target``: the primary's WAL position at the last check.
    """

    def __init__(self) -> None:
        self.good = False
        self.next_look = 0.0
        self.target = 0

    def usable(self) -> bool:
        """Whether the replica can be used; checks it when a check is due."""
        now = time.monotonic()
        if now >= self.next_look:
            self.next_look = now + CHECK_INTERVAL
            was_good, self.good = self.good, self._look()
            if was_good and not self.good:
                logger.warning("replica_left")
            if not self.good:
                self.next_look = now + AFTER_A_FAILURE
        return self.good

    def leave(self) -> None:
        """Stops using the replica after it failed during a request."""
        logger.warning("replica_failed")
        self.good = False
        self.next_look = time.monotonic() + AFTER_A_FAILURE

    def _look(self) -> bool:
        if connections[REPLICA].vendor != "postgresql":
            return True
        previous_target = self.target
        try:
            written = self.target = position(PRIMARY, "pg_current_wal_lsn()")
        except Error:
            written = previous_target  # the primary is down: the replica's data is the best available
        try:
            replayed = position(REPLICA, "CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() END")
        except Error:
            return False
        # A replica in use may lag by one check; one out of use must be fully up to date before it is used again.
        return not replayed or replayed >= (previous_target if self.good else written)


def position(alias: str, expression: str) -> int:
    """The WAL position that the SQL ``expression`` returns, as a number; 0 for NULL (a server that is not in recovery)."""
    with connections[alias].cursor() as cursor:
        cursor.execute(f"SELECT ({expression})::text")
        [text] = cursor.fetchone()
    if not text:
        return 0
    high, _, low = text.partition("/")
    return (int(high, 16) << 32) + int(low, 16)


watch = Watch()


class ReplicaMiddleware:
    """Lets anonymous reading requests use the replica; repeats one that fails with 503 on the primary."""

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
    """Whether the request may be answered by the replica: GET or HEAD, without cookie, token or secret in its path."""
    if request.method not in {"GET", "HEAD"} or request.COOKIES or "Authorization" in request.headers:
        return False
    return mask(request.path_info) == request.path_info


class ReplicaRouter:
    def db_for_read(self, model: type, **hints: object) -> str:
        if not has_replica():
            return PRIMARY
        prefers_replica = _reader.get() or model._meta.label_lower == ALWAYS_REPLICA  # type: ignore[attr-defined]
        return REPLICA if prefers_replica and watch.usable() else PRIMARY

    def db_for_write(self, model: type, **hints: object) -> str:
        _reader.set(False)  # later reads of this request must see this write
        return PRIMARY

    def allow_relation(self, one: object, other: object, **hints: object) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        return db != REPLICA
