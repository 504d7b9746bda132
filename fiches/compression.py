"""Compression with gzip, negotiated with the client (RFC 9110, 12.5.3)."""

import gzip
import re

from django.http import HttpRequest

# Shorter bodies gain nothing.
LEAST_GZIPPED = 500
REFUSED = re.compile(r"\bgzip\s*;\s*q=0(?:\.0*)?\s*(?:,|$)")


def accepts_gzip(request: HttpRequest) -> bool:
    """Whether the client accepts gzip: ``Accept-Encoding`` names it with another quality than 0."""
    accepted = request.META.get("HTTP_ACCEPT_ENCODING", "")
    return "gzip" in accepted and not REFUSED.search(accepted)


def gzip_body(body: bytes) -> bytes:
    """Compresses a body with gzip. The header has no timestamp, so equal bodies give equal bytes."""
    return gzip.compress(body, compresslevel=6, mtime=0)
