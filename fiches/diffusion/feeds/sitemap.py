"""XML sitemap with the fiches' pictures and the translations of each page."""

import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.images import get_image_model
from wagtail.models import Page, Site

from fiches import content_language
from fiches.diffusion.page_lookup import path_prefixes, roots
from fiches.diffusion.renditions import SIZES, absolute
from fiches.models import FichePage
from fiches.models.querysets import VisibleQuerySet
from fiches.publications.responses import versioned

XML = "application/xml; charset=utf-8"
# Pages in one file; beyond, a sitemap index lists several files. The protocol allows 50,000 URLs: a few are left for those below pages.
MOST = 49_000
NUMBER = re.compile(r"[1-9][0-9]{0,5}")
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)
XHTML = 'xmlns:xhtml="http://www.w3.org/1999/xhtml"'
_below: list[tuple[type[Page], Callable[[], list[str]]]] = []


def register_addresses_below(model: type[Page], find: Callable[[], list[str]]) -> None:
    """Lists addresses below each page of ``model`` too. Called from ``AppConfig.ready()``.

    :param find: returns what follows the page's address, such as ``["2013/"]``.
    """
    _below.append((model, find))


@versioned
def sitemap(request: HttpRequest) -> HttpResponse:
    """View: all public pages; a sitemap index when they are too many for one file (``?page=2`` is the second file)."""
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    number = request.GET.get("page", "")
    if number and not NUMBER.fullmatch(number):
        raise Http404
    return HttpResponse(_text(site, number), content_type=XML)


def _text(site: Site, number: str) -> str:
    pages = _pages(site)
    if number:
        if int(number) > -(-pages.count() // MOST):
            raise Http404
        start = (int(number) - 1) * MOST
        return _urls(site, pages[start : start + MOST])
    count = pages.count()
    return _urls(site, pages) if count <= MOST else _index(site, -(-count // MOST))


def _pages(site: Site) -> QuerySet:
    """Returns ``(pk, url_path, last_published_at, translation_key)`` of the public pages of a site, in every language."""
    below = Q()
    for root in roots(site):
        below |= Q(path__startswith=root.path)
    pages = VisibleQuerySet(Page).visible().filter(below)
    return pages.order_by("path").values_list("pk", "url_path", "last_published_at", "translation_key")


def _addresses(site: Site) -> Callable[..., Any]:
    """Returns a function that gives the absolute address of a page of this site from its ``url_path``."""
    starts = path_prefixes(site)

    def address(path: str) -> str:
        root = next((root for root in starts if path.startswith(root)), site.root_page.url_path)
        return f"{site.root_url}{starts[root]}{path.removeprefix(root)}"

    return address


def _versions(site: Site, address: Callable[..., Any]) -> dict[Any, Any]:
    """Returns ``{translation key: [(language, address)]}`` of the pages that exist in several languages."""
    if not content_language.is_multilingual():
        return {}
    codes = {pk: code for code, pk in content_language.locales().items()}
    others = content_language.pages_in_other_languages().values("translation_key")
    versions = defaultdict(list)
    rows = _pages(site).filter(translation_key__in=others).values_list("translation_key", "locale", "url_path")
    for key, locale, path in rows:
        versions[key].append((codes[locale], address(path)))
    order = content_language.languages()
    return {key: sorted(pages, key=lambda p: order.index(p[0])) for key, pages in versions.items() if len(pages) > 1}


def _alternates(versions: tuple[Any, ...]) -> str:
    """Returns the ``hreflang`` links of a page: all its languages, its own included, and the first as ``x-default``."""
    links = [*versions, ("x-default", versions[0][1])] if versions else []
    return "".join(f'<xhtml:link rel="alternate" hreflang="{code}" href="{escape(url)}"/>' for code, url in links)


def _urls(site: Site, rows: QuerySet) -> str:
    pictures, address_of = _pictures(), _addresses(site)
    versions = _versions(site, address_of)
    below = {pk: find() for model, find in _below for pk in model._default_manager.values_list("pk", flat=True)}
    lines = [f"{HEAD}<urlset {NAMESPACES}{f' {XHTML}' if versions else ''}>"]
    for pk, path, published, key in rows:
        date = f"<lastmod>{published.isoformat(timespec='seconds')}</lastmod>" if published else ""
        image = f"<image:image><image:loc>{escape(pictures[pk])}</image:loc></image:image>" if pk in pictures else ""
        languages = versions.get(key, ())
        lines.append(f"<url><loc>{escape(address_of(path))}</loc>{date}{_alternates(languages)}{image}</url>")
        for rest in below.get(pk, ()):
            others = _alternates(tuple((code, f"{url}{rest}") for code, url in languages))
            lines.append(f"<url><loc>{escape(address_of(path) + rest)}</loc>{others}</url>")
    return "\n".join([*lines, "</urlset>", ""])


def _pictures() -> dict[int, str]:
    """Returns ``{pk of a fiche: address of its photo}``, of the photos whose largest size was made."""
    made = FichePage.objects.visible().filter(photo__renditions__filter_spec=SIZES["grande"])
    storage = get_image_model().get_rendition_model()._meta.get_field("file").storage
    return {pk: absolute(storage.url(name)) for pk, name in made.values_list("pk", "photo__renditions__file")}


def _index(site: Site, count: int) -> str:
    files = (
        f"<sitemap><loc>{escape(f'{site.root_url}/sitemap.xml?page={number}')}</loc></sitemap>"
        for number in range(1, count + 1)
    )
    return "\n".join([f"{HEAD}<sitemapindex {NAMESPACES.split(' ')[0]}>", *files, "</sitemapindex>", ""])
