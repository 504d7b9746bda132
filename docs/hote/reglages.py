from monsite.settings.dev import *  # noqa: F403 - ce que `wagtail start` a écrit
from monsite.settings.dev import BASE_DIR, INSTALLED_APPS, MIDDLEWARE, STORAGES

ROOT_URLCONF = "adresses"
WAGTAILIMAGES_IMAGE_MODEL, WAGTAILDOCS_DOCUMENT_MODEL = "medias.Photo", "medias.Fichier"
RALLYNOV_FICHE_MODEL = "reseau.FicheDuReseau"

# Les lignes de docs/plugin.en.md.
LANGUAGE_CODE, TIME_ZONE = "fr", "Europe/Paris"
INSTALLED_APPS += ["reseau", "medias", "etapes.carnets", "etapes"]
INSTALLED_APPS += ["fiches.candidatures", "fiches.palmares", "fiches.diffusion", "fiches"]
INSTALLED_APPS += ["wagtail.contrib.routable_page", "wagtail.contrib.settings", "wagtailgeowidget", "django_tasks"]
MIDDLEWARE[-1] = "fiches.publications.redirects.RedirectMiddleware"  # à la place de celui de Wagtail
STORAGES["private"] = {**STORAGES["default"], "OPTIONS": {"location": BASE_DIR / "private"}}
TAGGIT_STRIP_UNICODE_WHEN_SLUGIFYING = True
