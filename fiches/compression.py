"""Content negotiation for gzip (RFC 9110, 12.5.3)."""

import re

from django.http import HttpRequest

REFUSED = re.compile(r"\bgzip\s*;\s*q=0(?:\.0*)?\s*(?:,|$)")


def accepts_gzip(request: HttpRequest) -> bool:
    """Whether the client accepts gzip: ``Accept-Encoding`` names it with another quality than 0."""
    accepted = request.META.get("HTTP_ACCEPT_ENCODING", "")
    return "gzip" in accepted and not REFUSED.search(accepted)
