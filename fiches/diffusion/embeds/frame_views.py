"""Views of the embeds that other sites load: framed pages, the style sheet of their accent, the script of their height."""

from collections.abc import Callable
from functools import wraps
from hashlib import blake2s
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from fiches import content_language
from fiches.diffusion.embeds import embed_named
from fiches.diffusion.embeds.appearance import Apparence, ink_on, read_look
from fiches.diffusion.embeds.embed_contents import general_credits
from fiches.diffusion.embeds.reach import count_load
from fiches.diffusion.renditions import absolute
from fiches.publications.responses import shared
from fiches.query import parsers

if TYPE_CHECKING:
    from fiches.diffusion.embeds import Contents, Embed


LOADER = "diffusion/integration/rallynov.js"


def read_embed(request: HttpRequest, nature: str, slug: str | None = None) -> "tuple[Embed, Contents, Apparence]":
    """Returns ``(Embed, Contents, Apparence)`` of an embed's URL, and counts the load.

    :raises Http404: for an unknown embed, or a page that isn't public.
    """
    embed = embed_named(nature)
    if embed is None or embed.une_page != bool(slug):
        raise Http404
    look, query = read_look(request.GET)
    contents = read_contents(embed, slug, query)
    contents.credits = contents.credits or general_credits()
    contents.url = contents.url or absolute("/")
    count_load(request, nature, contents.question)
    return embed, contents, look


def read_contents(embed: "Embed", slug: str | None, query: QueryDict) -> "Contents":
    """Returns the Contents of an embed.

    With an invalid query, they are the errors only, since ignoring a filter would show another selection.

    :param slug: slug, former slug or UUID, for an embed of one page.
    :raises Http404: when that page isn't public.
    """
    contents = embed.read(query, slug) if slug else embed.read(query)
    _code, unknown = parsers.langue(query)
    if unknown:
        contents.errors["langue"] = unknown
    if contents.errors:
        contents.titre, contents.elements, contents.suite = _("This selection can’t be shown."), [], ""
    return contents


def framed(view: Callable[..., Any]) -> Callable[..., Any]:
    """Lets any site frame the view (X-Frame-Options, and CSP if django-csp is installed). Only the embeds use it."""
    view = xframe_options_exempt(view)
    if find_spec("csp"):
        from csp.decorators import csp_replace

        view = csp_replace({"frame-ancestors": ["*"]})(view)
    return view


def checked_each_time(view: Callable[..., Any]) -> Callable[..., Any]:
    """Forbids shared caches to store the response, so that each load is counted and withdrawn content disappears at once.

    Adds an ETag: a browser that has the current version gets 304 without body.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code == 200:
            digest = blake2s(response.content, digest_size=12).hexdigest()
            etag = f"W/{quote_etag(digest)}"
            response["ETag"] = etag
            response = get_conditional_response(request, etag=etag, response=response)
        response["Cache-Control"] = "private, no-cache"
        return response

    return answer


def in_language_of_url(view: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator: activates the language of the parameter ``langue`` (else the default), not that of the browser."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        code = parsers.langue(request.GET)[0] or content_language.default_language()
        with translation.override(code), content_language.activated(code):
            return view(request, *args, **kwargs)

    return answer


@shared
@require_safe
@framed
@checked_each_time
@in_language_of_url
def frame(request: HttpRequest, nature: str, slug: str | None = None) -> HttpResponse:
    try:
        embed, contents, look = read_embed(request, nature, slug)
    except Http404:
        return _gone(request)
    context = {**contents.context, "embed": embed, "contenu": contents, "apparence": look}
    return _page(request, "cadre", context)


def _gone(request: HttpRequest) -> HttpResponse:
    """Returns the framed page that says that the content is no longer online."""
    look, _query = read_look(request.GET)
    return _page(request, "cadre_vide", {"apparence": look, "adresse": absolute("/")}, status=404)


def _page(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    context["nom_du_site"] = settings.WAGTAIL_SITE_NAME
    return render(request, f"diffusion/integration/{name}.html", context, status=status)


@shared
@require_safe
def colours(request: HttpRequest) -> HttpResponse:
    """View: the style sheet of an accent, so that no page needs inline style. Cached for ever: it depends on its URL only."""
    look, _query = read_look(request.GET)
    response = HttpResponse(_sheet(look), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _sheet(look: Apparence) -> str:
    if not look.accent:
        return ""
    links = "--link: var(--accent); --link-hover: var(--accent); --focus: var(--accent);"
    rules = f":root {{ --accent: {look.accent}; --sur-accent: {ink_on(look.accent)}; {links} }}\n"
    return f"@media (prefers-color-scheme: light) {{ {rules} }}\n" if look.theme == "auto" else rules


@shared
@require_safe
def loader(request: HttpRequest) -> HttpResponse:
    """View: the script that gives frames the height of their contents; browsers keep it for an hour."""
    with open(finders.find(LOADER), "rb") as file:
        response = HttpResponse(file.read(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "public, max-age=3600"
    return response
