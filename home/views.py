"""Views of the site that are no pages of the tree."""

from django.shortcuts import render
from wagtail.models import Site

from home.listing import site_map


def sitemap_page(request):
    """The site map for people: every page that the public may see, by its place in the tree; in another language than the
    site's own, its pages, then those that it lacks."""
    return render(request, "home/plan_du_site.html", site_map(Site.find_for_request(request)))
