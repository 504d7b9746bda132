"""Which site a request is for, known without a query."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from wagtail.models import Site

from fiches.version import detached, kept

MOST_NAMES = 100
"""Names under which the site is called that are kept: anyone may make up others where any host is allowed."""


class KnownSiteMiddleware:
    """Answers `Site.find_for_request` from what this process keeps, root page included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        known: dict[str, Site | None] = kept("sites", dict)
        host = request.META.get("HTTP_HOST") or f"{request.META['SERVER_NAME']}:{request.META['SERVER_PORT']}"
        if host not in known and len(known) < MOST_NAMES:
            known[host] = _found(request)
        if (site := known.get(host)) is not None:
            request._wagtail_site = detached(site)  # type: ignore[attr-defined]
            request._wagtail_site.root_page = detached(site.root_page)  # type: ignore[attr-defined]
        return self.get_response(request)


def _found(request: HttpRequest) -> Site | None:
    site = Site.find_for_request(request)
    if site is not None:
        site.root_page = site.root_page.specific
    return site
