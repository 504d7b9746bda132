"""HTTP caching of what is public: the cache of whole responses, conditional requests (ETag, 304) and CORS.

The version is part of every key, so nothing is ever invalidated: a change makes the responses of before unreachable at once, in all
processes that share the cache.
"""

import re
from collections.abc import Callable
from functools import wraps
from hashlib import blake2s
from typing import Any
from urllib.parse import unquote_plus

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.dummy import DummyCache
from django.core.exceptions import DisallowedHost, MiddlewareNotUsed
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.cache import CacheMiddleware
from django.utils import timezone
from django.utils.cache import (
    get_conditional_response,
    get_max_age,
    patch_cache_control,
    patch_response_headers,
    patch_vary_headers,
)
from django.utils.http import quote_etag
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import condition

from fiches.publications import version
from fiches.publications.version import State, release

# Seconds for which a response is kept at most.
LONGEST = 3600
# Bytes of a body (compressed, if the client accepts that) above which it is not kept.
LARGEST = 500_000
# How the parameters begin that newsletters, advertisers and social networks add to addresses.
TRACKING = (
    "utm_",
    "mtm_",
    "pk_",
    "piwik_",
    "matomo_",
    "_ga",
    "_gl",
    "fbclid",
    "gad_source",
    "gclid",
    "mc_cid",
    "mc_eid",
    "msclkid",
)
# Parameters of links that are meant for one person.
SECRETS = {"cle", "jeton", "password", "secret", "signature", "token"}
NEVER = ("/admin/", "/documents/", "/sante/", "/_util/")
PERSONAL_HEADERS = ("HTTP_AUTHORIZATION", "HTTP_RANGE", "HTTP_X_FORWARDED_HOST")
UNKEPT = {"private", "no-store", "no-cache"}
UNKEPT_VARY = {"*", "cookie", "authorization"}
COMMA = re.compile(r"\s*,\s*")
HIT, STORED = "rallynov; hit", "rallynov; fwd=miss; stored"


class PublicCacheMiddleware:
    """Keeps the complete responses that everyone may read in the cache ``CACHE_MIDDLEWARE_ALIAS`` of the settings, as Django's
    CacheMiddleware does, under the version, the release of the code and the visitor's language. Comes before all expensive
    middleware. Not used with a DummyCache.

    A response may have an attribute ``each_time``: ``each_time(request, response)`` is called on each hit, and returns the response
    to send; it may count the request or refuse it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if isinstance(caches[settings.CACHE_MIDDLEWARE_ALIAS], DummyCache):
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        state = _version() if is_for_anyone(request) else None
        if state is None:
            return self.get_response(request)
        request.META["QUERY_STRING"] = without_tracking(request.META.get("QUERY_STRING", ""))
        request.META["HTTP_ACCEPT_ENCODING"] = "gzip" if "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "") else ""
        # Read before the view, so that the key's version is never newer than the contents.
        left = int((state.valid_until - timezone.now()).total_seconds())
        cache = CacheMiddleware(
            self.get_response, page_timeout=min(LONGEST, left), key_prefix=f"{state.token}.{release()}"
        )
        request.LANGUAGE_CODE = language(request)  # Django adds it to the key
        kept = cache.process_request(request)
        if kept is None:
            return _for_client(request, self._make(request, cache, state, left))
        kept["Cache-Status"] = HIT
        each_time = getattr(kept, "each_time", None)
        return _for_client(request, each_time(request, kept) if each_time else kept)

    def _make(self, request: HttpRequest, cache: CacheMiddleware, state: State, left: int) -> HttpResponseBase:
        """Calls the view and keeps its response, if it may be kept; the whole one, whatever the client has already."""
        known = request.META.pop("HTTP_IF_NONE_MATCH", None)
        response = self.get_response(request)
        if known is not None:
            request.META["HTTP_IF_NONE_MATCH"] = known
        if left <= 0 or not is_cacheable(request, response):
            return response
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
        patch_response_headers(response, cache_timeout=get_max_age(response) or 0)
        response.setdefault("ETag", etag(request, state))
        request.LANGUAGE_CODE = language(request)  # the view's own was that of the address
        cache.process_response(request, response)
        response["Cache-Status"] = STORED
        return response


def _version() -> State | None:
    """The version; while the database doesn't answer, the last one read, so that kept responses are still served."""
    try:
        return version.current()
    except Error:
        return version.last_known()


