"""URLs of the links in subscribers' mails, included by `etapes.urls`."""

from django.urls import path

from etapes.carnets import vues

urlpatterns = [
    path("abonnement/<str:jeton>/", vues.manage, name="abonnement"),
    path("abonnement/<str:jeton>/arret/", vues.stop, name="abonnement_arret"),
]
