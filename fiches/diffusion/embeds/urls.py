"""URLs of the embeds, included by `fiches.diffusion.urls`; that of their builder is in `fiches.diffusion.localized_urls`."""

from datetime import UTC, datetime

from django.urls import path

from fiches.diffusion.deprecation import deprecated
from fiches.diffusion.embeds import frame_views, oembed

# In pages that copied the component before its address had a version: answered as long as there is a version 1.
component_without_version = deprecated(datetime(2026, 12, 1, tzinfo=UTC), instead="rallynov.v1.js")(
    frame_views.component
)

urlpatterns = [
    path("oembed", oembed.provider, name="oembed"),
    path("integration/rallynov.v1.js", frame_views.component, name="integration_composant"),
    path("integration/rallynov.js", component_without_version),
    path("integration/couleurs.css", frame_views.colours, name="integration_couleurs"),
    path("integration/<slug:nature>/", frame_views.frame, name="integration_cadre"),
    path("integration/<slug:nature>/contenu.json", frame_views.data, name="integration_contenu"),
    path("integration/<slug:nature>/<slug:slug>/", frame_views.frame, name="integration_cadre"),
    path("integration/<slug:nature>/<slug:slug>/contenu.json", frame_views.data, name="integration_contenu"),
]
