"""Shows the sender, in the messages of the request, what was removed from a document that they uploaded."""

from collections.abc import Callable
from contextvars import ContextVar

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase

_pending: ContextVar[list[str] | None] = ContextVar("cleaning_messages", default=None)


def add_message(message: str) -> None:
    """Adds a message for the user of the current request; has no effect outside a request."""
    pending = _pending.get()
    if pending is not None:
        pending.append(message)


class CleaningMessagesMiddleware:
    """Passes the messages of :func:`add_message` to ``django.contrib.messages``. Must stand after ``MessageMiddleware``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        pending: list[str] = []
        token = _pending.set(pending)
        try:
            response = self.get_response(request)
        finally:
            _pending.reset(token)
        for message in pending:
            messages.warning(request, message)
        return response
