"""Addresses of `etapes` that are not below one of its pages."""

from django.apps import apps
from django.urls import include, path, register_converter

from etapes.inscriptions import vues
from fiches.jetons import SecretConverter

register_converter(SecretConverter, "secret_d_inscription")
S = "inscription/<secret_d_inscription:secret>/"

urlpatterns = [
    path(S, vues.manage, name="inscription"),
    path(f"{S}annuler/", vues.cancel, name="inscription_annuler"),
    path(f"{S}agenda/", vues.calendar, name="inscription_ics"),
    *([path("", include("etapes.carnets.urls"))] if apps.is_installed("etapes.carnets") else []),
]
