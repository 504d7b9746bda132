"""The XML sitemap: Wagtail's, with what is public in every language, and the versions of each page."""

from collections import defaultdict
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.contrib.sitemaps import Sitemap
from wagtail.contrib.sitemaps.views import sitemap as sitemap_view
from wagtail.models import Page, Site

from fiches import content_language
from fiches.diffusion.page_lookup import roots
from fiches.models.querysets import VisibleQuerySet
from fiches.publications.responses import versioned


class PublicPages(Sitemap):
    """The public pages of the site that the request is for; a file holds 50,000 (``?p=2`` is the second)."""

    def items(self) -> QuerySet:
        below = Q()
        for root in roots(self.get_wagtail_site()):
            below |= Q(path__startswith=root.path)
        return VisibleQuerySet(Page).visible().filter(below).order_by("path").specific(defer=True)

    def _urls(self, page: Paginator, protocol: str, domain: str) -> list[dict[str, Any]]:
        versions = self._versions()
        urls = super()._urls(page, protocol, domain)
        return [{**url, "alternates": versions.get(url["location"], [])} for url in urls]

    def _versions(self) -> dict[str, list[dict[str, str]]]:
        """Returns ``{address: [{"lang_code", "location"}]}`` of the pages that exist in several languages, their own included."""
        if not content_language.is_multilingual():
            return {}
        by_key = defaultdict(list)
        for page in self.items():
            by_key[page.translation_key].append((content_language.language_of(page), page.get_full_url(self.request)))
        order, versions = content_language.languages(), {}
        for pages in (pages for pages in by_key.values() if len(pages) > 1):
            pages.sort(key=lambda version: order.index(version[0]))
            named = [*pages, ("x-default", pages[0][1])]
            links = [{"lang_code": code, "location": url} for code, url in named]
            versions |= {url: links for _code, url in pages}
        return versions


@versioned
def sitemap(request: HttpRequest) -> HttpResponse:
    if Site.find_for_request(request) is None:
        raise Http404
    return sitemap_view(request, {"pages": PublicPages}).render()
