from pathlib import Path

BASE_DIR = Path(__file__).parent
SECRET_KEY = "à changer"  # noqa: S105 - un exemple
DEBUG = True
ROOT_URLCONF, DEFAULT_AUTO_FIELD = "adresses", "django.db.models.BigAutoField"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "site.sqlite3"}}
STATIC_URL, MEDIA_URL, MEDIA_ROOT = "/static/", "/media/", BASE_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
_contexts = ("django.template.context_processors.request", "django.contrib.auth.context_processors.auth")
_options = {"context_processors": [*_contexts, "django.contrib.messages.context_processors.messages"]}
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": _options}]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "fiches.publications.redirects.RedirectMiddleware",
]
INSTALLED_APPS = ["reseau", "medias"]
INSTALLED_APPS += [f"wagtail.contrib.{app}" for app in ("redirects", "routable_page", "settings")]
INSTALLED_APPS += [
    f"wagtail.{app}" for app in ("embeds", "sites", "users", "snippets", "documents", "images", "search")
]
INSTALLED_APPS += ["wagtail.admin", "wagtail", "modelcluster", "taggit", "django_filters"]
INSTALLED_APPS += [f"django.contrib.{app}" for app in ("auth", "contenttypes", "sessions", "messages", "staticfiles")]
WAGTAIL_SITE_NAME = "Mon réseau"
WAGTAILADMIN_BASE_URL = "http://127.0.0.1:8000"
WAGTAILIMAGES_IMAGE_MODEL = "medias.Photo"
WAGTAILDOCS_DOCUMENT_MODEL = "medias.Fichier"

# Les lignes de docs/plugin.md.
LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
INSTALLED_APPS += ["etapes.carnets", "etapes"]
INSTALLED_APPS += ["fiches.candidatures", "fiches.palmares", "fiches.diffusion", "fiches"]
INSTALLED_APPS += ["wagtailgeowidget", "django_tasks"]
STORAGES["private"] = {**STORAGES["default"], "OPTIONS": {"location": BASE_DIR / "private"}}
TAGGIT_STRIP_UNICODE_WHEN_SLUGIFYING = True
RALLYNOV_FICHE_MODEL = "reseau.FicheDuReseau"
