"""URLs of this app that are the same in all languages; `fiches.urls` includes them."""

from django.urls import include, path

from fiches.diffusion.opendata import markdown
from fiches.publications.responses import shared, versioned

urlpatterns = [
    path("llms.txt", shared(versioned(markdown.llms_txt)), name="llms_txt"),
    path("", include("fiches.diffusion.embeds.urls")),
    path("api/v1/", include("fiches.diffusion.api.urls")),
]
