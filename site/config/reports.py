"""What browsers refused to load or run: the first sign of an injection, or of a mistake of ours. One log line each.

No query string, no secret of a link, no visitor. Anyone can send these, so few are taken, and what they say is cut short.
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

from config.masques import mask
from fiches.forms.throttle import count

logger = logging.getLogger("config.csp")

LONGEST = 16_000
AN_HOUR = 30
AT_ONCE = 10
DIRECTIVE = re.compile(r"[a-z-]{3,40}")


@csrf_exempt
@never_cache
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """204 whatever is sent: it is for browsers, which don't read the answer."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdigit() and int(length) <= LONGEST and count(request, "csp") <= AN_HOUR:
        for report in _reports(request.body):
            logger.warning("csp_violation", extra=report)
    return HttpResponse(status=204)


def _reports(body: bytes) -> Iterator[dict[str, str]]:
    """``{directive, blocked, page}`` of each report, in either of the two formats that browsers send."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        return
    if isinstance(sent, dict):
        sent = [{"body": sent.get("csp-report")}]
    for item in sent[:AT_ONCE] if isinstance(sent, list) else ():
        report = item.get("body") if isinstance(item, dict) else None
        if isinstance(report, dict):
            told = _told(report)
            if DIRECTIVE.fullmatch(told["directive"]):
                yield told


def _told(report: dict[str, Any]) -> dict[str, str]:
    page = _text(report, "document-uri", "documentURL")
    return {
        "directive": _text(report, "effective-directive", "effectiveDirective", "violated-directive").split(" ")[0],
        "blocked": _origin(_text(report, "blocked-uri", "blockedURL")),
        "page": mask(_path(page))[:200],
    }


def _text(report: dict[str, Any], *names: str) -> str:
    found = next((report[name] for name in names if isinstance(report.get(name), str)), "")
    return found[:2000]


def _path(address: str) -> str:
    try:
        return urlsplit(address).path
    except ValueError:
        return ""


def _origin(address: str) -> str:
    """Scheme and host, or the word that stands for what was in the page itself: ``inline``, ``eval``."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return (f"{parts.scheme}://{parts.netloc}" if parts.netloc else parts.scheme or parts.path)[:200]
