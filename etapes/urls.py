"""URLs of `etapes` that are not below one of its pages."""

from django.urls import path

from etapes.inscriptions import link_recovery, views

urlpatterns = [
    path("inscription/", link_recovery.find, name="inscription_retrouver"),
    path("inscription/lien-envoye/", link_recovery.sent, name="inscription_lien_envoye"),
    path("inscription/<str:jeton>/", views.manage, name="inscription"),
    path("inscription/<str:jeton>/annuler/", views.cancel, name="inscription_annuler"),
    path("inscription/<str:jeton>/agenda/", views.calendar, name="inscription_ics"),
]
