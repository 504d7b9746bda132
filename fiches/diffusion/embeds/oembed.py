"""oEmbed (https://oembed.com): the address of a fiche, of an étape or of a list, pasted in WordPress or Wagtail, shows it."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit
from xml.etree import ElementTree

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.models import Site

from fiches import langues
from fiches.diffusion.api import problemes
from fiches.diffusion.chemins import moved_to
from fiches.diffusion.embeds import embed_named, embeds
from fiches.diffusion.embeds.apparence import read_look
from fiches.diffusion.embeds.cadrage import shared
from fiches.diffusion.embeds.cadres import in_its_language
from fiches.diffusion.embeds.codes import Codes
from fiches.diffusion.feeds.builder import readable
from fiches.diffusion.images import absolute
from fiches.publications.conditional import versioned
from fiches.query import parametres

FORMATS = ("json", "xml")
WIDTH = 640
CACHE_AGE = 3600
SIZE = re.compile(r"[1-9][0-9]{0,4}")
LONGEST = 2000


@require_safe
@shared
@versioned
@in_its_language
def provider(request):
    """``?url=…&maxwidth=…&maxheight=…&format=json|xml``, in the language of what the address shows.

    400 without a readable address or size, 404 for what we don't show (also for what isn't public), 501 for a format.
    """
    asked, form = request.GET, request.GET.get("format") or "json"
    if form not in FORMATS:
        known = _("“%(form)s” is not possible: json and xml are.") % {"form": form[:20]}
        return problemes.problem(501, _("No such format."), known)
    errors = _unreadable(asked)
    if errors:
        return problemes.refused(problemes.QueryError(errors))
    try:
        answer = describe(request, asked["url"], _size(asked, "maxwidth"), _size(asked, "maxheight"))
    except Http404:
        return problemes.not_found()
    return _as_xml(answer) if form == "xml" else JsonResponse(answer)


def _unreadable(asked):
    errors = {}
    if not asked.get("url"):
        errors["url"] = _("Say which address to show.")
    for name in ("maxwidth", "maxheight"):
        if asked.get(name) and not SIZE.fullmatch(asked[name]):
            errors[name] = _("This is not a number of pixels.")
    return errors


def _size(asked, name):
    return int(asked[name]) if asked.get(name) else None


def describe(request, url, max_width, max_height):
    """The oEmbed answer for an address of ours.

    :raises Http404: when we show nothing of it to the public.
    """
    embed, slug, query, code = target(request, url)
    with translation.override(code), langues.activated(code):
        return _described(request, embed, slug, query, max_width, max_height)


def _described(request, embed, slug, query, max_width, max_height):
    look, question = read_look(query)
    contents = embed.read(question, slug) if slug else embed.read(question)
    codes = Codes(
        request,
        embed,
        slug=contents.uid or slug,
        question=[*(parse_qsl(contents.question) if embed.filtres else ()), *_said()],
        look=look.parameters(),
        width=min(WIDTH, max_width or WIDTH),
        height=min(embed.hauteur, max_height or embed.hauteur),
    )
    return {
        "version": "1.0",
        "type": "rich",
        "title": _title(embed, contents),
        "author_name": contents.elements[0].sur if embed.une_page else settings.WAGTAIL_SITE_NAME,
        "author_url": contents.url,
        "provider_name": settings.WAGTAIL_SITE_NAME,
        "provider_url": absolute("/"),
        "cache_age": CACHE_AGE,
        "html": codes.frame,
        "width": codes.width,
        "height": codes.height,
        **_thumbnail(contents),
    }


def _title(embed, contents):
    """What a site may show instead of the frame: a fictitious record is marked there too."""
    is_example = embed.une_page and _("example") in contents.elements[0].marques
    return f"{contents.titre} ({_('example')})" if is_example else contents.titre


def _said():
    """The language being read, for the address of an embed, which nothing else tells."""
    code = langues.current()
    return [("langue", code)] if code != langues.default_language() else []


def _thumbnail(contents):
    image = next((element.image for element in contents.elements if element.image), None)
    if not image:
        return {}
    size = image["tailles"]["vignette"]
    return {"thumbnail_url": size["url"], "thumbnail_width": size["largeur"], "thumbnail_height": size["hauteur"]}


def target(request, url):
    """``(Embed, slug or "", query, language)`` of an address of ours: an embed's own, or a page's that has one.

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
        or _by_old_address(request, site, parts.path, query)
    )


def _by_own_address(path, query):
    try:
        match = resolve(path)
    except Resolver404:
        return None
    if match.url_name != "integration_cadre":
        return None
    embed, slug = embed_named(match.kwargs["nature"]), match.kwargs.get("slug", "")
    if embed is None or embed.une_page != bool(slug):
        raise Http404
    return embed, slug, query, parametres.langue(query)[0] or langues.default_language()


def _by_page(site, path, query):
    *_above, slug = [part for part in path.split("/") if part] or [""]
    for embed in embeds() if site else ():
        for model in embed.pages:
            for page in model.objects.visible().filter(slug=slug):  # one a language, or a site
                owner, _root, own = page.get_url_parts() or (None, "", "")
                if owner == site.pk and own.rstrip("/") == path.rstrip("/"):
                    asked = QueryDict() if embed.une_page else query
                    return embed, slug if embed.une_page else "", asked, langues.language_of(page)
    return None


def _by_old_address(request, site, path, query):
    """What stands now where the page that had this address went."""
    moved = moved_to(request, site, path) if site else None
    if moved is None or moved[-1] is None:
        raise Http404
    found = _by_page(site, urlsplit(moved[0]).path, query)
    if found is None:
        raise Http404
    return found


def _as_xml(answer):
    root = ElementTree.Element("oembed")
    for name, value in answer.items():
        ElementTree.SubElement(root, name).text = readable(value)
    text = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return HttpResponse(text, content_type="text/xml; charset=utf-8")


def discovery(request, path):
    """``{format: address}`` of the provider for a page at ``path``, to be told in its head."""
    url = request.build_absolute_uri(path)
    base = request.build_absolute_uri(reverse("oembed"))
    return {form: f"{base}?{urlencode({'url': url, 'format': form})}" for form in FORMATS}
