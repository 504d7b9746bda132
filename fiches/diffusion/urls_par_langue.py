"""Addresses of `fiches.diffusion` that exist in each language of the site: `fiches.urls` includes them.

What the builder makes has one address, which says its language.
"""

from django.urls import include, path

from fiches.diffusion.embeds import atelier

urlpatterns = [
    path("", include("fiches.diffusion.alerts.urls")),
    path("integration/", atelier.builder, name="integration"),
]
