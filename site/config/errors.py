"""Error responses: 405, 500, 503 and CSRF failures.

500 and 503 are rendered without request, database or context processors, any of which may be what fails.
"""

import errno
import sys
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

import structlog
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string

from fiches.forms.public_form import typed_text

RETRY_AFTER = "60"
# Number of characters of the request's id that are shown.
REFERENCE = 8
# What a full or broken disk raises, or a bucket that does not answer.
STORAGE_FAILURES = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}
# The largest key that a database holds.
LARGEST_KEY = 2**63 - 1


def server_error(request: HttpRequest) -> HttpResponse:
    """Handler of uncaught exceptions: 500, or 503 with Retry-After for an outage of the database or the file storage."""
    error = sys.exc_info()[1]
    if is_outage(error):
        response = _page(request, HTTPStatus.SERVICE_UNAVAILABLE)
        response["Retry-After"] = RETRY_AFTER
    else:
        response = _page(request, HTTPStatus.INTERNAL_SERVER_ERROR)
    response["Cache-Control"] = "no-store"
    return response


def is_outage(error: BaseException | None) -> bool:
    """Whether ``error`` means that the database or the file storage is unavailable, rather than a fault in the code."""
    return isinstance(error, (OperationalError, InterfaceError)) or is_storage_failure(error)


def is_storage_failure(error: BaseException | None) -> bool:
    return isinstance(error, OSError) and error.errno in STORAGE_FAILURES


def reference() -> str:
    """The first characters of the request's id in the log, short enough to be read out; "" outside of a request."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))[:REFERENCE]


def _page(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    if request.path_info.startswith("/api/"):
        problem = {"type": "about:blank", "title": status.phrase, "status": status.value}
        if reference():
            problem["instance"] = f"urn:rallynov:{reference()}"
        return JsonResponse(problem, status=status, content_type="application/problem+json")
    return HttpResponse(render_to_string(f"{status.value}.html", {"reference": reference()}), status=status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Handler of CSRF failures (an old form, refused cookies): shows the submitted text, so that it can be copied.

    Only if the request comes from a page of this site, so that no other site can make it show a text.
    """
    sent = typed_text(request) if _is_same_origin(request) else {}
    response = render(request, "403_csrf.html", {"sent": sent}, status=403)
    response["Cache-Control"] = "no-store"
    return response


class ErrorPageMiddleware:
    """Gives a 405 without a text its page: someone opened the address of a button. Answers 404 to addresses with a number that
    no database holds. Redirects an address that was copied with the full stop of its sentence."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.NOT_FOUND and request.path.endswith("."):
            return redirect(f"/{request.path.strip('/.')}/".replace("//", "/"))
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or getattr(response, "content", None):
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response["Allow"]
        return page

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> None:
        if any(isinstance(value, int) and value > LARGEST_KEY for value in kwargs.values()):
            raise Http404


def _is_same_origin(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return bool(origin) and urlsplit(origin).netloc == request.get_host()
