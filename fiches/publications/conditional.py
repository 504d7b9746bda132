"""Conditional requests (RFC 9110): ETag and Last-Modified from the version of what is public, 304 answers, ``max-age``."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from hashlib import blake2s
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import http_date, quote_etag

from fiches.compression import LEAST_GZIPPED, accepts_gzip, gzip_body
from fiches.publications import version
from fiches.publications.release import release, released_at
from fiches.publications.version import State

MAX_AGE = 60


def versioned(view: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator: answers 304 to a client that has the current version; else adds ``ETag``, ``Last-Modified`` and
    ``Cache-Control`` to the view's response, and compresses it.

    The request is the first argument that has ``META``, since a route of a page receives the page first.
    """

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> HttpResponseBase:
        request = next(arg for arg in args if hasattr(arg, "META"))
        state = version.current()
        response = _not_modified(request, state)
        if response is None:
            response = view(*args, **kwargs)
            if response.status_code != 200:
                return response
            compress(request, response)
        validate(request, response, state)
        patch_cache_control(response, public=True, max_age=max_age(state))
        return response

    return answer


def shared(view: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator: allows pages of other sites to read the response, without cookies (CORS). Answers what browsers ask before."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return share(preflight() if request.method == "OPTIONS" else view(request, *args, **kwargs))

    return answer


def preflight() -> HttpResponse:
    """The response to a browser that asks which requests a page of another site may make (OPTIONS)."""
    response = HttpResponse(status=204)
    response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
    response["Access-Control-Allow-Headers"] = "Accept, Accept-Language, If-None-Match, If-Modified-Since"
    response["Access-Control-Max-Age"] = "86400"
    return response


def share(response: HttpResponseBase) -> HttpResponseBase:
    """Adds what lets pages of other sites read the response, and returns it."""
    response["Access-Control-Allow-Origin"] = "*"
    response.setdefault("Access-Control-Expose-Headers", "ETag, Last-Modified")
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def validate(request: HttpRequest, response: HttpResponseBase, state: State) -> None:
    """Adds ``ETag`` and ``Last-Modified`` of the version to the response, unless it has them."""
    response.setdefault("ETag", _etag(request, state))
    if modified := _last_modified(state.changed_at):
        response.setdefault("Last-Modified", http_date(modified))


def max_age(state: State) -> int:
    """The seconds for which a response may be cached: at most ``MAX_AGE``, and never past ``state.valid_until``."""
    return max(0, min(MAX_AGE, int((state.valid_until - timezone.now()).total_seconds())))


def compress(request: HttpRequest, response: HttpResponse) -> None:
    """Compresses the response for clients that accept gzip. It holds no secret, so its length reveals nothing (BREACH)."""
    patch_vary_headers(response, ["Accept-Encoding", "Accept-Language"])
    if response.streaming:
        return
    if accepts_gzip(request) and len(response.content) >= LEAST_GZIPPED:
        response.content = gzip_body(response.content)
        response["Content-Encoding"] = "gzip"
        response["Content-Length"] = str(len(response.content))


def _etag(request: HttpRequest, state: State) -> str:
    parts = f"{state.token} {release()} {request.get_full_path()} {request.headers.get('Accept-Language', '')[:200]}"
    return "W/" + quote_etag(blake2s(parts.encode("utf-8", "replace"), digest_size=12).hexdigest())


def _not_modified(request: HttpRequest, state: State) -> HttpResponse | None:
    if request.method not in ("GET", "HEAD"):
        return None
    modified = _last_modified(state.changed_at)
    response = get_conditional_response(request, etag=_etag(request, state), last_modified=modified)
    return response if response is not None and response.status_code == 304 else None


def _last_modified(changed: datetime) -> int | None:
    """The timestamp of the last change or deployment in whole seconds: rounded up if that second has passed, else down, so that
    two changes within one second never have the same date."""
    if changed == version.NEVER:
        return None
    changed = max(changed, released_at())
    up = changed.astimezone(UTC).replace(microsecond=0) + timedelta(seconds=1)
    return int((up if up <= timezone.now() else up - timedelta(seconds=1)).timestamp())
