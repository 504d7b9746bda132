"""Announces in the response headers that an address will go: ``Deprecation`` (RFC 9745), ``Sunset`` (RFC 8594) and a link."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date


def deprecated(since: datetime, *, instead: str, until: datetime | None = None) -> Callable[..., Any]:
    """Decorator of views that will go.

    :param since: from when on it is deprecated, with its time zone.
    :param instead: the address to use, relative or absolute.
    :param until: when it goes, at least a year after ``since``; None as long as no day is fixed.
    """

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = view(request, *args, **kwargs)
            response["Deprecation"] = f"@{int(since.timestamp())}"
            response["Link"] = f'<{request.build_absolute_uri(instead)}>; rel="successor-version"'
            if until is not None:
                response["Sunset"] = http_date(until.timestamp())
            return response

        return answer

    return decorate
