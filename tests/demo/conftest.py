"""The demonstration, loaded once for the tests that only read it."""

import contextlib
import datetime
import shutil

import pytest
from django.db import connection, transaction

from tests.conftest import starts_from_a_copy

TODAY = datetime.date(2026, 11, 25)
PASSWORD = "mot-de-passe-de-demonstration"


def load():
    from demo.load import load

    load(password=PASSWORD, today=TODAY)


@contextlib.contextmanager
def instead(database):
    """The tests' connection is to that SQLite file."""
    connection.close()
    usual, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], str(database)
    yield
    connection.close()
    connection.settings_dict["NAME"] = usual


@pytest.fixture(scope="session")
def loaded(migrated, tmp_path_factory, django_db_setup, django_db_blocker):
    """A SQLite file that holds the demonstration; its pictures are in the tests' own folder."""
    database = tmp_path_factory.mktemp("demonstration") / "tests.sqlite3"
    shutil.copy(migrated, database)
    with django_db_blocker.unblock(), instead(database):
        load()
    return database


@pytest.fixture(scope="module")
def demonstration(request, tmp_path_factory, django_db_setup, django_db_blocker):
    """The demonstration as loaded on ``TODAY``; each test of the module runs inside, and is undone."""
    if starts_from_a_copy():
        loaded = request.getfixturevalue("loaded")
        with django_db_blocker.unblock(), instead(shutil.copy(loaded, tmp_path_factory.mktemp("demonstration"))):
            yield
        return
    with django_db_blocker.unblock(), transaction.atomic():
        load()
        yield
        transaction.set_rollback(True)
