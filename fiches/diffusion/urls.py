"""Addresses of what leaves the site. `fiches.urls` includes them."""

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("fiches.diffusion.api.urls")),
]
