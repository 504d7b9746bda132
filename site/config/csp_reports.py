"""Receives CSP violation reports from browsers and logs one line for each: a sign of an injection, or of a mistake of ours.

Query strings, secrets and visitors are not logged. Anyone can send reports, so their number and length are limited.
"""

import json
import logging
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from config.masking import mask
from fiches.forms.throttle import count

logger = logging.getLogger("config.csp")

# Bytes of a request; requests per hour and client; reports per request.
MAX_BODY = 16_000
MAX_PER_HOUR = 30
MAX_REPORTS = 10
DIRECTIVE = re.compile(r"[a-z-]{3,40}")


@csrf_exempt
@never_cache
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """Logs the reports. Always 204, since browsers do not read the response."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdigit() and int(length) <= MAX_BODY and count(request, "csp") <= MAX_PER_HOUR:
        for report in _reports(request.body):
            logger.warning("csp_violation", extra=report)
    return HttpResponse(status=204)


def _reports(body: bytes) -> Iterator[dict[str, str]]:
    """Yields ``{"directive", "blocked", "page"}`` for each report, in either of the two formats that browsers send."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        return
    if isinstance(sent, dict):
        sent = [{"body": sent.get("csp-report")}]
    for item in sent[:MAX_REPORTS] if isinstance(sent, list) else ():
        report = item.get("body") if isinstance(item, dict) else None
        if isinstance(report, dict):
            fields = _fields(report)
            if DIRECTIVE.fullmatch(fields["directive"]):
                yield fields


def _fields(report: dict[str, Any]) -> dict[str, str]:
    page = _text(report, "document-uri", "documentURL")
    return {
        "directive": _text(report, "effective-directive", "effectiveDirective", "violated-directive").split(" ")[0],
        "blocked": _origin(_text(report, "blocked-uri", "blockedURL")),
        "page": mask(_path(page))[:200],
    }


def _text(report: dict[str, Any], *names: str) -> str:
    """The first of these keys that is a string, truncated."""
    value = next((report[name] for name in names if isinstance(report.get(name), str)), "")
    return value[:2000]


def _path(address: str) -> str:
    try:
        return urlsplit(address).path
    except ValueError:
        return ""


def _origin(address: str) -> str:
    """Scheme and host of a URL, or a keyword of CSP reports: ``inline``, ``eval``."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return (f"{parts.scheme}://{parts.netloc}" if parts.netloc else parts.scheme or parts.path)[:200]
