"""oEmbed provider (https://oembed.com): an address of this site pasted in WordPress or Wagtail becomes its embed."""

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit
from xml.etree import ElementTree

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.models import Site

from fiches import content_language
from fiches.diffusion.api import problems
from fiches.diffusion.embeds import embed_named, embeds
from fiches.diffusion.embeds.appearance import read_look
from fiches.diffusion.embeds.embed_codes import Codes
from fiches.diffusion.embeds.frame_views import in_language_of_url, read_contents
from fiches.diffusion.feeds.atom import xml_text
from fiches.diffusion.page_lookup import destination_of, public_pages
from fiches.diffusion.renditions import absolute
from fiches.publications.responses import shared, versioned
from fiches.query import parsers

if TYPE_CHECKING:
    from fiches.diffusion.embeds import Contents, Embed


FORMATS = ("json", "xml")
WIDTH = 640
CACHE_AGE = 3600
SIZE = re.compile(r"[1-9][0-9]{0,4}")
LONGEST = 2000
# Depth of the home pages in Wagtail's tree.
HOME = 2


@shared
@require_safe
@versioned
@in_language_of_url
def provider(request: HttpRequest) -> HttpResponse:
    """View of ``?url=…&maxwidth=…&maxheight=…&format=json|xml``, in the language of the page at ``url``.

    Answers 400 for a missing address or an invalid size, 404 for an address without a public embed, 501 for another format.
    """
    query, form = request.GET, request.GET.get("format") or "json"
    if form not in FORMATS:
        detail = _("“%(form)s” is not possible: json and xml are.") % {"form": form[:20]}
        return problems.problem(501, _("No such format."), detail)
    errors = _errors(query)
    if errors:
        return problems.refused(problems.QueryError(errors))
    try:
        answer = describe(request, query["url"], _size(query, "maxwidth"), _size(query, "maxheight"))
    except Http404:
        return problems.not_found()
    return _as_xml(answer) if form == "xml" else JsonResponse(answer)


def _errors(query: Any) -> dict[str, str]:
    errors = {}
    if not query.get("url"):
        errors["url"] = _("Say which address to show.")
    for name in ("maxwidth", "maxheight"):
        if query.get(name) and not SIZE.fullmatch(query[name]):
            errors[name] = _("This is not a number of pixels.")
    return errors


def _size(query: Any, name: Any) -> int | None:
    return int(query[name]) if query.get(name) else None


def describe(request: HttpRequest, url: str, max_width: int | None, max_height: Any) -> dict[str, str]:
    """Returns the oEmbed response (dict) for an address of this site.

    :param max_width: pixels, or None; ``max_height`` likewise.
    :raises Http404: when the address has no public embed.
    """
    embed, slug, query, code = target(request, url)
    with translation.override(code), content_language.activated(code):
        return _response_data(request, embed, slug, query, max_width, max_height)


def _response_data(
    request: HttpRequest, embed: "Embed", slug: str, query: QueryDict, max_width: int | None, max_height: Any
) -> dict[str, str]:
    look, question = read_look(query)
    limited = question.copy()
    if embed.cartes:
        limited.setdefault("par_page", str(embed.cartes))
    contents = read_contents(embed, slug, limited)
    width = min(WIDTH, max_width or WIDTH)
    height = embed.height_of(contents, width)
    codes = Codes(
        request,
        embed,
        slug=contents.uid or slug,
        named=contents.titre if embed.une_page else "",
        question=[*_question(embed, contents, question), *_language_parameter(contents)],
        look=[*look.parameters(), *((name, query[name]) for name in look.errors)],
        width=width,
        height=min(height, max_height or height),
    )
    return {
        "version": "1.0",
        "type": "rich",
        "title": _title(embed, contents),
        "author_name": contents.elements[0].sur if embed.une_page and contents.elements else settings.WAGTAIL_SITE_NAME,
        "author_url": contents.url,
        "provider_name": settings.WAGTAIL_SITE_NAME,
        "provider_url": urljoin(contents.url or absolute("/"), "/"),
        "cache_age": CACHE_AGE,
        "html": codes.frame_for_wordpress,
        "width": codes.width,
        "height": codes.height,
        **_thumbnail(contents),
    }


def _question(embed: "Embed", contents: "Contents", query: QueryDict) -> list[tuple[str, str]]:
    """Returns the frame's parameters: the query in canonical form, or as it was typed if it is invalid, so that the frame says why."""
    if contents.errors:
        names = [name for name in query if name != "langue" or name in contents.errors]
        return [(name, value) for name in names for value in query.getlist(name)]
    return [] if embed.une_page else parse_qsl(contents.question)


