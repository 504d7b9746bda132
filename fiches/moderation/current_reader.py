"""What is computed once in a request, for code of Wagtail's forms and widgets that receives no request."""

from collections.abc import Callable, Hashable
from contextvars import ContextVar
from typing import TypeVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase

Result = TypeVar("Result")

_request: ContextVar[HttpRequest | None] = ContextVar("reader", default=None)


def once_a_request(key: Hashable, compute: Callable[[], Result]) -> Result:
    """Returns ``compute()``, cached under ``key`` until the current request ends.

    Without a request, or without :class:`ReaderMiddleware`, nothing is cached. Not for what the request itself changes.
    """
    request = _request.get()
    if request is None:
        return compute()
    known = request.__dict__.setdefault("_computed_once", {})
    if key not in known:
        known[key] = compute()
    return known[key]


class ReaderMiddleware:
    """Makes the request available to :func:`once_a_request`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        token = _request.set(request)
        try:
            return self.get_response(request)
        finally:
            _request.reset(token)
