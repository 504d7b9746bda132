"""What every response says to the browser, whoever made it: pages, errors, static files and media."""

from collections.abc import Callable

from csp.constants import SELF
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_cache_control

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class ClientAddressMiddleware:
    """Puts the visitor's own address in REMOTE_ADDR, past as many proxies as the operator says are ours.

    Each proxy of ours adds on the right of X-Forwarded-For the address that it saw; what stands further left was
    written by anyone, and is not believed.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.proxies: int = settings.RALLYNOV_TRUSTED_PROXIES

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
        if self.proxies and forwarded:
            seen = [address.strip() for address in forwarded.split(",")]
            request.META["REMOTE_ADDR"] = seen[-min(self.proxies, len(seen))]
        # How a server that listens on [::] writes an IPv4 address. As IPv6, all of them are of one network.
        request.META["REMOTE_ADDR"] = request.META.get("REMOTE_ADDR", "").removeprefix("::ffff:")
        return self.get_response(request)


class HeadersMiddleware:
    """The headers that Django has no setting for. A view that sets one of its own keeps it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method == "HEAD" and isinstance(response, HttpResponse):
            response.content = b""  # its length was said, as HTTP has it
        for name, value in settings.RALLYNOV_HEADERS.items():
            response.setdefault(name, value)
        shared = request.path_info.startswith(settings.RALLYNOV_SHARED_PREFIXES)
        # Partners' pages show our pictures and scripts; our pages stay among ourselves.
        response.setdefault("Cross-Origin-Resource-Policy", "cross-origin" if shared else "same-origin")
        return response


class PagePolicyMiddleware(CSPMiddleware):
    """The strict policy everywhere, and the admin's under /admin/, whose choosers and date pickers need inline code."""

    def __init__(self, get_response: GetResponse) -> None:
        if "'unsafe-inline'" in str(settings.CONTENT_SECURITY_POLICY):
            raise ImproperlyConfigured("The public's policy must not allow inline code.")
        super().__init__(get_response)

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and parts.config is None and request.path_info.startswith(settings.RALLYNOV_ADMIN_PREFIXES):
            parts.config = settings.RALLYNOV_ADMIN_POLICY
        if getattr(request, "is_preview", False):
            # The admin shows it beside the form that is being filled in.
            parts.replace = {"frame-ancestors": [SELF], **(parts.replace or {})}
        return parts


CHARSETS = {"utf-8", "utf8", "us-ascii"}


class BodyLimitMiddleware:
    """Refuses a request that announces more bytes than any form of the site takes, or another charset than the forms'
    (Django reads it with whichever codec Python has, “rot13” too, and fails), before reading it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > settings.RALLYNOV_MAX_BODY:
            return render(None, "413.html", status=413)
        if (request.content_params or {}).get("charset", "utf-8").strip("'\" ").lower() not in CHARSETS:
            return render(None, "400.html", status=400)
        return self.get_response(request)


class LazySessionMiddleware(SessionMiddleware):
    """A visitor without a session gets everyone's page: no cookie, no `Vary: Cookie`, so that caches can keep it.

    A page made for someone who has a session is private: the same caches leave the cookie out of their key.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if not has_session and not request.session.modified:
            return response
        response = super().process_response(request, response)
        if "Cookie" in response.get("Vary", "") and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True)
        return response
