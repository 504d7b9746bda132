"""Addresses of what leaves the site. `fiches.urls` includes them."""

from django.urls import include, path

from fiches.diffusion import markdown
from fiches.diffusion.alertes import vues as alertes
from fiches.diffusion.version import versioned

urlpatterns = [
    path("llms.txt", versioned(markdown.llms_txt), name="llms_txt"),
    path("suivi/<str:jeton>/", alertes.settings, name="suivi"),
    path("suivi/<str:jeton>/arret/", alertes.stop, name="suivi_arret"),
    path("", include("fiches.diffusion.integration.urls")),
    path("api/v1/", include("fiches.diffusion.api.urls")),
]
