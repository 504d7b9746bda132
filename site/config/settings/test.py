"""Settings of the tests: SQLite in memory (or in the file named by TEST_DB), or the server of DATABASE_URL."""

import tempfile

from config.settings.base import *  # noqa: F403 - Django reads every name of a settings module
from config.settings.base import BASE_DIR, CACHES, DATABASES, environment

DEBUG = False
SECRET_KEY = "only-for-the-tests"  # noqa: S105 - signs nothing real
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
BASE_URL = "http://testserver"
WAGTAILADMIN_BASE_URL = BASE_URL
RALLYNOV_MFA_REQUIRED = False
CACHES["pages"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}  # unless a test asks for it
TEST_DB = environment.text("TEST_DB")
TEST_TEMPLATE = environment.text("TEST_TEMPLATE")  # on PostgreSQL, a migrated database to copy instead of migrating
DATABASES["default"]["TEST"] = (
    {"NAME": f"{BASE_DIR}/tests-{TEST_DB}.sqlite3"} if TEST_DB else {"TEMPLATE": TEST_TEMPLATE or None}
)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA = tempfile.TemporaryDirectory(prefix="rallynov-")  # deleted with the process
MEDIA_ROOT = MEDIA.name
PRIVATE = tempfile.TemporaryDirectory(prefix="rallynov-private-")
LOCKS = tempfile.TemporaryDirectory(prefix="rallynov-locks-")
RALLYNOV_LOCKS_FOLDER = LOCKS.name  # of their own, so that other processes do not hold the tests' locks
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": PRIVATE.name}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
LOGGING = logging_config(as_json=False)  # noqa: F405
LOGGING["handlers"]["stderr"]["level"] = "WARNING"  # tests read the rest through tests.journal or caplog
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
