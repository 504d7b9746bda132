"""Addresses of what leaves the site. `fiches.urls` includes them."""

from django.urls import include, path

from fiches.diffusion import markdown
from fiches.diffusion.version import versioned

urlpatterns = [
    path("llms.txt", versioned(markdown.llms_txt), name="llms_txt"),
    path("api/v1/", include("fiches.diffusion.api.urls")),
]
