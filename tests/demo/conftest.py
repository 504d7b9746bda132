"""The demonstration, loaded once for the tests that only read it."""

import datetime

import pytest
from django.db import transaction

TODAY = datetime.date(2026, 11, 25)
PASSWORD = "mot-de-passe-de-demonstration"


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """The demonstration as loaded on ``TODAY``; each test of the module runs inside, and is undone."""
    from demo.load import load

    with django_db_blocker.unblock(), transaction.atomic():
        load(password=PASSWORD, today=TODAY)
        yield
        transaction.set_rollback(True)
