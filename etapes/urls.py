"""URLs of `etapes` that are not below one of its pages."""

from django.apps import apps
from django.urls import include, path, re_path, register_converter

from etapes.inscriptions import retrouver, vues
from fiches.jetons import LENGTH, SecretConverter

register_converter(SecretConverter, "secret_d_inscription")
REGISTRATION = "inscription/<secret_d_inscription:secret>/"
# A secret that a mail program truncated or extended. A whole one without the last slash is redirected by APPEND_SLASH.
CUT_LINK = rf"^inscription/(?!lien-envoye/?$|[A-Za-z0-9_-]{{{LENGTH}}}(?:/|$)).+$"

urlpatterns = [
    path("inscription/", retrouver.find, name="inscription_retrouver"),
    path("inscription/lien-envoye/", retrouver.sent, name="inscription_lien_envoye"),
    path(REGISTRATION, vues.manage, name="inscription"),
    path(f"{REGISTRATION}annuler/", vues.cancel, name="inscription_annuler"),
    path(f"{REGISTRATION}agenda/", vues.calendar, name="inscription_ics"),
    re_path(CUT_LINK, retrouver.unknown_link, name="inscription_lien_coupe"),
    *([path("", include("etapes.carnets.urls"))] if apps.is_installed("etapes.carnets") else []),
]
