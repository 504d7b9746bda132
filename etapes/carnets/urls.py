"""URLs of the links in subscribers' mails, included by `etapes.urls`."""

from django.urls import path

from etapes.carnets import views

urlpatterns = [
    path("abonnement/<str:jeton>/", views.manage, name="abonnement"),
    path("abonnement/<str:jeton>/arret/", views.stop, name="abonnement_arret"),
]
