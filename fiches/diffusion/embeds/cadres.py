"""The embeds as other sites show them: framed pages, and what the web component reads."""

from functools import cache, wraps
from hashlib import blake2s

import orjson
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db.models import Q
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from fiches import langues
from fiches.couleurs import colours as known_colours
from fiches.diffusion.chemins import uid_in
from fiches.diffusion.embeds import embed_named, embeds
from fiches.diffusion.embeds.apparence import Apparence, read_look
from fiches.diffusion.embeds.cadrage import checked_each_time, framed, shared
from fiches.diffusion.embeds.couleurs import THEMES
from fiches.diffusion.embeds.credits import general_credits
from fiches.diffusion.embeds.portee import note_load
from fiches.diffusion.images import absolute
from fiches.models import Publication
from fiches.publications.conditional import compress
from fiches.query import parametres

SCRIPT = "diffusion/integration/rallynov.js"
# The custom properties of the component's own style, and the colours of ``fiches.couleurs`` that they have.
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


def asked(request, nature, slug=None):
    """``(Embed, Contents, Apparence)`` of an address; the load is noted. A question that can't be read shows nothing but why:
    all that there is would be another selection than the one that was chosen.

    :raises Http404: for an unknown embed, or a page that isn't public.
    """
    embed = embed_named(nature)
    if embed is None or embed.une_page != bool(slug):
        raise Http404
    look, query = read_look(request.GET)
    contents = embed.read(query, slug) if slug else embed.read(query)
    if contents.errors:
        contents.titre, contents.elements, contents.suite = _("This selection can’t be shown."), [], ""
    contents.credits = contents.credits or general_credits()
    contents.url = contents.url or absolute("/")
    note_load(request, nature, contents.question)
    return embed, contents, look


def in_its_language(view):
    """The one that the embed's address says, whatever the reader's browser asks for; the site's own otherwise."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        code = parametres.langue(request.GET)[0] or langues.default_language()
        with translation.override(code), langues.activated(code):
            return view(request, *args, **kwargs)

    return answer


@require_safe
@framed
@shared
@checked_each_time
@in_its_language
def frame(request, nature, slug=None):
    try:
        embed, contents, look = asked(request, nature, slug)
    except Http404:
        return _gone(request, nature, slug)
    context = {**contents.context, "embed": embed, "contenu": contents, "apparence": look}
    return _page(request, "cadre", context)


def _gone(request, nature, slug):
    """The frame says so plainly, in place of what was shown."""
    look, _query = read_look(request.GET)
    return _page(request, "cadre_vide", {"apparence": look, "adresse": absolute("/")}, status=status_of(nature, slug))


def _page(request, name, context, status=200):
    context["nom_du_site"] = settings.WAGTAIL_SITE_NAME
    return render(request, f"diffusion/integration/{name}.html", context, status=status)


def status_of(nature, slug):
    """410 for a page that was public once, else 404."""
    known = Q(slug=slug) | Q(uid=uid_in(slug)) if slug and uid_in(slug) else Q(slug=slug)
    return 410 if slug and Publication.objects.filter(known, kind=nature).exists() else 404


@require_safe
@shared
@checked_each_time
@in_its_language
def data(request, nature, slug=None):
    """What the component draws, as JSON: texts, addresses, pictures, the colours of its accent."""
    try:
        _embed, contents, look = asked(request, nature, slug)
    except Http404:
        message = {"message": _("This content is no longer online."), "url": absolute("/")}
        return JsonResponse(message, status=status_of(nature, slug))
    return JsonResponse(
        {
            "titre": contents.titre,
            "url": contents.url,
            "suite": contents.suite or _("See more on %(site)s") % {"site": settings.WAGTAIL_SITE_NAME},
            "vide": _vide(contents),
            "elements": [vars(element) | {"image": _picture(element.image)} for element in contents.elements],
            "credits": contents.credits,
            "erreurs": {**contents.errors, **look.errors},
            "couleurs": _colours(look),
        }
    )


def _vide(contents):
    """What stands in place of the elements."""
    if contents.errors:
        return " ".join([_("Part of the question could not be read."), *contents.errors.values()])
    return "" if contents.elements else contents.vide or _("Nothing to show at present.")


def _picture(image):
    """The size that a card shows."""
    if not image:
        return None
    size = image["tailles"]["vignette"]
    return {**size, "alt": image["alt"], "credit": image["credit"]}


def _colours(look: Apparence):
    if not look.accent:
        return None
    accent = look.accent
    return {"clair": [accent.clair, accent.sur_clair], "sombre": [accent.sombre, accent.sur_sombre]}


@require_safe
@shared
def colours(request):
    """The style sheet of an accent, so that no page needs inline style. Cached for ever: it depends on its address only."""
    look, _query = read_look(request.GET)
    response = HttpResponse(_sheet(look), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _sheet(look):
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


@require_safe
@shared
@in_its_language
def component(request):
    """The web component, for other sites' pages; browsers ask again after an hour."""
    return _kept_an_hour(request, _component(settings.LANGUAGE_CODE))


@condition(etag_func=lambda request, text: f'"{blake2s(text, digest_size=12).hexdigest()}"')
def _kept_an_hour(request, text):
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "public, max-age=3600"
    compress(request, response)
    return response


@cache
def _component(language):
    """Its file, after the words that it says and its colours."""
    words = {
        "langue": language,
        "carte": _("Map of the social innovations, %(site)s") % {"site": settings.WAGTAIL_SITE_NAME},
        "retour": _("See more on %(site)s") % {"site": settings.WAGTAIL_SITE_NAME},
        "cadres": [embed.nature for embed in embeds() if embed.en_cadre],
    }
    known = {"MOTS": words, "COULEURS": {theme: _properties(theme) for theme in THEMES}}
    head = b"".join(b"const %s = %s;\n" % (name.encode(), orjson.dumps(value)) for name, value in known.items())
    with open(finders.find(SCRIPT), "rb") as file:
        return head + file.read()


def _properties(theme):
    """The colours of the component in a theme, under the names that its own style has for them."""
    known = known_colours(theme)
    return " ".join(f"--{name}: {known[colour]};" for name, colour in COMPONENT_COLOURS.items())
