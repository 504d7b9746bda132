"""Views of the embeds that other sites load: framed pages, the web component's script, data and style sheet."""

from collections.abc import Callable
from functools import cache, wraps
from hashlib import blake2s
from typing import TYPE_CHECKING, Any

import orjson
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from fiches import content_language
from fiches.colours import colours as site_colours
from fiches.diffusion.embeds import embed_named, embeds
from fiches.diffusion.embeds.accent_colours import THEMES
from fiches.diffusion.embeds.appearance import Apparence, read_look
from fiches.diffusion.embeds.credits import general_credits
from fiches.diffusion.embeds.framing import checked_each_time, framed
from fiches.diffusion.embeds.reach_counts import count_load
from fiches.diffusion.renditions import absolute
from fiches.publications.responses import shared
from fiches.query import parsers

if TYPE_CHECKING:
    from fiches.diffusion.embeds import Contents, Embed


SCRIPT = "diffusion/integration/rallynov.js"
# Custom properties of the component's style, and their colours in ``fiches.colours``.
COMPONENT_COLOURS = {
    "fond": "frame",
    "carte": "paper-raised",
    "creux": "fir-mist",
    "encre": "ink",
    "encre-douce": "ink-soft",
    "filet": "rule-strong",
    "or": "gold-ink",
    "accent": "link",
    "sur-accent": "on-link",
}


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
@checked_each_time
@in_language_of_url
def data(request: HttpRequest, nature: str, slug: str | None = None) -> Any:
    """View: the JSON that the web component draws: texts, addresses, pictures, the colours of its accent."""
    try:
        _embed, contents, look = read_embed(request, nature, slug)
    except Http404:
        message = {"message": _("This content is no longer online."), "url": absolute("/")}
        return JsonResponse(message, status=404)
    return JsonResponse(
        {
            "titre": contents.titre,
            "url": contents.url,
            "suite": contents.suite or _("See more on %(site)s") % {"site": settings.WAGTAIL_SITE_NAME},
            "vide": _empty_text(contents),
            "elements": [vars(element) | {"image": _picture(element.image)} for element in contents.elements],
            "credits": contents.credits,
            "erreurs": {**contents.errors, **look.errors},
            "couleurs": _colours(look),
        }
    )


def _empty_text(contents: "Contents") -> str:
    """Returns the text shown in place of the elements when there are none."""
    if contents.errors:
        return " ".join([_("Part of the question could not be read."), *contents.errors.values()])
    return "" if contents.elements else contents.vide or _("Nothing to show at present.")


def _picture(image: dict[str, Any] | None) -> Any:
    """Returns the size of a picture that a card shows, with its alternative text and credit."""
    if not image:
        return None
    size = image["tailles"]["vignette"]
    return {**size, "alt": image["alt"], "credit": image["credit"], "licence": image["licence"]}


def _colours(look: Apparence) -> Any:
    if not look.accent:
        return None
    accent = look.accent
    return {"clair": [accent.clair, accent.sur_clair], "sombre": [accent.sombre, accent.sur_sombre]}


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
    accent = look.accent
    links = "--link: var(--accent); --link-hover: var(--accent); --focus: var(--accent);"
    light = f"--accent: {accent.clair}; --sur-accent: {accent.sur_clair}; {links}"
    dark = f"--accent: {accent.sombre}; --sur-accent: {accent.sur_sombre};"
    return (
        f":root {{ {light} }}\n"
        f":root[data-theme=sombre] {{ {dark} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root[data-theme=auto] {{ {dark} }} }}\n"
    )


@shared
@require_safe
@in_language_of_url
def component(request: HttpRequest) -> Any:
    """View: the web component's script; browsers cache it for an hour."""
    return _cached_script(request, _component(content_language.active_language()))


@condition(etag_func=lambda request, text: f'"{blake2s(text, digest_size=12).hexdigest()}"')
def _cached_script(request: HttpRequest, text: bytes) -> HttpResponse:
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "public, max-age=3600"
    return response


@cache
def _component(language: str) -> bytes:
    """Returns the script: constants for its texts, in the active language, and its colours, then the static file.

    :param language: the active one.
    """
    words = {
        "langue": language,
        "carte": _("Map of the social innovations, %(site)s") % {"site": settings.WAGTAIL_SITE_NAME},
        "retour": _("See more on %(site)s") % {"site": settings.WAGTAIL_SITE_NAME},
        "cadres": [embed.nature for embed in embeds() if embed.en_cadre],
    }
    constants = {"MOTS": words, "COULEURS": {theme: _properties(theme) for theme in THEMES}}
    head = b"".join(b"const %s = %s;\n" % (name.encode(), orjson.dumps(value)) for name, value in constants.items())
    with open(finders.find(SCRIPT), "rb") as file:
        return head + file.read()


def _properties(theme: str) -> str:
    """Returns the component's colours in a theme, as CSS custom properties."""
    site = site_colours(theme)
    return " ".join(f"--{name}: {site[colour]};" for name, colour in COMPONENT_COLOURS.items())
