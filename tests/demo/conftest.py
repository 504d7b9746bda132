"""The demonstration, loaded once for the tests that only read it."""

import datetime

import pytest
from django.db import transaction

from tests.pictures import picture

TODAY = datetime.date(2026, 11, 25)
PASSWORD = "mot-de-passe-de-demonstration"


@pytest.fixture(scope="module")
def quick_drawings():
    """A drawing takes a tenth of a second, and these tests look at none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("demo.pictures.draw", lambda motif, *, seed: picture())
        patch.setattr("demo.pictures.logo", lambda initials, seed: picture("PNG"))
        yield


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, quick_drawings):
    """The demonstration as loaded on ``TODAY``; each test of the module runs inside, and is undone."""
    from demo.load import load

    with django_db_blocker.unblock(), transaction.atomic():
        load(password=PASSWORD, today=TODAY)
        yield
        transaction.set_rollback(True)
