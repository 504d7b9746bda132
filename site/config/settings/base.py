"""Settings common to all deployments. Reads all environment variables."""

import logging
from importlib.util import find_spec
from pathlib import Path

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.utils.translation import gettext_lazy as _

from config import environment
from config.logs import logging_config

BASE_DIR = Path(__file__).resolve().parents[3]
SITE_DIR = BASE_DIR / "site"

# --- The environment -------------------------------------------------------------------------------------------------

SECRET_KEY = environment.text("SECRET_KEY")
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS")
BASE_URL = environment.web_address("BASE_URL", "http://127.0.0.1:8000")
DATABASES = {"default": environment.database("DATABASE_URL", f"sqlite:///{BASE_DIR / 'db.sqlite3'}")}
CACHES = environment.caches("CACHE_URL")
CACHE_MIDDLEWARE_ALIAS = "pages"
DATA = environment.folder("RALLYNOV_DONNEES", BASE_DIR / "donnees")
MEDIA_ROOT = str(DATA / "media")
STATIC_ROOT = str(DATA / "static")
# The same for all services of the machine, each of which may have a /tmp of its own.
RALLYNOV_LOCKS_FOLDER = str(DATA / "verrous")
STORAGES = {
    # "private" holds applicants' files: without public URL, served by views that check permissions.
    **environment.storages("STORAGE_URL", DATA),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
vars().update(environment.mail("EMAIL_URL", "consolemail://"))
WAGTAIL_SITE_NAME = environment.text("RALLYNOV_NOM", "Rally’nov")
DEFAULT_FROM_EMAIL = environment.text("RALLYNOV_FROM_EMAIL", f"{WAGTAIL_SITE_NAME} <ne-pas-repondre@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
ADMINS = [("", address) for address in environment.mail_addresses("RALLYNOV_ADMINS")]
EMAIL_SUBJECT_PREFIX = f"[{WAGTAIL_SITE_NAME}] "

# Options of the operator, documented in docs/exploitation.md.
RALLYNOV_MFA_REQUIRED = environment.switch("RALLYNOV_MFA_REQUIRED", default=True)
RALLYNOV_TRUSTED_PROXIES = environment.number("RALLYNOV_TRUSTED_PROXIES", 0)
RALLYNOV_X_ACCEL = environment.text("RALLYNOV_X_ACCEL")
RALLYNOV_FRONT_URL = environment.web_address("RALLYNOV_FRONT_URL")
RALLYNOV_API_QUOTA = environment.number("RALLYNOV_API_QUOTA", 300)
RALLYNOV_TILES_URL = environment.web_address("RALLYNOV_TILES_URL")
RALLYNOV_TILES_ATTRIBUTION = environment.text("RALLYNOV_TILES_ATTRIBUTION")
RALLYNOV_GEOCODER_URL = environment.web_address("RALLYNOV_GEOCODER_URL")
RALLYNOV_SIRET_URL = environment.web_address("RALLYNOV_SIRET_URL")
RALLYNOV_TERRITOIRE = environment.territory("RALLYNOV_TERRITOIRE", "25,39,70,90")
RALLYNOV_TERRITOIRE_NOM = environment.text("RALLYNOV_TERRITOIRE_NOM")

# --- Applications ----------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "config",
    "home",
    "search",
    "etapes.carnets",
    "etapes",
    "fiches.candidatures",
    "fiches.palmares",
    "fiches.diffusion",
    "fiches",
    "demo",
    "wagtail.contrib.redirects",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.sitemaps",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.locales",
    "wagtail",
    "wagtail_headless_preview",
    "wagtailgeowidget",
    "modelcluster",
    "taggit",
    "django_filters",
    "ninja",
    "django_tasks",
    "django_tasks_db",
    "django_structlog",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "config.health.AnyHostMiddleware",
    "config.headers.ClientAddressMiddleware",
    "fiches.publications.responses.PublicCacheMiddleware",
    "config.headers.TextGZipMiddleware",
    "config.headers.HeadersMiddleware",
    "config.headers.PagePolicyMiddleware",
    "config.logs.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.headers.LazySessionMiddleware",
    "config.url_language.LanguageMiddleware",
    "config.errors.ErrorPageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.staff_login.SecondFactorMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "fiches.publications.redirects.RedirectMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

RALLYNOV_DEMO = True  # allows `manage.py demo`, which creates accounts with known passwords

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- Language and time -----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "fr"
# Languages of contents and public pages, French first; the admin is in French only.
RALLYNOV_KNOWN_LANGUAGES = [("fr", _("French")), ("en", _("English")), ("de", _("German"))]
LANGUAGES = environment.languages("RALLYNOV_LANGUAGES", "fr", RALLYNOV_KNOWN_LANGUAGES)
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = len(LANGUAGES) > 1
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES[:1]
WAGTAIL_DATE_FORMAT = "%d/%m/%Y"  # the French format, since the admin is in French only
WAGTAIL_DATETIME_FORMAT = "%d/%m/%Y %H:%M"
LOCALE_PATHS = [SITE_DIR / "locale", SITE_DIR / "locale_wagtail"]
TIME_ZONE = "Europe/Paris"
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
USE_I18N = True
USE_TZ = True

# --- Files -----------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [SITE_DIR / "static", ("guide", BASE_DIR / "docs" / "images")]
MEDIA_URL = "/media/"

DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a page with many blocks, in the admin
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 30
FILE_UPLOAD_PERMISSIONS = 0o644

# --- Wagtail ---------------------------------------------------------------------------------------------------------

WAGTAILADMIN_BASE_URL = BASE_URL
# Workflow notifications go to the task's group, not to all superusers.
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
WAGTAILIMAGES_IMAGE_MODEL = "home.Illustration"
WAGTAILIMAGES_IMAGE_FORM_BASE = "fiches.media.upload_forms.SafeImageForm"
# HEIC is read with an extra only (`rallynov[heic]`).
WAGTAILIMAGES_EXTENSIONS = [
    "avif",
    "gif",
    *(["heic", "heif"] if find_spec("pillow_heif") else []),
    "jpeg",
    "jpg",
    "png",
    "webp",
]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 30 * 1024 * 1024  # a JPEG of 50 megapixels weighs 10 to 25 MB
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAIL_AUTOSAVE_INTERVAL = 1000  # milliseconds after the last keystroke
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odp", "ods", "odt", "pdf", "pptx", "txt", "xlsx"]
WAGTAILDOCS_DOCUMENT_FORM_BASE = "fiches.media.upload_forms.SafeDocumentForm"
WAGTAILDOCS_INLINE_CONTENT_TYPES: list = []  # documents are downloaded, never shown inline on the site's own origin
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILEMBEDS_FINDERS: list = []  # videos are links: nothing is fetched from a third party
WAGTAIL_PASSWORD_RESET_ENABLED = True
WAGTAIL_HEADLESS_PREVIEW = {"CLIENT_URLS": {"default": RALLYNOV_FRONT_URL} if RALLYNOV_FRONT_URL else {}}
WAGTAILADMIN_USER_PASSWORD_RESET_FORM = "config.password_reset.QueuedResetForm"  # noqa: S105
WAGTAIL_REDIRECTS_FILE_STORAGE = (
    "cache" if environment.text("CACHE_URL") else "tmp_file"
)  # the next step may be handled by another server
TAGGIT_CASE_INSENSITIVE = True
TAGGIT_STRIP_UNICODE_WHEN_SLUGIFYING = True

# --- Accounts --------------------------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
LOGOUT_REDIRECT_URL = "account_login"
WAGTAIL_FRONTEND_LOGIN_URL = "/admin/login/"
ACCOUNT_ADAPTER = "config.staff_login.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_USER_DISPLAY = "wagtail.admin.utils.get_user_display_name"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
# A key is an account at one address (`config.staff_login`), and for codes an account; "account" counts all its addresses.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/5m/key,20/h/key",
    "account": "100/h/key",
    "reset_password": "5/m/ip",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = WAGTAIL_SITE_NAME
MFA_ALLOW_UNVERIFIED_EMAIL = True

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
# None: the cookie goes when the browser is closed, as the privacy page says.
CSRF_COOKIE_AGE = None
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"

# wagtailgeowidget tries to import GeoDjango. Without this setting, Django searches the system for thirteen names of the GDAL
# library at each start, which takes a third of a second. The site stores its points as text, without GDAL.
GDAL_LIBRARY_PATH = "none"

# --- Page security ---------------------------------------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
RALLYNOV_HEADERS = {
    "Permissions-Policy": (
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(self), "
        "geolocation=(self), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), "
        "picture-in-picture=(), publickey-credentials-get=(), usb=(), xr-spatial-tracking=(), browsing-topics=()"
    ),
    "X-Permitted-Cross-Domain-Policies": "none",
}
RALLYNOV_SHARED_PREFIXES = (STATIC_URL, MEDIA_URL)

# Other origins of images: the map's tiles.
PICTURE_ORIGINS = [environment.origin(RALLYNOV_TILES_URL.replace("{s}", "*"))] if RALLYNOV_TILES_URL else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, *PICTURE_ORIGINS],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
RALLYNOV_ADMIN_PREFIXES = ("/admin/",)
RALLYNOV_ADMIN_POLICY = {
    **CONTENT_SECURITY_POLICY["DIRECTIVES"],
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:", *PICTURE_ORIGINS],
    "frame-src": [SELF, *filter(None, [environment.origin(RALLYNOV_FRONT_URL)])],
    "frame-ancestors": [SELF],
}

# --- Logs ------------------------------------------------------------------------------------------------------------

LOGGING = logging_config(as_json=False)
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_USER_ID_FIELD = None
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logging.INFO  # an error of the client
DJANGO_STRUCTLOG_STATUS_5XX_LOG_LEVEL = logging.WARNING  # not ready yet; exceptions are errors of their own
