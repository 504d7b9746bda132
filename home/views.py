"""Views of the site that are not pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail.models import Site

from home.page_contexts import site_map


def sitemap_page(request: HttpRequest) -> HttpResponse:
    """The HTML site map (see :func:`home.page_contexts.site_map`)."""
    return render(request, "home/plan_du_site.html", site_map(Site.find_for_request(request)))
