"""URLs of the site, and a constant view to compare them with."""

from django.http import HttpResponse
from django.urls import path

from bench.constant_app import body
from config.urls import handler500
from config.urls import urlpatterns as site_urlpatterns


def constant(request, size):
    """Returns ``size`` bytes of HTML, without query, template or caching."""
    return HttpResponse(body(size), headers={"Cache-Control": "private"})


__all__ = ["handler500", "urlpatterns"]

urlpatterns = [path("constante/<int:size>/", constant), *site_urlpatterns]
