"""API resource ``/redirections``: the former addresses of a site and where each leads now, for the redirect file of a separate front
end. The rules are those of `fiches.publications.redirects`, for all the addresses at once."""

from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urlsplit

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.utils.encoding import iri_to_uri, uri_to_iri
from django.utils.translation import gettext as _
from ninja import Router
from wagtail.models import Site

from fiches.diffusion.api import list_responses, openapi_parameters, schemas
from fiches.diffusion.api.page_schemas import Redirection
from fiches.diffusion.api.pagination import READERS
from fiches.diffusion.page_lookup import path_prefixes, public_pages

if TYPE_CHECKING:
    from wagtail.contrib.redirects.models import Redirect

router = Router(tags=["pages"])
PARAMETER_READERS = {
    "page": READERS["page"],
    "par_page": READERS["par_page"],
    list_responses.CURSOR_NAME: list_responses.read_cursor,
}
PARAMETERS = [openapi_parameters.PAGE, openapi_parameters.SIZE, openapi_parameters.CURSOR]


class AncienneAdresse(Redirection):
    id: int
    de: str = schemas.described(
        _("The former path, without its final slash: the site answers with and without it."), "/fiches/ancien-nom"
    )
    vers: str = schemas.described(
        _("Where it leads now: a path on this site, or an address elsewhere."), "/fiches/nouveau-nom/"
    )


class Redirections(schemas.Liste):
    items: list[AncienneAdresse]


@router.get(
    "/redirections",
    response=Redirections,
    openapi_extra={"parameters": PARAMETERS},
    url_name="redirections",
    operation_id="listerRedirections",
    summary=_("The former addresses"),
    description=_("With where each leads now, for the redirect file of a static site. Only public pages are named."),
)
def list_redirects(request: HttpRequest) -> HttpResponse:
    query, site = list_responses.read_parameters(request, PARAMETER_READERS), Site.find_for_request(request)
    addresses = former_addresses(request, site) if site and apps.is_installed("wagtail.contrib.redirects") else {}
    window = list_responses.window_of([*addresses], len(addresses), query)
    return list_responses.list_response(
        request,
        count=len(addresses),
        items=[addresses[pk] for pk in window.page],
        parameters=[("par_page", window.size)] if "par_page" in query else [],
        following=window.next,
        preceding=window.previous,
    )


def former_addresses(request: HttpRequest, site: Site) -> dict[int, dict[str, Any]]:
    """Returns ``{pk of a redirect: AncienneAdresse as a dict}`` for a site, the oldest first. Two queries, three if a redirect leads
    to a page of another site.

    Left out: a redirect to a page that is not public, from a path where a page is now, and one that leads back to itself.
    """
    from wagtail.contrib.redirects.models import Redirect

    redirects = Redirect.get_for_site(site).select_related("redirect_page__locale").order_by("pk")
    by_path = {each.old_path: each for each in sorted(redirects, key=lambda each: each.site_id is not None)}
    addresses = _Addresses(request, site, by_path)
    ends = {each: addresses.end_of(each) for each in redirects if by_path[each.old_path] == each}
    return {each.pk: {"id": each.pk, "de": each.old_path, **end} for each, end in ends.items() if end}


class _Addresses:
    """The addresses of a site: ``pages`` (``{pk: path}`` of the public ones), ``by_path`` (``{former path: Redirect}``), and
    ``elsewhere``, the keys of the public pages of other sites to which these lead."""

    def __init__(self, request: HttpRequest, site: Site, by_path: "dict[str, Redirect]") -> None:
        self.request, self.root, self.by_path = request, site.root_url, by_path
        self.hosts = {request.get_host(), urlsplit(self.root).netloc}
        url_paths = dict(public_pages(site).values_list("object_id", "url_path"))
        self.pages = {
            pk: start + url_path.removeprefix(root)
            for root, start in path_prefixes(site).items()
            for pk, url_path in url_paths.items()
            if url_path.startswith(root)
        }
        others = {each.redirect_page_id for each in by_path.values()} - {None, *self.pages}
        self.elsewhere = set(public_pages().filter(object_id__in=others).values_list("object_id", flat=True))
        self.taken = {path.rstrip("/") for path in self.pages.values()}

    def end_of(self, redirect: "Redirect | None") -> dict[str, Any] | None:
        """Returns ``vers``, ``url`` and ``permanente`` of where ``redirect`` leads in the end; None if it is to be left out."""
        passed, end = [], None
        if redirect and self._is_page(redirect.old_path.partition("?")[0]):
            return None
        while redirect and (parts := self._parts_of(redirect)):
            if redirect in passed:
                return None
            passed.append(redirect)
            end = _after(end, parts) if end and "?" not in redirect.old_path else parts
            redirect = self._redirect_at(end)
        if end is None:
            return None
        here = end._replace(scheme="", netloc="") if end.netloc in self.hosts else end
        permanent = all(each.is_permanent for each in passed)
        return {"vers": here.geturl(), "url": end.geturl(), "permanente": permanent}

    def _parts_of(self, redirect: "Redirect") -> SplitResult | None:
        """Returns the address to which ``redirect`` leads, in parts; None if there is none, or its page is not public."""
        address = redirect.redirect_link
        if page := redirect.redirect_page:
            path = self.pages.get(page.pk)
            address = path and self.root + iri_to_uri(path)
            if page.pk in self.elsewhere:
                address = page.full_url
            route = redirect.redirect_page_route_path
            if address and route and redirect.link != page.url:
                address = address.rstrip("/") + iri_to_uri(route)
        try:
            return urlsplit(self.request.build_absolute_uri(address)) if address else None
        except ValueError:  # such as http://[bad/, which a form refuses and an import does not
            return None

    def _redirect_at(self, parts: SplitResult) -> "Redirect | None":
        """Returns the redirect that answers at an address; None if a page, nothing, or another site does."""
        from wagtail.contrib.redirects.models import Redirect

        if parts.netloc not in self.hosts or self._is_page(uri_to_iri(parts.path)):
            return None
        asked = (Redirect.normalise_path(f"{parts.path}?{parts.query}"), Redirect.normalise_path(parts.path))
        return next((self.by_path[path] for path in asked if path in self.by_path), None)

    def _is_page(self, path: str) -> bool:
        return path.rstrip("/") in self.taken


def _after(asked: SplitResult, parts: SplitResult) -> SplitResult:
    """Returns the address ``parts`` of a redirect with the query and the fragment with which it was ``asked``, as the site and a
    browser give them."""
    query = "&".join(filter(None, [parts.query, asked.query]))
    return parts._replace(query=query, fragment=parts.fragment or asked.fragment)
