"""Cacheability and cache keys of requests and responses."""

import re
from collections.abc import Callable
from hashlib import blake2s
from urllib.parse import unquote_plus

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation.trans_real import parse_accept_lang_header

from fiches.compression import accepts_gzip

TRACKING = {
    "_ga", "_gl", "dclid", "fbclid", "gad_source", "gbraid", "gclid", "gclsrc", "igshid", "li_fat_id", "mc_cid", "mc_eid",
    "msclkid", "srsltid", "ttclid", "twclid", "wbraid", "yclid",
}  # fmt: skip
TRACKING_PREFIXES = ("utm_", "mtm_", "pk_", "piwik_", "matomo_", "hsa_")
# Parameters of links that are meant for one person.
SECRETS = {"cle", "jeton", "password", "secret", "signature", "token"}
LONGEST = 2_000
NEVER = ("/admin/", "/documents/", "/sante/", "/_util/")
PERSONAL_HEADERS = ("HTTP_AUTHORIZATION", "HTTP_RANGE", "HTTP_X_FORWARDED_HOST")
COMMA = re.compile(r"\s*,\s*")
UNKEPT = {"private", "no-store", "no-cache"}
UNKEPT_VARY = {"*", "cookie", "authorization"}


def tidy(query: str) -> str:
    """A query string without the parameters of trackers, sorted by name; the values of one parameter keep their order."""
    if not query:
        return ""
    parts = [part for part in query.split("&") if part and not is_tracking(_name(part))]
    return "&".join(sorted(parts, key=lambda part: part.partition("=")[0]))


def _name(part: str) -> str:
    return unquote_plus(part.partition("=")[0]).lower()


def is_tracking(name: str) -> bool:
    """Whether newsletters, advertisers or social networks add this parameter to addresses."""
    return name in TRACKING or name.startswith(TRACKING_PREFIXES)


def is_for_anyone(request: HttpRequest) -> bool:
    """Whether the response may be the same for everyone: a GET or HEAD request without session, credentials or secret."""
    if request.method not in ("GET", "HEAD") or getattr(request, "is_dummy", False):
        return False
    meta = request.META
    if any(name in meta for name in PERSONAL_HEADERS):
        return False
    if "HTTP_COOKIE" in meta and not request.COOKIES.keys().isdisjoint((settings.SESSION_COOKIE_NAME, "messages")):
        return False
    path, query = request.path_info, meta.get("QUERY_STRING", "")
    if len(path) + len(query) > LONGEST or path.startswith((*NEVER, settings.STATIC_URL)):
        return False
    return "=" not in query or SECRETS.isdisjoint(map(_name, query.split("&")))


def key_of(request: HttpRequest) -> tuple:
    """The cache key of a request: scheme, host, path and query string."""
    meta = request.META
    host = meta.get("HTTP_HOST") or f"{meta.get('SERVER_NAME')}:{meta.get('SERVER_PORT')}"
    return request.scheme, host, request.path, meta.get("QUERY_STRING", "")


def language(request: HttpRequest) -> str:
    """``"en"`` if ``Accept-Language`` prefers it to French, else the default language."""
    for wanted, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if wanted.startswith("en"):
            return "en"
        if wanted.startswith("fr") or wanted == "*":
            break
    return settings.LANGUAGE_CODE


def varies_with(response: HttpResponseBase) -> tuple[str, ...]:
    """The names in the response's ``Vary`` header, sorted, in lower case."""
    return tuple(sorted({name.lower() for name in COMMA.split(response.get("Vary", "")) if name}))


def variant_of(request: HttpRequest) -> Callable[[tuple[str, ...]], tuple]:
    """Returns ``variant(names)``, which gives the request's values of these headers, normalised."""
    return lambda names: tuple(_header_value(request, name) for name in names)


def _header_value(request: HttpRequest, name: str) -> object:
    if name == "accept-encoding":
        return accepts_gzip(request)
    if name == "accept-language":
        return language(request)
    value = request.META.get(f"HTTP_{name.upper().replace('-', '_')}", "")
    # The store counts bodies only: a key must stay short whatever a client sends.
    return blake2s(value.encode()).digest()


def is_cacheable(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether a response is complete and may be shown to everyone."""
    if response.status_code not in (200, 301) or response.streaming or response.cookies:
        return False
    if request.method != "GET" or getattr(request, "is_preview", False):
        return False
    control = {part.partition("=")[0].lower() for part in COMMA.split(response.get("Cache-Control", ""))}
    return UNKEPT.isdisjoint(control) and UNKEPT_VARY.isdisjoint(varies_with(response))
