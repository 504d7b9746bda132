"""URLs of `etapes` that are not below one of its pages."""

from django.apps import apps
from django.urls import include, path, re_path, register_converter

from etapes.inscriptions import link_recovery, views
from fiches.link_secrets import LENGTH, SecretConverter

register_converter(SecretConverter, "secret_d_inscription")
REGISTRATION = "inscription/<secret_d_inscription:secret>/"
# A secret that a mail program truncated or extended. A whole one without the last slash is redirected by APPEND_SLASH.
CUT_LINK = rf"^inscription/(?!lien-envoye/?$|[A-Za-z0-9_-]{{{LENGTH}}}(?:/|$)).+$"

urlpatterns = [
    path("inscription/", link_recovery.find, name="inscription_retrouver"),
    path("inscription/lien-envoye/", link_recovery.sent, name="inscription_lien_envoye"),
    path(REGISTRATION, views.manage, name="inscription"),
    path(f"{REGISTRATION}annuler/", views.cancel, name="inscription_annuler"),
    path(f"{REGISTRATION}agenda/", views.calendar, name="inscription_ics"),
    re_path(CUT_LINK, link_recovery.unknown_link, name="inscription_lien_coupe"),
    *([path("", include("etapes.carnets.urls"))] if apps.is_installed("etapes.carnets") else []),
]
