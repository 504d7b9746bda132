"""Anonymous reading goes to the replica of the database, when the operator has one; all else to the primary.

Someone who has a cookie has seen a form or logged in, and must read what they have just written: the primary's.
"""

from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

REPLICA = "replica"
_reader: ContextVar[bool] = ContextVar("reader", default=False)


class ReplicaMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.has_replica = REPLICA in settings.DATABASES

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        only_reads = (
            request.method in {"GET", "HEAD"} and not request.COOKIES and "Authorization" not in request.headers
        )
        token = _reader.set(self.has_replica and only_reads)
        try:
            return self.get_response(request)
        finally:
            _reader.reset(token)


class ReplicaRouter:
    def db_for_read(self, model: type, **hints: object) -> str:
        return REPLICA if _reader.get() else "default"

    def db_for_write(self, model: type, **hints: object) -> str:
        _reader.set(False)  # what follows in this request reads what it wrote
        return "default"

    def allow_relation(self, one: object, other: object, **hints: object) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        return db != REPLICA
