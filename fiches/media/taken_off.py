"""Tells the sender, in the admin's messages, what was taken off a document that they sent."""

from collections.abc import Callable
from contextvars import ContextVar

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase

_told: ContextVar[list[str] | None] = ContextVar("taken_off", default=None)


def tell(message: str) -> None:
    """Keeps ``message`` for the person whose request is answered; without effect outside a request."""
    told = _told.get()
    if told is not None:
        told.append(message)


class TakenOffMiddleware:
    """Adds what was told to the messages of the request. Stands after ``MessageMiddleware``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        told: list[str] = []
        token = _told.set(told)
        try:
            response = self.get_response(request)
        finally:
            _told.reset(token)
        for message in told:
            messages.warning(request, message)
        return response
