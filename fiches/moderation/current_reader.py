"""The user of the current request, for code of Wagtail's forms and widgets that receives no request; and what is computed once
in a request."""

from collections.abc import Callable, Hashable
from contextvars import ContextVar
from typing import Any, TypeVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from wagtail.log_actions import get_active_log_context

Result = TypeVar("Result")

_request: ContextVar[HttpRequest | None] = ContextVar("reader", default=None)


def current_reader() -> Any:
    """The user of the current request. Without :class:`ReaderMiddleware`, the user of the current view of Wagtail's admin, or
    None."""
    request = _request.get()
    return request.user if request is not None else get_active_log_context().user


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
    """Makes the request available to :func:`current_reader`. Comes after ``AuthenticationMiddleware``. It is needed because
    Wagtail renders the forms of pages after its view returned, when its log context has no user any more."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        token = _request.set(request)
        try:
            return self.get_response(request)
        finally:
            _request.reset(token)
