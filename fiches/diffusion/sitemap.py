"""The XML sitemap: Wagtail's, with what is public in every language."""

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.contrib.sitemaps import Sitemap
from wagtail.contrib.sitemaps.views import sitemap as sitemap_view
from wagtail.models import Page, Site

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


@versioned
def sitemap(request: HttpRequest) -> HttpResponse:
    if Site.find_for_request(request) is None:
        raise Http404
    return sitemap_view(request, {"pages": PublicPages}).render()
