"""URL patterns without a language prefix, which `fiches.urls` includes; that of the builder is in `embeds.builder`, for each language."""

from django.urls import include, path

from fiches.diffusion.embeds import frames, oembed

urlpatterns = [
    path("oembed", oembed.provider, name="oembed"),
    path("integration/rallynov.v1.js", frames.loader, name="integration_chargeur"),
    path("integration/couleurs.css", frames.colours, name="integration_couleurs"),
    path("integration/<slug:nature>/", frames.frame, name="integration_cadre"),
    path("integration/<slug:nature>/<slug:slug>/", frames.frame, name="integration_cadre"),
    path("api/v1/", include("fiches.diffusion.api.urls")),
]
