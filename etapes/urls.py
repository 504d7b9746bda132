"""URLs of `etapes` that are not below one of its pages."""

from django.urls import path

from etapes.inscriptions import views

urlpatterns = [
    path("inscription/<str:jeton>/", views.manage, name="inscription"),
    path("inscription/<str:jeton>/annuler/", views.cancel, name="inscription_annuler"),
    path("inscription/<str:jeton>/agenda/", views.calendar, name="inscription_ics"),
]
