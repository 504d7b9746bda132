"""What other sites load: the framed pages, the style sheet of their accent, the script of their height.

The parameters ``theme`` and ``accent`` of an embed's URL are its look; the others are its query. An accent colour is accepted only with
enough contrast (WCAG 1.4.3: 4.5 to 1).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import conditional_page, require_safe

from fiches import content_language
from fiches.diffusion.embeds import embed_named
from fiches.diffusion.embeds.reach import count_load
from fiches.diffusion.renditions import absolute
from fiches.models import Partenaire
from fiches.models.location import french
from fiches.models.partenaire import Role
from fiches.pages.colours import colour as known_colour
from fiches.publications.responses import shared
from fiches.query import parsers

if TYPE_CHECKING:
    from fiches.diffusion.embeds import Contents, Embed


LOADER = "diffusion/integration/rallynov.js"
THEMES = ("clair", "sombre", "auto")
HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
MIN_CONTRAST = 4.5


# --- The look ---------------------------------------------------------------------------------------------------------


@dataclass
class Look:
    theme: str = THEMES[0]
    # ``#rrggbb``; empty: the site's own.
    accent: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    def parameters(self) -> list[tuple[str, str]]:
        """Returns the URL parameters for this look, without defaults."""
        theme = [("theme", self.theme)] if self.theme != THEMES[0] else []
        return theme + ([("accent", self.accent)] if self.accent else [])


def read_look(query: QueryDict) -> tuple[Look, QueryDict]:
    """Returns ``(Look, query without its parameters)``; invalid values are reported in ``Look.errors``, never raised."""
    rest, look = query.copy(), Look()
    theme, accent = (parsers.clean((rest.pop(name, None) or [""])[-1]) for name in ("theme", "accent"))
    if theme in THEMES:
        look.theme = theme
    elif theme:
        message = _("“%(text)s” is no theme: choose among %(known)s.")
        look.errors["theme"] = message % {"text": parsers.shown(theme), "known": ", ".join(THEMES)}
    if accent:
        try:
            look.accent = read_accent(accent, look.theme)
        except ValueError as error:
            look.errors["accent"] = str(error)
    return look, rest


def read_accent(text: str, theme: str) -> str:
    """Returns an accent colour as ``#rrggbb``.

    :param text: three or six hexadecimal digits, with or without ``#``.
    :param theme: the contrast is checked on the background of this theme (light for ``auto``, whose dark theme has the site's own
        colour).
    :raises ValueError: for a text that isn't a colour, or a colour with too little contrast; the message says why.
    """
    match = HEX.fullmatch(text)
    if not match:
        message = _("“%(text)s” is not a colour such as %(example)s.")
        raise ValueError(message % {"text": text[:20], "example": known_colour("fir")})
    digits = match[1].lower()
    asked = "#" + (digits if len(digits) == 6 else "".join(2 * digit for digit in digits))
    ratio = contrast(asked, known_colour("paper-raised", "sombre" if theme == "sombre" else "clair"))
    if ratio < MIN_CONTRAST:
        message = _("%(colour)s can’t be read by everyone: its contrast is %(ratio)s to 1, at least 4.5 is needed.")
        # Rounded down, so that a colour that is refused is never shown with a contrast of 4.5.
        raise ValueError(message % {"colour": asked, "ratio": french(int(ratio * 100) / 100)})
    return asked


def contrast(one: str, other: str) -> float:
    """Returns the WCAG contrast ratio of two colours, from 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@shared
@require_safe
@cache_control(public=True, max_age=31536000, immutable=True)
def colours(request: HttpRequest) -> HttpResponse:
    """View: the style sheet of an accent, so that no page needs inline style. It depends on its URL only."""
    look, _query = read_look(request.GET)
    rules = ""
    if look.accent:
        ink = max(known_colour("white"), known_colour("black"), key=lambda ink: contrast(ink, look.accent))
        links = "--link: var(--accent); --link-hover: var(--accent); --focus: var(--accent);"
        rules = f":root {{ --accent: {look.accent}; --sur-accent: {ink}; {links} }}\n"
    sheet = f"@media (prefers-color-scheme: light) {{ {rules} }}\n" if rules and look.theme == "auto" else rules
    return HttpResponse(sheet, content_type="text/css; charset=utf-8")


@shared
@require_safe
@cache_control(public=True, max_age=3600)
def loader(request: HttpRequest) -> HttpResponse:
    """View: the script that gives frames the height of their contents."""
    with open(finders.find(LOADER), "rb") as file:
        return HttpResponse(file.read(), content_type="text/javascript; charset=utf-8")


# --- The framed page --------------------------------------------------------------------------------------------------


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
        contents.titre, contents.elements = _("This selection can’t be shown."), []
    return contents


def framed(view: Callable[..., Any]) -> Callable[..., Any]:
    """Lets any site frame the view (X-Frame-Options, and CSP if django-csp is installed). Only the embeds use it."""
    view = xframe_options_exempt(view)
    if find_spec("csp"):
        from csp.decorators import csp_replace

        view = csp_replace({"frame-ancestors": ["*"]})(view)
    return view


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
@cache_control(private=True, no_cache=True)  # each load is counted, and withdrawn content disappears at once
@conditional_page
@in_language_of_url
def frame(request: HttpRequest, nature: str, slug: str | None = None) -> HttpResponse:
    """View: the framed page; with 404, that which says that the content is no longer online."""
    look, query = read_look(request.GET)
    context: dict[str, Any] = {"apparence": look, "nom_du_site": settings.WAGTAIL_SITE_NAME}
    embed = embed_named(nature)
    try:
        if embed is None or embed.une_page != bool(slug):
            raise Http404
        contents = read_contents(embed, slug, query)
    except Http404:
        context["adresse"] = absolute("/")
        return render(request, "diffusion/integration/cadre_vide.html", context, status=404)
    contents.credits = contents.credits or general_credits()
    contents.url = contents.url or absolute("/")
    count_load(request, nature, contents.question)
    context |= {**contents.context, "embed": embed, "contenu": contents, "problemes": [look.errors, contents.errors]}
    return render(request, embed.gabarit, context)


def general_credits() -> list[str]:
    """Returns the credit line of the rally's funders, for an embed whose fiches have none of their own."""
    funders = [partner.nom for partner in Partenaire.objects.all() if Role.FINANCEUR in partner.roles]
    return [_("With the financial support of %(funders)s.") % {"funders": ", ".join(funders)}] if funders else []
