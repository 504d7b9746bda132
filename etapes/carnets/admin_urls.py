"""Admin URLs for sending a road book by mail."""

from django.urls import path

from etapes.carnets import sending_views

urlpatterns = [
    path("carnets/<int:pk>/envoi/", sending_views.overview, name="carnets_envoi"),
    path("carnets/<int:pk>/envoi/apercu/<str:forme>/", sending_views.preview, name="carnets_apercu"),
    path("carnets/<int:pk>/envoi/essai/", sending_views.send_test, name="carnets_essai"),
    path("carnets/<int:pk>/envoi/lancer/", sending_views.send, name="carnets_lancer"),
    path("carnets/<int:pk>/envoi/avance.json", sending_views.progress, name="carnets_avance"),
]
