"""URLs of `etapes` that are not below one of its pages."""

from django.apps import apps
from django.urls import include, path

from etapes.inscriptions import views

urlpatterns = [
    path("inscription/<str:jeton>/", views.manage, name="inscription"),
    path("inscription/<str:jeton>/annuler/", views.cancel, name="inscription_annuler"),
    path("inscription/<str:jeton>/agenda/", views.calendar, name="inscription_ics"),
    *([path("", include("etapes.carnets.urls"))] if apps.is_installed("etapes.carnets") else []),
]
