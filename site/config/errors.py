"""The pages for what goes wrong, in French, whatever is broken behind them.

500 and 503 are rendered without request, database or context processor.
"""

import sys
from http import HTTPStatus
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from config.stockage import is_storage_failure
from fiches.forms.public_form import typed_text

RETRY_AFTER = "60"
# Characters of a request's number that are told.
REFERENCE = 8


def server_error(request: HttpRequest) -> HttpResponse:
    """500; or 503 with Retry-After when what failed is the database or the place of the files, which comes back."""
    error = sys.exc_info()[1]
    if is_outage(error):
        response = _page(request, HTTPStatus.SERVICE_UNAVAILABLE)
        response["Retry-After"] = RETRY_AFTER
    else:
        response = _page(request, HTTPStatus.INTERNAL_SERVER_ERROR)
    response["Cache-Control"] = "no-store"
    return response


def is_outage(error: BaseException | None) -> bool:
    """True when the database, or the place of the files, doesn't answer: it comes back without anything to mend."""
    return isinstance(error, (OperationalError, InterfaceError)) or is_storage_failure(error)


def reference() -> str:
    """The beginning of the number that the log's line of this request has, short enough to be read out; "" outside of one."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))[:REFERENCE]


def _page(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    if request.path_info.startswith("/api/"):
        problem = {"type": "about:blank", "title": status.phrase, "status": status.value}
        if reference():
            problem["instance"] = f"urn:rallynov:{reference()}"
        return JsonResponse(problem, status=status, content_type="application/problem+json")
    context = {"reference": reference(), "equipe": settings.RALLYNOV_TEAM_EMAIL}
    return HttpResponse(render_to_string(f"{status.value}.html", context), status=status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long, or cookies are refused: gives back the text that was typed, to copy it.

    Only to a page of ours: another site can't make ours show its text.
    """
    sent = typed_text(request) if _sent_from_here(request) else {}
    response = render(request, "403_csrf.html", {"sent": sent}, status=403)
    response["Cache-Control"] = "no-store"
    return response


def _sent_from_here(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return bool(origin) and urlsplit(origin).netloc == request.get_host()
