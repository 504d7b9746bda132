"""Settings of `make run` and of development: as in production, unless DEBUG=1."""

from config.settings.base import *  # noqa: F403 - Django reads every name of a settings module
from config.settings.base import CACHES, TEMPLATES, environment

DEBUG = environment.switch("DEBUG", default=False)
if DEBUG:
    # No cached responses or templates: a change is visible on the next request.
    CACHES["pages"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    loaders = ("django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader")
    TEMPLATES[0] |= {"APP_DIRS": False, "OPTIONS": TEMPLATES[0]["OPTIONS"] | {"loaders": loaders}}  # type: ignore[operator]  # a dict of settings
SECRET_KEY = environment.text("SECRET_KEY", "only-for-this-machine-and-never-for-a-public-site-0123456789")
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
# A site that only this machine visits may try a webhook against it, over http. Production refuses both.
RALLYNOV_WEBHOOKS_LOOPBACK = set(ALLOWED_HOSTS) <= {"127.0.0.1", "localhost", "[::1]"}
RALLYNOV_MFA_REQUIRED = environment.switch("RALLYNOV_MFA_REQUIRED", default=False)
LANGUAGES = environment.languages("RALLYNOV_LANGUAGES", "fr,en,de", RALLYNOV_KNOWN_LANGUAGES)  # noqa: F405
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = len(LANGUAGES) > 1
LOGGING = logging_config(as_json=False, level="WARNING")  # noqa: F405
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
