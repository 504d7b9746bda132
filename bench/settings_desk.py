"""Settings of `bench.desk`: those of the benchmarks, and the page of a stock site."""

from bench.settings import *  # noqa: F403 - extends these settings
from bench.settings import BASE_DIR, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "bench.stock"]
DATABASES = {
    "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(BASE_DIR / "build" / "bench" / "desk.sqlite3")}
}
