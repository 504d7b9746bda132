"""URLs linked from the alert mails."""

from django.urls import path

from fiches.diffusion.alerts import views

urlpatterns = [
    path("suivi/<str:jeton>/", views.settings, name="suivi"),
    path("suivi/<str:jeton>/arret/", views.stop, name="suivi_arret"),
]
