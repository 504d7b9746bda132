"""URLs of the embeds, included by `fiches.diffusion.urls`; that of their builder is in `urls_par_langue`."""

from django.urls import path

from fiches.diffusion.embeds import cadres, oembed

urlpatterns = [
    path("oembed", oembed.provider, name="oembed"),
    path("integration/rallynov.js", cadres.component, name="integration_composant"),
    path("integration/couleurs.css", cadres.colours, name="integration_couleurs"),
    path("integration/<slug:nature>/", cadres.frame, name="integration_cadre"),
    path("integration/<slug:nature>/contenu.json", cadres.data, name="integration_contenu"),
    path("integration/<slug:nature>/<slug:slug>/", cadres.frame, name="integration_cadre"),
    path("integration/<slug:nature>/<slug:slug>/contenu.json", cadres.data, name="integration_contenu"),
]
