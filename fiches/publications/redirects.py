"""The middleware that answers former addresses of pages, instead of `wagtail.contrib.redirects.middleware.RedirectMiddleware`."""

from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.utils.encoding import uri_to_iri
from wagtail.contrib.redirects import middleware
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from fiches.models import Publication
from fiches.publications.conditional import share

# Characters of a former address in Wagtail's table.
LONGEST = 255


class RedirectMiddleware(middleware.RedirectMiddleware):
    """Redirects as Wagtail's middleware does, with the query string. Also redirects what is asked below a former address of a public
    page (its feeds, its files, its other routes) to what is below its present address."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.status_code != 404:
            return response
        path, _mark, query = request.get_full_path().partition("?")
        answer = super().process_response(request, response)
        if answer is response:
            address = present_address(request, path)
            return share(HttpResponsePermanentRedirect(_with(address, query))) if address else response
        whole = Redirect.normalise_path(request.get_full_path(), decode_unicode=False)
        if query and not middleware.get_redirect(request, whole):  # else the redirect was made for this very query
            answer["Location"] = _with(answer["Location"], query)
        return answer


def present_address(request: HttpRequest, path: str) -> str | None:
    """The present address of what was at ``path``, below a former address of a public page; None if there is nothing."""
    parts = uri_to_iri(path).strip("/").split("/")
    former = {"/" + "/".join(parts[:count]): parts[count:] for count in range(1, len(parts))}
    known = [address for address in former if len(address) <= LONGEST and "\0" not in address]
    redirects = Redirect.get_for_site(Site.find_for_request(request)).filter(
        old_path__in=known, redirect_page_route_path=""
    )
    for redirect in sorted(redirects, key=lambda each: (-len(each.old_path), each.site_id is None)):
        page, below = redirect.redirect_page, former[redirect.old_path]
        if page and _is_public(page) and _has(page, request, below):
            return f"{page.get_url(request)}{'/'.join(below)}{'/' if path.endswith('/') else ''}"
    return None


def _is_public(page: Page) -> bool:
    return Publication.objects.visible().filter(object_id=page.pk).exclude(url_path="").exists()


def _has(page: Page, request: HttpRequest, below: list[str]) -> bool:
    """Whether the page has a route or a child there. Without this check, a page that moved below its own former address would be
    redirected to without end."""
    try:
        page.specific.route(request, below)
    except Http404:
        return False
    return True


def _with(address: str, query: str) -> str:
    parts = urlsplit(address)
    return parts._replace(query="&".join(filter(None, [parts.query, query]))).geturl()
