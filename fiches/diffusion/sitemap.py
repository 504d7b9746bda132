"""The site map for search engines, with the fiches' pictures: from columns, kept until something changes."""

import re
from xml.sax.saxutils import escape

import orjson
from django.core.cache import cache
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Site

from fiches.diffusion.models import Trace
from fiches.diffusion.version import current, versioned

XML = "application/xml; charset=utf-8"
MOST = 50_000
"""What the protocol allows in one file; past it, an index leads to several."""
NUMBER = re.compile(r"[1-9][0-9]{0,5}")
KEPT = 24 * 3600
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)


@versioned
def sitemap(request):
    """All the public pages, or an index when there are too many for one file (``?page=2`` is the second)."""
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    number = request.GET.get("page", "")
    if number and not NUMBER.fullmatch(number):
        raise Http404
    key = f"sitemap-{site.pk}-{current()[0]}-{number}"
    text = cache.get(key)
    if text is None:
        text = _text(site, number)
        cache.set(key, text, KEPT)
    return HttpResponse(text, content_type=XML)


def _text(site, number):
    pages = public_pages(site)
    if number:
        if int(number) > -(-pages.count() // MOST):
            raise Http404
        start = (int(number) - 1) * MOST
        return _urls(site, pages[start : start + MOST])
    count = pages.count()
    return _urls(site, pages) if count <= MOST else _index(site, -(-count // MOST))


def public_pages(site):
    """Rows ``(pk, url_path, last published)`` of what anyone may read below the site's root, by columns."""
    pages = Page.objects.live().filter(path__startswith=site.root_page.path)
    pages = pages.filter(Q(expire_at__isnull=True) | Q(expire_at__gt=timezone.now()))
    for path in PageViewRestriction.objects.values_list("page__path", flat=True):
        pages = pages.exclude(path__startswith=path)
    return pages.order_by("path").values_list("pk", "url_path", "last_published_at")


def _urls(site, rows):
    pictures, root = _pictures(), site.root_page.url_path
    lines = [f"{HEAD}<urlset {NAMESPACES}>"]
    for pk, path, published in rows:
        date = f"<lastmod>{published.isoformat(timespec='seconds')}</lastmod>" if published else ""
        image = f"<image:image><image:loc>{escape(pictures[pk])}</image:loc></image:image>" if pk in pictures else ""
        address = escape(f"{site.root_url}/{path.removeprefix(root)}")
        lines.append(f"<url><loc>{address}</loc>{date}{image}</url>")
    return "\n".join([*lines, "</urlset>", ""])


def _pictures():
    """``{key of a fiche: address of its picture}``, from what is kept of each for the outside."""
    texts = Trace.objects.filter(nature="fiche", retiree=False, donnees__isnull=False).exclude(
        donnees__contains='"photo":null'
    )
    found = {}
    for pk, text in texts.values_list("page", "donnees").iterator():
        photo = orjson.loads(text)["photo"]
        if photo:
            found[pk] = photo["tailles"]["grande"]["url"]
    return found


def _index(site, count):
    files = (
        f"<sitemap><loc>{escape(f'{site.root_url}/sitemap.xml?page={number}')}</loc></sitemap>"
        for number in range(1, count + 1)
    )
    return "\n".join([f"{HEAD}<sitemapindex {NAMESPACES.split(' ')[0]}>", *files, "</sitemapindex>", ""])
