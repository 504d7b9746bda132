"""Admin URLs for sending a road book by mail."""

from django.urls import path

from etapes.carnets import equipe

urlpatterns = [
    path("carnets/<int:pk>/envoi/", equipe.overview, name="carnets_envoi"),
    path("carnets/<int:pk>/envoi/apercu/<str:forme>/", equipe.preview, name="carnets_apercu"),
    path("carnets/<int:pk>/envoi/essai/", equipe.send_test, name="carnets_essai"),
    path("carnets/<int:pk>/envoi/lancer/", equipe.send, name="carnets_lancer"),
    path("carnets/<int:pk>/envoi/avance.json", equipe.progress, name="carnets_avance"),
]
