"""The site's addresses, and a constant view of any size to compare them with."""

from django.http import HttpResponse
from django.urls import include, path

SENTENCE = b"<p>Une page constante, du m\xc3\xaame poids que celle qu'on mesure.</p>\n"


def constant(request, size):
    """``size`` bytes of HTML through the same middleware, without a query or a template."""
    return HttpResponse((SENTENCE * (size // len(SENTENCE) + 1))[:size])


urlpatterns = [path("constante/<int:size>/", constant), path("", include("config.urls"))]
