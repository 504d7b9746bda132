"""URLs linked from the alert mails."""

from django.urls import path

from fiches.diffusion.alerts import vues

urlpatterns = [
    path("suivi/<str:jeton>/", vues.settings, name="suivi"),
    path("suivi/<str:jeton>/arret/", vues.stop, name="suivi_arret"),
]
