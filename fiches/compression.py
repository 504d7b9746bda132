"""Who reads gzip."""

import re

REFUSED = re.compile(r"\bgzip\s*;\s*q=0(?:\.0*)?\s*(?:,|$)")


def reads_gzip(request):
    """True for a client that names gzip; « gzip;q=0 » names it to refuse it (RFC 9110, 12.5.3)."""
    accepted = request.META.get("HTTP_ACCEPT_ENCODING", "")
    return "gzip" in accepted and not REFUSED.search(accepted)
