"""The site's addresses, and a constant view of any size to compare them with."""

from django.http import HttpResponse
from django.urls import include, path

from bench.constante import body


def constant(request, size):
    """``size`` bytes of HTML through the same middleware, without a query or a template, made each time."""
    return HttpResponse(body(size), headers={"Cache-Control": "private"})


urlpatterns = [path("constante/<int:size>/", constant), path("", include("config.urls"))]
