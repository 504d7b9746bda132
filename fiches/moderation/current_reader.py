"""Who reads what is being drawn, for code of Wagtail's forms that is given no request."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from wagtail.log_actions import get_active_log_context

_request: ContextVar[HttpRequest | None] = ContextVar("reader", default=None)


def current_reader() -> Any:
    """The user of the request; where :class:`ReaderMiddleware` is not installed, of the view of Wagtail's admin that runs, else
    ``None``."""
    request = _request.get()
    return request.user if request is not None else get_active_log_context().user


class ReaderMiddleware:
    """Stands after ``AuthenticationMiddleware``. Wagtail draws the forms of pages once its view is done, and forgets for whom."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        token = _request.set(request)
        try:
            return self.get_response(request)
        finally:
            _request.reset(token)
