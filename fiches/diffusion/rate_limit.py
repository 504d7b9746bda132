"""Rate limit of the API: requests per client and minute, counted in the cache under a hash of the IP address that changes daily."""

import time
from hashlib import blake2s

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from fiches.forms.throttle import source

WINDOW = 60
DEFAULT = 300


def quota() -> int:
    """Returns the requests allowed per minute and client (setting ``RALLYNOV_API_QUOTA``); 0 is no limit."""
    return getattr(settings, "RALLYNOV_API_QUOTA", DEFAULT)


class Allowance:
    """The quota of the requesting client in the current minute; creating it counts one request."""

    def __init__(self, request: HttpRequest) -> None:
        self.limit = quota()
        now = time.time()
        self.resets_in = WINDOW - int(now) % WINDOW
        self.used = self._count(request, int(now) // WINDOW) if self.limit else 0

    def _count(self, request: HttpRequest, window: int) -> int:
        seed = f"{settings.SECRET_KEY} {timezone.now():%Y-%m-%d} {source(request)}"
        key = f"diffusion-quota-{window}-{blake2s(seed.encode(), digest_size=12).hexdigest()}"
        cache.add(key, 0, WINDOW)
        try:
            return cache.incr(key)
        except ValueError:  # the cache is down or evicted the key: let the request pass
            return 1

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
