"""The former addresses of public pages: where each leads now, and the middleware that answers them, instead of
`wagtail.contrib.redirects.middleware.RedirectMiddleware`."""

from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.encoding import uri_to_iri
from django.utils.http import escape_leading_slashes
from django.utils.translation import get_language_from_path, override
from wagtail.contrib.redirects import middleware
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from fiches.models.querysets import VisibleQuerySet
from fiches.publications.responses import share

# Characters of a former address in Wagtail's table.
LONGEST = 255


class Destination(NamedTuple):
    """Where a former address leads.

    page: the public page there; None when a person made a redirect to an address.
    below: what follows the page's address; empty for the page itself.
    """

    redirect: Redirect
    page: Page | None
    below: str = ""

    def url(self, request: HttpRequest | None = None, query: str = "") -> str:
        """The address; complete, or without the host if it is that of ``request``. It keeps the query with which the former one was
        asked, unless the redirect was made for that very query."""
        return _with(self._base(request), "" if "?" in self.redirect.old_path else query)

    def _base(self, request: HttpRequest | None) -> str:
        if self.page is None:
            return self.redirect.redirect_link
        page = self.page.specific
        base = (page.get_url(request) if request else page.full_url) or ""
        has_route = self.redirect.redirect_page_route_path and self.redirect.link != page.url
        return base.rstrip("/") + self.redirect.redirect_page_route_path if has_route else base + self.below


class RedirectMiddleware(middleware.RedirectMiddleware):
    """Redirects as Wagtail's middleware does, with the query string, also what is asked below a former address (feeds, files, other
    routes). Answers 404 at the former address of a page that is not public, where Wagtail's gives its present address."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.status_code != 404:
            return response
        path, _mark, query = request.get_full_path().partition("?")
        destination = find_destination(request, Site.find_for_request(request), path, query)
        if destination is None:
            return response
        kind = HttpResponsePermanentRedirect if destination.redirect.is_permanent else HttpResponseRedirect
        return share(kind(destination.url(request, query)))


def find_destination(request: HttpRequest, site: Site | None, path: str, query: str = "") -> Destination | None:
    """Where the former address ``path`` of ``site``, or what was below it, is now. None if there is nothing, if the page is not
    public, or if the redirect would come back to ``path``."""
    path = escape_leading_slashes(path)
    paths = {Redirect.normalise_path(path, decode_unicode=encoded) for encoded in (True, False)}
    asked = {Redirect.normalise_path(f"{each}?{query}", decode_unicode=False) for each in paths} if query else set()
    parts = uri_to_iri(path).strip("/").split("/")
    former = {"/" + "/".join(parts[:count]): parts[count:] for count in range(1, len(parts))}
    known = [each for each in {*asked, *paths, *former} if len(each) <= LONGEST and "\0" not in each]
    redirects = Redirect.get_for_site(site).filter(old_path__in=known).select_related("redirect_page")
    for redirect in sorted(redirects, key=lambda each: (-len(each.old_path), each.site_id is None)):
        if (below := former.get(redirect.old_path)) is None:
            return _whole(request, site, redirect, path)
        if destination := _below(request, site, redirect, below, path):
            return destination
    return None


def _whole(request: HttpRequest, site: Site | None, redirect: Redirect, path: str) -> Destination | None:
    page = redirect.redirect_page
    if (page and not _is_public(page)) or not _is_readable(redirect.redirect_link):
        return None
    destination = Destination(redirect, page)
    url = destination.url(request)
    return destination if url and not _comes_back(url, request, site, redirect, path) else None


def _below(
    request: HttpRequest, site: Site | None, redirect: Redirect, below: list[str], path: str
) -> Destination | None:
    page = redirect.redirect_page
    if not page or redirect.redirect_page_route_path or not _is_public(page):
        return None
    # A path that has a route now is not a former one, whatever its view answers: two pages that took each other's address would
    # redirect to each other without end.
    if not _has(page, request, below) or _is_routed(request, site, path):
        return None
    return Destination(redirect, page, "/".join(below) + ("/" if path.endswith("/") else ""))


def _is_public(page: Page) -> bool:
    return bool(page.url) and VisibleQuerySet(Page).visible().filter(pk=page.pk).exists()


def _is_readable(address: str) -> bool:
    try:
        urlsplit(address)
    except ValueError:  # such as http://[bad/, which a form refuses and an import does not
        return False
    return True


def _comes_back(url: str, request: HttpRequest, site: Site | None, redirect: Redirect, path: str) -> bool:
    """Whether ``url``, where ``redirect`` leads, is ``path``, or leads to ``redirect`` again by others that people made."""
    passed = {redirect.pk}
    while _is_readable(url):
        parts = urlsplit(request.build_absolute_uri(url))
        if parts.netloc != request.get_host():
            return False
        if parts.path.rstrip("/") == path.rstrip("/") and not parts.query:
            return True
        if _is_routed(request, site, parts.path):
            return False
        path_there = escape_leading_slashes(parts.path)
        asked = (Redirect.normalise_path(f"{path_there}?{parts.query}"), Redirect.normalise_path(path_there))
        following = Redirect.get_for_site(site).filter(old_path__in=asked).order_by("-old_path").first()
        if following is None or following.pk in passed or following.redirect_page_id:
            return following is not None and following.pk in passed
        passed.add(following.pk)
        url = following.link
    return False


def _is_routed(request: HttpRequest, site: Site | None, path: str) -> bool:
    """Whether a page of the site has a route at ``path``."""
    with override(get_language_from_path(path) or settings.LANGUAGE_CODE):
        root, start = site and site.root_page.localized, reverse("wagtail_serve", args=[""])
    parts = uri_to_iri(path).removeprefix(start).strip("/").split("/")
    return bool(root) and path.startswith(start) and _has(root, request, parts)


def _has(page: Page, request: HttpRequest, below: list[str]) -> bool:
    """Whether the page has a route or a public child there."""
    try:
        page.specific.route(request, below)
    except Http404:
        return False
    return True


def _with(address: str, query: str) -> str:
    parts = urlsplit(address)
    return parts._replace(query="&".join(filter(None, [parts.query, query]))).geturl()
