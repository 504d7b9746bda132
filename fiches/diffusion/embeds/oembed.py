"""oEmbed provider (https://oembed.com): an address of this site pasted in WordPress or Wagtail becomes its embed."""

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.models import Page, Site

from fiches import content_language
from fiches.diffusion.api import problems
from fiches.diffusion.embeds import embed_named, embeds
from fiches.diffusion.embeds.builder import frame_html, frame_path, frame_title
from fiches.diffusion.embeds.frames import in_language_of_url, read_contents, read_look
from fiches.diffusion.page_lookup import row_at
from fiches.diffusion.renditions import absolute
from fiches.publications.responses import shared, versioned
from fiches.query import parsers

if TYPE_CHECKING:
    from fiches.diffusion.embeds import Contents, Embed


WIDTH = 640
CACHE_AGE = 3600
SIZE = re.compile(r"[1-9][0-9]{0,4}")
LONGEST = 2000
THUMBNAIL = {"url": "url", "width": "largeur", "height": "hauteur"}


@shared
@require_safe
@versioned
@in_language_of_url
def provider(request: HttpRequest) -> HttpResponse:
    """View of ``?url=…&maxwidth=…&maxheight=…``, in the language of the page at ``url``.

    Answers 400 for a missing address or an invalid size, 404 for an address without a public embed, 501 for a format other than JSON.
    """
    query = request.GET
    if query.get("format", "json") != "json":
        return problems.problem(501, _("No such format."), _("oEmbed answers in JSON only."))
    errors = {} if query.get("url") else {"url": _("Say which address to show.")}
    for name in ("maxwidth", "maxheight"):
        if query.get(name) and not SIZE.fullmatch(query[name]):
            errors[name] = _("This is not a number of pixels.")
    if errors:
        return problems.refused(problems.QueryError(errors))
    try:
        embed, slug, question, code = target(request, query["url"])
        with translation.override(code), content_language.activated(code):
            return JsonResponse(_describe(request, embed, slug, question))
    except Http404:
        return problems.not_found()


def _describe(request: HttpRequest, embed: "Embed", slug: str, query: QueryDict) -> dict[str, Any]:
    """Returns the oEmbed response."""
    max_width, max_height = (int(request.GET.get(name) or 0) for name in ("maxwidth", "maxheight"))
    look, question = read_look(query)
    limited = question.copy()
    if embed.cartes:
        limited.setdefault("par_page", str(embed.cartes))
    contents = read_contents(embed, slug, limited)
    parameters = [*_question(embed, contents, question), *look.parameters()]
    parameters += [(name, query[name]) for name in look.errors]
    width = min(WIDTH, max_width or WIDTH)
    height = embed.height_of(contents, width)
    address, title = (
        request.build_absolute_uri(frame_path(embed, contents, slug, parameters)),
        frame_title(embed, contents),
    )
    # WordPress shows the link until it knows the frame's height: without one, it never loads the script that sizes frames.
    # Elsewhere the link is hidden, since WordPress alone drops the attribute ``hidden``.
    link = format_html('<blockquote hidden><a href="{}">{}</a></blockquote>', address, title)
    height = min(height, max_height or height)
    [only] = contents.elements if embed.une_page and contents.elements else [None]
    is_example = only and _("example") in only.marques  # sites may show the title without the frame
    described = {
        "version": "1.0",
        "type": "rich",
        "title": f"{contents.titre} ({_('example')})" if is_example else contents.titre,
        "author_name": only.sur if only else settings.WAGTAIL_SITE_NAME,
        "author_url": contents.url,
        "provider_name": settings.WAGTAIL_SITE_NAME,
        "provider_url": urljoin(contents.url or absolute("/"), "/"),
        "cache_age": CACHE_AGE,
        "html": link + frame_html(address, title, width, height),
        "width": width,
        "height": height,
    }
    if image := next((element.image for element in contents.elements if element.image), None):
        size = image["tailles"]["vignette"]
        described |= {f"thumbnail_{name}": size[key] for name, key in THUMBNAIL.items()}
    return described


def _question(embed: "Embed", contents: "Contents", query: QueryDict) -> list[tuple[str, str]]:
    """Returns the frame's parameters: the query in canonical form, or as it was typed if it is invalid, so that the frame says why.
    With the language if it isn't the default, since an embed's path has none."""
    code = content_language.active_language()
    is_default = code == content_language.default_language() or "langue" in contents.errors
    language = [] if is_default else [("langue", code)]
    if contents.errors:
        names = [name for name in query if name != "langue" or name in contents.errors]
        return [(name, value) for name in names for value in query.getlist(name)] + language
    return ([] if embed.une_page else parse_qsl(contents.question)) + language


def target(request: HttpRequest, url: str) -> "tuple[Embed, str, QueryDict, str]":
    """Finds the embed for an address of this site: that of an embed, or of a page that has one.

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
    return _by_own_address(parts.path, query) or _by_page(site, parts.path, query)


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


def _by_page(site: Site | None, path: str, query: QueryDict) -> "tuple[Embed, str, QueryDict, str]":
    row = row_at(site, path) if site else None
    page = Page.objects.filter(pk=row.object_id).first() if row else None
    for embed in embeds() if page else ():
        if issubclass(page.specific_class, embed.pages):
            slug, parameters = (page.slug, QueryDict()) if embed.une_page else ("", query)
            return embed, slug, parameters, content_language.language_of(page)
    raise Http404


def discovery(request: HttpRequest, path: str) -> str:
    """Returns the address of the oEmbed response for the page at ``path``, for its ``<link>`` element."""
    query = urlencode({"url": request.build_absolute_uri(path), "format": "json"})
    return f"{request.build_absolute_uri(reverse('oembed'))}?{query}"