def _title(embed: "Embed", contents: "Contents") -> str:
    """Returns the title; that of a fictitious record is marked as an example, since sites may show it without the frame."""
    is_example = embed.une_page and contents.elements and _("example") in contents.elements[0].marques
    return f"{contents.titre} ({_('example')})" if is_example else contents.titre


def _language_parameter(contents: "Contents") -> list[Any]:
    """Returns ``[("langue", code)]`` if the active language isn't the default, since an embed's path has no language; nothing if
    the query asks for an unknown one."""
    code = content_language.active_language()
    is_default = code == content_language.default_language()
    return [] if is_default or "langue" in contents.errors else [("langue", code)]


def _thumbnail(contents: "Contents") -> dict[str, Any]:
    image = next((element.image for element in contents.elements if element.image), None)
    if not image:
        return {}
    size = image["tailles"]["vignette"]
    return {"thumbnail_url": size["url"], "thumbnail_width": size["largeur"], "thumbnail_height": size["hauteur"]}


def target(request: HttpRequest, url: str) -> "tuple[Embed, str, QueryDict, str]":
    """Finds the embed for an address of this site: that of an embed, or of a page that has one (its former address too).

    :returns: ``(Embed, slug or "", query, language code)``.
    :raises Http404: for any other address.
    """
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2].lower()
    except ValueError:
        raise Http404 from None
    sites = {site.root_url.partition("://")[2].lower(): site for site in Site.objects.select_related("root_page")}
    if len(url) > LONGEST or parts.scheme not in ("http", "https") or host not in {*sites, request.get_host().lower()}:
        raise Http404
    query = QueryDict(parts.query)
    site = sites.get(host) or Site.find_for_request(request)
    return (
        _by_own_address(parts.path, query)
        or _by_page(site, parts.path, query)
        or _below_page(site, parts.path)
        or _by_old_address(request, site, parts.path, query)
    )


def _by_own_address(path: str, query: QueryDict) -> "tuple[Embed, str, QueryDict, str] | None":
    try:
        match = resolve(path)
    except Resolver404:
        return None
    if match.url_name != "integration_cadre":
        return None
    embed, slug = embed_named(match.kwargs["nature"]), match.kwargs.get("slug", "")
    if embed is None or embed.une_page != bool(slug):
        raise Http404
    return embed, slug, query, parsers.langue(query)[0] or content_language.default_language()


def _by_page(site: Site, path: str, query: QueryDict) -> "tuple[Embed, str, QueryDict, str] | None":
    *_above, slug = [part for part in path.split("/") if part] or [""]
    for embed in embeds() if site else ():
        for model in embed.pages:
            # One per language or site; the path of a home page doesn't have its slug.
            for page in model.objects.visible().filter(Q(slug=slug) | Q(depth=HOME)):
                owner, _root, own = page.get_url_parts() or (None, "", "")
                if owner == site.pk and own.rstrip("/") == path.rstrip("/"):
                    parameters = QueryDict() if embed.une_page else query
                    return embed, slug if embed.une_page else "", parameters, content_language.language_of(page)
    return None


def _below_page(site: Site, path: str) -> "tuple[Embed, str, QueryDict, str] | None":
    """Finds the embed of the page above ``path``, with the query that makes it show what is there (see ``Embed.below``)."""
    above, _slash, name = path.rstrip("/").rpartition("/")
    parent = _by_page(site, above, QueryDict()) if name else None
    embed = parent[0] if parent else None
    query = embed.below(f"{name}/") if embed and embed.below else None
    return (parent[0], "", QueryDict(query), parent[-1]) if parent and query else None


def _by_old_address(
    request: HttpRequest, site: Site, path: str, query: QueryDict
) -> "tuple[Embed, str, QueryDict, str]":
    """Follows the redirect of an old path to the embed of what is there now."""
    destination = destination_of(request, site, path) if site else None
    is_here = destination and destination.page and public_pages(site).filter(object_id=destination.page.pk).exists()
    present = urlsplit(destination.url()).path if destination and is_here else None
    embed = _by_page(site, present, query) or _below_page(site, present) if present else None
    if embed is None:
        raise Http404
    return embed


def _as_xml(answer: dict[str, str]) -> HttpResponse:
    root = ElementTree.Element("oembed")
    for name, value in answer.items():
        ElementTree.SubElement(root, name).text = xml_text(value)
    text = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return HttpResponse(text, content_type="text/xml; charset=utf-8")


def discovery(request: HttpRequest, path: str) -> dict[str, str]:
    """Returns ``{format: address}`` of the oEmbed response for the page at ``path``, for its ``<link>`` elements."""
    url = request.build_absolute_uri(path)
    base = request.build_absolute_uri(reverse("oembed"))
    return {form: f"{base}?{urlencode({'url': url, 'format': form})}" for form in FORMATS}
