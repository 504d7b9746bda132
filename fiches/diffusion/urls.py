"""URLs of this app that are the same in all languages; `fiches.urls` includes them."""

from django.urls import include, path

urlpatterns = [
    path("", include("fiches.diffusion.embeds.urls")),
    path("api/v1/", include("fiches.diffusion.api.urls")),
]
