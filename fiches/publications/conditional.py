"""Which version an answer shows, so that a client that has it is told so (RFC 9110: 304), and until when it may be kept."""

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
from django.utils.text import compress_string

from fiches.compression import reads_gzip
from fiches.publications import version
from fiches.publications.release import release, released_at
from fiches.publications.version import State

MAX_AGE = 60
LEAST_GZIPPED = 500


def versioned(view: Callable[..., Any]) -> Callable[..., Any]:
    """Answers 304 to who has this version already; else adds ``ETag``, ``Last-Modified``, caching, and compresses.

    ``view(first, ...)``: the request is the first argument that has ``META`` (a route of a page gets the page before).
    """

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> HttpResponseBase:
        request = next(arg for arg in args if hasattr(arg, "META"))
        state = version.current()
        response = _unchanged(request, state)
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
    """Pages of other sites may read what ``view`` answers, without any cookie."""

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(*args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return answer


def validate(request: HttpRequest, response: HttpResponseBase, state: State) -> None:
    """Says in the response's headers which version it shows, unless it says so itself."""
    response.setdefault("ETag", _etag(request, state))
    if modified := _whole_second(state.changed_at):
        response.setdefault("Last-Modified", http_date(modified))


def max_age(state: State) -> int:
    """How many seconds an answer may be kept: never past the instant at which it stops being true."""
    return max(0, min(MAX_AGE, int((state.valid_until - timezone.now()).total_seconds())))


def compress(request: HttpRequest, response: HttpResponse) -> None:
    """Gzip for those who read it. No secret stands beside what a client chooses: nothing to guess by its length."""
    patch_vary_headers(response, ["Accept-Encoding", "Accept-Language"])
    if response.streaming:
        return
    if reads_gzip(request) and len(response.content) >= LEAST_GZIPPED:
        response.content = compress_string(response.content)
        response["Content-Encoding"] = "gzip"
        response["Content-Length"] = str(len(response.content))


def _etag(request: HttpRequest, state: State) -> str:
    asked = f"{state.token} {release()} {request.get_full_path()} {request.headers.get('Accept-Language', '')[:200]}"
    return "W/" + quote_etag(blake2s(asked.encode("utf-8", "replace"), digest_size=12).hexdigest())


def _unchanged(request: HttpRequest, state: State) -> HttpResponse | None:
    if request.method not in ("GET", "HEAD"):
        return None
    modified = _whole_second(state.changed_at)
    found = get_conditional_response(request, etag=_etag(request, state), last_modified=modified)
    return found if found is not None and found.status_code == 304 else None


def _whole_second(changed: datetime) -> int | None:
    """Rounded up once that second has passed, so that two changes within one second never share a date."""
    if changed == version.NEVER:
        return None
    changed = max(changed, released_at())
    up = changed.astimezone(UTC).replace(microsecond=0) + timedelta(seconds=1)
    return int((up if up <= timezone.now() else up - timedelta(seconds=1)).timestamp())
