"""The addresses that the mails of the alerts lead to, each in the language of its reader."""

from django.urls import path

from fiches.diffusion.alerts import vues

urlpatterns = [
    path("suivi/<str:jeton>/", vues.settings, name="suivi"),
    path("suivi/<str:jeton>/arret/", vues.stop, name="suivi_arret"),
]
