"""Middleware for all requests and responses: client address, security headers, CSP, sessions."""

import re
from collections.abc import Callable

from csp.constants import SELF
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_cache_control

TEXT = re.compile(r"text/|image/svg\+xml|application/(?:[\w.-]+\+)?(?:json|xml|javascript)\b")
GetResponse = Callable[[HttpRequest], HttpResponseBase]


class ClientAddressMiddleware:
    """Sets REMOTE_ADDR to the visitor's address, behind RALLYNOV_TRUSTED_PROXIES proxies.

    Each trusted proxy appends the address that it saw to X-Forwarded-For. Entries further left can be forged, and are ignored.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.proxies: int = settings.RALLYNOV_TRUSTED_PROXIES

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
        if self.proxies and forwarded:
            seen = [address.strip() for address in forwarded.split(",")]
            request.META["REMOTE_ADDR"] = seen[-min(self.proxies, len(seen))]
        # A server that listens on [::] writes IPv4 addresses as IPv6; throttling would take them all for one network.
        request.META["REMOTE_ADDR"] = request.META.get("REMOTE_ADDR", "").removeprefix("::ffff:")
        return self.get_response(request)


class TextGZipMiddleware(GZipMiddleware):
    """Compresses texts; not pictures and PDF, which are compressed already, nor what is sent in parts."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not TEXT.match(response.get("Content-Type", "")):
            return response
        return super().process_response(request, response)


class HeadersMiddleware:
    """Adds the headers that Django has no setting for, unless the view set them."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method == "HEAD" and isinstance(response, HttpResponse):
            response.content = b""  # Content-Length stays, as HTTP requires
        for name, value in settings.RALLYNOV_HEADERS.items():
            response.setdefault(name, value)
        shared = request.path_info.startswith(settings.RALLYNOV_SHARED_PREFIXES)
        # Partners' sites may load our images and scripts, but not our pages.
        response.setdefault("Cross-Origin-Resource-Policy", "cross-origin" if shared else "same-origin")
        return response


class PagePolicyMiddleware(CSPMiddleware):
    """Applies the strict CSP, and RALLYNOV_ADMIN_POLICY under /admin/, whose choosers and date pickers need inline code."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and parts.config is None and request.path_info.startswith(settings.RALLYNOV_ADMIN_PREFIXES):
            parts.config = settings.RALLYNOV_ADMIN_POLICY
        if getattr(request, "is_preview", False):
            # The admin shows a preview in an iframe beside the form; the preview shows the separate site in an iframe, if there is one.
            framed = settings.RALLYNOV_ADMIN_POLICY["frame-src"]
            parts.replace = {"frame-ancestors": [SELF], "frame-src": framed, **(parts.replace or {})}
        return parts


class LazySessionMiddleware(SessionMiddleware):
    """Leaves out the cookie and `Vary: Cookie` for visitors without a session, so that caches can store the response.

    A response for someone who has a session is `private`, since these caches leave the cookie out of their key.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if not has_session and not request.session.modified:
            return response
        response = super().process_response(request, response)
        if "Cookie" in response.get("Vary", "") and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True)
        return response
