"""API resource ``/redirections``: the former addresses of a site and where each leads, for the redirect file of a separate front end."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from fiches.diffusion.api import lists, openapi_parameters, schemas
from fiches.diffusion.api.page_schemas import Redirection
from fiches.diffusion.page_lookup import path_prefixes, public_pages
from fiches.models.querysets import VisibleQuerySet

router = Router(tags=["pages"])
PARAMETERS = [openapi_parameters.PAGE, openapi_parameters.SIZE, *lists.choice_parameters("curseur")]


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
    choice, site = lists.Choice(request, None, ("curseur",)), Site.find_for_request(request)
    asked = lists.read_paging(request)
    rows = former_addresses(site) if site else {}
    part = lists.cut(choice, [*rows].__getitem__, len(rows), asked)
    return lists.list_response(request, count=len(rows), items=[rows[pk] for pk in part.keys], part=part)


def former_addresses(site: Site) -> dict[int, dict[str, Any]]:
    """Returns ``{pk of a redirect: AncienneAdresse as a dict}``, the oldest first.

    Left out: a redirect to a page that is not public, from a path where a page is now, or to nowhere.
    """
    taken = {
        start + url_path.removeprefix(root).rstrip("/")
        for root, start in path_prefixes(site).items()
        for url_path in public_pages(site).values_list("url_path", flat=True)
        if url_path.startswith(root)
    }
    redirects = Redirect.get_for_site(site).select_related("redirect_page").order_by("pk")
    public = (
        VisibleQuerySet(Page).visible().in_bulk([each.redirect_page_id for each in redirects if each.redirect_page])
    )
    rows = {}
    for each in redirects:
        is_public = each.redirect_page_id in public or (each.redirect_link and not each.redirect_page_id)
        if is_public and each.old_path not in taken:
            url = each.link if "://" in each.link else f"{site.root_url}{each.link}"
            kept = {"id": each.pk, "de": each.old_path, "vers": url.removeprefix(site.root_url)}
            rows[each.pk] = {**kept, "url": url, "permanente": each.is_permanent}
    return rows
