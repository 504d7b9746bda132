"""Rate limit of the API: requests per client and minute. Without a working cache, they are not limited."""

import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from fiches.forms import throttle

WINDOW = 60
DEFAULT = 300


def quota() -> int:
    """Returns the requests allowed per minute and client (setting ``RALLYNOV_API_QUOTA``); 0 is no limit."""
    return getattr(settings, "RALLYNOV_API_QUOTA", DEFAULT)


class Allowance:
    """The quota of the requesting client in the current minute; creating it counts one request."""

    def __init__(self, request: HttpRequest) -> None:
        self.limit = quota()
        self.resets_in = WINDOW - int(time.time()) % WINDOW
        self.used = throttle.count(request, "api", period=WINDOW) if self.limit else 0

    @property
    def is_spent(self) -> bool:
        return bool(self.limit) and self.used > self.limit

    def set_headers(self, response: HttpResponse) -> None:
        """Sets the headers of draft-ietf-httpapi-ratelimit-headers, and ``Retry-After`` when the quota is spent."""
        if self.limit:
            left = max(0, self.limit - self.used)
            response["RateLimit-Policy"] = f'"client";q={self.limit};w={WINDOW}'
            response["RateLimit"] = f'"client";r={left};t={self.resets_in}'
        if self.is_spent:
            response["Retry-After"] = str(self.resets_in)
