"""The addresses behind the links of a subscriber's mails. `etapes.urls` includes them."""

from django.urls import path

from etapes.carnets import vues

urlpatterns = [
    path("abonnement/<str:jeton>/", vues.manage, name="abonnement"),
    path("abonnement/<str:jeton>/arret/", vues.stop, name="abonnement_arret"),
]
