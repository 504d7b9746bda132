"""Which site a page is asked of, known without a query."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from wagtail.models import Site
from wagtail.views import serve

from fiches import langues
from fiches.version import detached, kept

MOST_NAMES = 100
"""Names under which the site is called that are kept: anyone may make up others where any host is allowed."""


class KnownSiteMiddleware:
    """Answers `Site.find_for_request` from what this process keeps, root page included, where a page is served."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        if view is not serve:
            return
        known: dict[str, Site | None] = kept("sites", dict)
        host = request.META.get("HTTP_HOST") or f"{request.META['SERVER_NAME']}:{request.META['SERVER_PORT']}"
        if host not in known and len(known) < MOST_NAMES:
            known[host] = _found(request)
        if (site := known.get(host)) is not None:
            paths = kept("root_paths", Site.get_site_root_paths)
            known_site = detached(site)
            known_site.root_page = detached(site.root_page)
            # Where Wagtail itself looks for what it has already asked.
            request._wagtail_site = known_site  # type: ignore[attr-defined]
            request._wagtail_cached_site_root_paths = paths  # type: ignore[attr-defined]
            known_site.root_page._wagtail_cached_site_root_paths = paths
            if langues.several():
                # Wagtail would show French pages under « /en/ » where there is no English home.
                root = _root(host, site)
                request._wagtail_route_for_request = root and _routed(root, request, args[0], paths)  # type: ignore[attr-defined]


def _found(request: HttpRequest) -> Site | None:
    site = Site.find_for_request(request)
    if site is not None:
        site.root_page = site.root_page.specific
    return site


def _root(host: str, site: Site) -> Any:
    """The page at the top of the site in the language being read, or ``None``."""
    code = langues.current()
    if code == langues.own():
        return site.root_page
    known: dict[tuple[str, str], Any] = kept("roots", dict)
    if (host, code) not in known and len(known) < MOST_NAMES:
        known[host, code] = site.root_page.get_translation_or_none(langues.locale_of(code))
    return known.get((host, code))


def _routed(root: Any, request: HttpRequest, path: str, paths: list[Any]) -> Any:
    """What answers an address, as Wagtail itself would say."""
    root = detached(root)
    root._wagtail_cached_site_root_paths = paths
    try:
        return root.route(request, [part for part in path.split("/") if part])
    except Http404:
        return None
