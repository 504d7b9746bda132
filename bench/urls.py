"""The site's addresses, and a constant view of any size to compare them with."""

from django.http import HttpResponse
from django.urls import path

from bench.constante import body
from config.urls import handler500
from config.urls import urlpatterns as of_the_site


def constant(request, size):
    """``size`` bytes of HTML through the same middleware, without a query or a template, made each time."""
    return HttpResponse(body(size), headers={"Cache-Control": "private"})


__all__ = ["handler500", "urlpatterns"]

urlpatterns = [path("constante/<int:size>/", constant), *of_the_site]