def _for_client(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """``response`` as it is sent; 304 if the client has it."""
    if response.has_header("Cache-Status"):
        for name in ("Age", "Expires"):
            del response[name]
    if request.method == "HEAD" and isinstance(response, HttpResponse):
        response.setdefault("Content-Length", str(len(response.content)))
        response.content = b""
    if response.status_code != 200:
        return response
    answer: Any = get_conditional_response(request, etag=response.get("ETag"), response=response)  # type: ignore[arg-type]
    if answer is not response:
        # Without these, a page of another site could not read a 304 response (CORS).
        for name, value in response.items():
            if name.startswith(("Access-Control-", "Cross-Origin-", "Cache-Status")):
                answer[name] = value
    return answer


# --- What may be kept -------------------------------------------------------------------------------------------------


def is_for_anyone(request: HttpRequest) -> bool:
    """Whether the response may be the same for everyone: a GET or HEAD request without session, credentials or secret."""
    if request.method not in ("GET", "HEAD") or getattr(request, "is_dummy", False):
        return False
    if any(name in request.META for name in PERSONAL_HEADERS):
        return False
    if not request.COOKIES.keys().isdisjoint((settings.SESSION_COOKIE_NAME, "messages")):
        return False
    if request.path_info.startswith((*NEVER, settings.STATIC_URL)):
        return False
    try:
        request.get_host()
    except DisallowedHost:  # Django refuses it
        return False
    return SECRETS.isdisjoint(map(_name, request.META.get("QUERY_STRING", "").split("&")))


def is_cacheable(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether a response is complete and may be shown to everyone."""
    if response.status_code != 200 or not isinstance(response, HttpResponse):  # streamed
        return False
    if response.cookies or len(response.content) > LARGEST:
        return False
    if request.method != "GET" or getattr(request, "is_preview", False):
        return False
    control = {part.partition("=")[0] for part in _parts(response.get("Cache-Control", ""))}
    return UNKEPT.isdisjoint(control) and UNKEPT_VARY.isdisjoint(_parts(response.get("Vary", "")))


def _parts(header: str) -> list[str]:
    return COMMA.split(header.lower())


def without_tracking(query: str) -> str:
    """A query string without the parameters of trackers."""
    return "&".join(part for part in query.split("&") if part and not is_tracking(_name(part)))


def _name(part: str) -> str:
    return unquote_plus(part.partition("=")[0]).lower()


def is_tracking(name: str) -> bool:
    """Whether newsletters, advertisers or social networks add this parameter to addresses."""
    return name.startswith(TRACKING)


def language(request: HttpRequest) -> str:
    """``"en"`` if ``Accept-Language`` prefers it to French, else the default language."""
    for wanted, _quality in parse_accept_lang_header(request.META.get("HTTP_ACCEPT_LANGUAGE", "")):
        if wanted.startswith("en"):
            return "en"
        if wanted.startswith("fr") or wanted == "*":
            break
    return settings.LANGUAGE_CODE


# --- Conditional requests ---------------------------------------------------------------------------------------------


def versioned(view: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator: gives the view's response an ``ETag`` of the version, with which clients ask again each time; answers 304 to a
    client that has it.

    The request is the first argument that has ``META``, since a route of a page receives the page first.
    """

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> HttpResponseBase:
        request = next(arg for arg in args if hasattr(arg, "META"))
        state = version.current()
        read = condition(etag_func=lambda request: etag(request, state))(lambda request: view(*args, **kwargs))
        response = read(request)
        if response.status_code in (200, 304):
            patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
            patch_vary_headers(response, ["Accept-Language"])
        else:
            del response["ETag"]
        return response

    return answer


def etag(request: HttpRequest, state: State) -> str:
    """The weak ETag of a response to ``request`` at this version."""
    parts = f"{state.token} {release()} {request.build_absolute_uri()} {language(request)}"
    return "W/" + quote_etag(blake2s(parts.encode("utf-8", "replace"), digest_size=12).hexdigest())


# --- CORS -------------------------------------------------------------------------------------------------------------


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
    response.setdefault("Access-Control-Expose-Headers", "ETag")
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
