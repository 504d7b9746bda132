"""Production's middleware and templates, on the bench's own database and addresses."""

from config.settings.test import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
DEBUG = False
RALLYNOV_API_QUOTA = 0
