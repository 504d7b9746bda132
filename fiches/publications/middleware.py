"""The middleware of the response cache: answers from the cache, or calls the view and caches its response. Comes before all
expensive middleware.

The cache key is the version, the address (sorted parameters, without those of trackers), and the language and encoding where the
response varies with them.
"""

import time
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control

from fiches.publications import http_cache, version
from fiches.publications.cache_keys import is_cacheable, is_for_anyone, key_of, tidy, variant_of, varies_with
from fiches.publications.conditional import validate
from fiches.publications.response_cache import CachedResponse, if_changed, store

# Seconds for which a response is cached, at most.
LONGEST = 3600
# Seconds for which the HTTP cache serves it without revalidation (default of ``RALLYNOV_HTTP_CACHE_SECONDS``), and so how long a
# change stays unseen if a purge is lost.
IN_FRONT = 60
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
HIT, STORED = "rallynov; hit", "rallynov; fwd=miss; stored"


class ResponseCacheMiddleware:
    """Caches responses in ``RALLYNOV_RESPONSE_CACHE_MB`` megabytes of memory per process; 0 disables it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.RALLYNOV_RESPONSE_CACHE_MB:
            raise MiddlewareNotUsed
        self.get_response = get_response
        store.most = settings.RALLYNOV_RESPONSE_CACHE_MB * 1024 * 1024

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_for_anyone(request):
            return self.get_response(request)
        request.META["QUERY_STRING"] = tidy(request.META.get("QUERY_STRING", ""))
        cached = self._cached(request, _version(fresh=_is_read_now(request)))
        return self._answer(request, cached, HIT) if cached else self._make(request)

    @staticmethod
    def _cached(request: HttpRequest, state: version.State | None) -> CachedResponse | None:
        return state and store.get(state[:2], key_of(request), variant_of(request))

    def _make(self, request: HttpRequest) -> HttpResponseBase:
        """Calls the view and caches its response. The version is read first, so that it is never newer than the contents."""
        read_at = time.monotonic()
        try:
            state = version.current(fresh=True)
        except Error:
            return self.get_response(request)
        if cached := self._cached(request, state):
            return self._answer(request, cached, HIT)
        conditions = {name: request.META.pop(name) for name in CONDITIONS if name in request.META}
        response = self.get_response(request)
        request.META.update(conditions)
        if not is_cacheable(request, response):
            return if_changed(request, response) if response.status_code == 200 else response
        return self._keep(request, response, state, read_at)  # type: ignore[arg-type]  # is_cacheable refuses streams

    def _keep(
        self, request: HttpRequest, response: HttpResponse, state: version.State, read_at: float
    ) -> HttpResponseBase:
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
        if response.status_code == 200:
            validate(request, response, state)
        cached = CachedResponse(
            status=response.status_code,
            headers=dict(response.items()),
            body=response.content,
            until=min(time.time() + LONGEST, state.valid_until.timestamp()),
            each_time=getattr(response, "each_time", None),
        )
        if http_cache.addresses() and _version(fresh=True) == state:
            most = getattr(settings, "RALLYNOV_HTTP_CACHE_SECONDS", IN_FRONT)
            http_cache.allow(cached.headers, seconds=int(cached.until - time.time()), most=most)
        store.put(state[:2], key_of(request), varies_with(response), variant_of(request), cached, read_at=read_at)
        return self._answer(request, cached, STORED)

    @staticmethod
    def _answer(request: HttpRequest, cached: CachedResponse, status: str) -> HttpResponseBase:
        response = cached.response(request)
        response["Cache-Status"] = status
        if cached.each_time and status == HIT:
            response = cached.each_time(request, response)  # type: ignore[arg-type]
        if request.method == "HEAD":
            response.content = b""  # type: ignore[attr-defined]
        return response


def _is_read_now(request: HttpRequest) -> bool:
    """Whether the version must be read now: with an HTTP cache, which must not get a response from before a purge again; for the
    API, whose client may have heard of the change from a webhook."""
    return "/api/v1/" in request.path_info or bool(http_cache.addresses())


def _version(*, fresh: bool) -> version.State | None:
    """The version; while the database doesn't answer, the last one read, so that the cache still serves. None if none was
    read."""
    try:
        return version.current(fresh=fresh)
    except Error:
        return version.last_known()
