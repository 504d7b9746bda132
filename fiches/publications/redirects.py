"""The former addresses of public pages: where each leads now, and the middleware that answers them, instead of
`wagtail.contrib.redirects.middleware.RedirectMiddleware`."""

from typing import NamedTuple
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.http import escape_leading_slashes
from wagtail.contrib.redirects import middleware
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from fiches.models.querysets import VisibleQuerySet
from fiches.publications.responses import share

# Characters of a former address in Wagtail's table.
LONGEST = 255


class Destination(NamedTuple):
    """Where a former address leads. ``page``: the public page there; None when a person made a redirect to an address."""

    url: str
    is_permanent: bool
    page: Page | None


class RedirectMiddleware(middleware.RedirectMiddleware):
    """Redirects as Wagtail's middleware does, with the query string, also what is asked below a former address (feeds, files, other
    routes). Answers 404 at the former address of a page that is not public, where Wagtail's gives its present address."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.status_code != 404:
            return response
        path, _mark, query = request.get_full_path().partition("?")
        destination = find_destination(request, path, query)
        if destination is None:
            return response
        kind = HttpResponsePermanentRedirect if destination.is_permanent else HttpResponseRedirect
        return share(kind(destination.url))


def find_destination(request: HttpRequest, path: str, query: str = "") -> Destination | None:
    """Where the former address ``path`` of the request's site, or what was below it, is now, with the query with which it was asked.
    None if there is nothing, or if the page is not public."""
    path = escape_leading_slashes(path)
    whole = Redirect.normalise_path(path)
    asked = [Redirect.normalise_path(f"{path}?{query}")] if query else []
    parts = whole.strip("/").split("/")
    below = {"/" + "/".join(parts[:count]): parts[count:] for count in range(len(parts) - 1, 0, -1)}
    known = [each for each in [*asked, whole, *below] if len(each) <= LONGEST and "\0" not in each]
    redirects = Redirect.get_for_site(Site.find_for_request(request)).filter(old_path__in=known)
    by_path = {
        each.old_path: each
        for each in sorted(redirects.select_related("redirect_page"), key=lambda each: each.site_id is not None)
    }
    former = next((each for each in known if each in by_path), "")
    if not former:
        return None
    redirect, page = by_path[former], by_path[former].redirect_page
    if page and not VisibleQuerySet(Page).visible().filter(pk=page.pk).exists():
        return None
    url = redirect.link
    if former in below:
        if page is None or redirect.redirect_page_route_path or not _has(page, request, below[former]):
            return None
        url = page.get_url(request) + "/".join(below[former]) + ("/" if path.endswith("/") else "")
    if not url or url == path:
        return None
    try:
        return Destination(_with(url, "" if "?" in former else query), redirect.is_permanent, page)
    except ValueError:  # such as http://[bad/, which a form refuses and an import does not
        return None


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
