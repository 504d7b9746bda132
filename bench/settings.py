"""Settings of the benchmarks: the middleware and templates of production, the database and URLs of the bench."""

from config.settings.base import BASE_DIR, environment
from config.settings.test import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
DEBUG = False
MEDIA_ROOT = str(BASE_DIR / "build" / "bench" / "media")  # kept with the databases, whose pictures would be missing
RALLYNOV_API_QUOTA = 0
RALLYNOV_RESPONSE_CACHE_MB = environment.number("RALLYNOV_RESPONSE_CACHE_MB", 0)
LOGGING = logging_config(as_json=True, level="WARNING")  # noqa: F405
