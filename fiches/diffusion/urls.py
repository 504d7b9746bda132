"""URL patterns without a language prefix, which `fiches.urls` includes. `fiches.diffusion.localized_urls` has those of the builder."""

from django.urls import include, path

from fiches.diffusion.embeds import frame_views, oembed

urlpatterns = [
    path("oembed", oembed.provider, name="oembed"),
    path("integration/rallynov.v1.js", frame_views.loader, name="integration_chargeur"),
    path("integration/couleurs.css", frame_views.colours, name="integration_couleurs"),
    path("integration/<slug:nature>/", frame_views.frame, name="integration_cadre"),
    path("integration/<slug:nature>/<slug:slug>/", frame_views.frame, name="integration_cadre"),
    path("api/v1/", include("fiches.diffusion.api.urls")),
]
