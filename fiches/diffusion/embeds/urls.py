"""URLs of the embeds, included by `fiches.diffusion.urls`; that of their builder is in `urls_par_langue`."""

from django.urls import path

from fiches.diffusion.embeds import frame_views, oembed

urlpatterns = [
    path("oembed", oembed.provider, name="oembed"),
    path("integration/rallynov.js", frame_views.component, name="integration_composant"),
    path("integration/couleurs.css", frame_views.colours, name="integration_couleurs"),
    path("integration/<slug:nature>/", frame_views.frame, name="integration_cadre"),
    path("integration/<slug:nature>/contenu.json", frame_views.data, name="integration_contenu"),
    path("integration/<slug:nature>/<slug:slug>/", frame_views.frame, name="integration_cadre"),
    path("integration/<slug:nature>/<slug:slug>/contenu.json", frame_views.data, name="integration_contenu"),
]
