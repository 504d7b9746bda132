"""Settings of the public site. Refuses to start if a variable is missing or invalid."""

from whitenoise.compress import Compressor

from config.settings.base import *  # noqa: F403 - Django reads every name of a settings module
from config.settings.base import ALLOWED_HOSTS, BASE_URL, RALLYNOV_TRUSTED_PROXIES, STORAGES, environment

environment.check_production(ALLOWED_HOSTS, BASE_URL)

DEBUG = False
RALLYNOV_DEMO = False
LOGGING = logging_config(as_json=True)  # noqa: F405

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^sante/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if RALLYNOV_TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# HSTS preloading is the operator's choice: it binds all subdomains and takes months to undo.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_TRUSTED_ORIGINS = [BASE_URL]

STORAGES = STORAGES | {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
# Source maps are half of what would be compressed, and only a developer's tools ask for them.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
