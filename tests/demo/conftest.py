"""The demonstration, loaded once for the tests that read it."""

import shutil

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from config.settings import base
from tests.conftest import starts_from_a_copy, use_database
from tests.demonstration import ADDRESS, DAY, PASSWORD
from tests.demonstration import demo as demo


@pytest.fixture(scope="module")
def demonstration(request, tmp_path_factory, django_db_setup, django_db_blocker):
    """The demonstration as loaded on `DAY`; each test of the module runs inside, and is undone."""
    if starts_from_a_copy():
        loaded = request.getfixturevalue("demo")
        shutil.copytree(loaded / "media", settings.MEDIA_ROOT, dirs_exist_ok=True)
        database = shutil.copy(loaded / "db.sqlite3", tmp_path_factory.mktemp("demonstration"))
        with django_db_blocker.unblock(), use_database(database):
            yield
        return
    with django_db_blocker.unblock(), override_settings(BASE_URL=ADDRESS), transaction.atomic():
        from demo.load import load

        load(password=PASSWORD, today=DAY)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def site_hashers(settings):
    """Passwords are hashed as where the demonstration was loaded: on the site, or on a database server in this process."""
    if starts_from_a_copy():
        settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS
