"""Settings of the bench: the middleware and templates of production; pictures are kept beside the databases."""

from config.settings.base import BASE_DIR, environment
from config.settings.test import *  # noqa: F403 - Django reads every name of a settings module

INSTALLED_APPS += ["bench"]  # noqa: F405
ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
DEBUG = False
MEDIA_ROOT = str(BASE_DIR / "build" / "bench" / "media")
RALLYNOV_API_QUOTA = 0
if environment.text("CACHE_URL"):  # set by gunicorn.conf.py
    CACHES = environment.caches("CACHE_URL")
LOGGING = logging_config(as_json=True, level="WARNING")  # noqa: F405
