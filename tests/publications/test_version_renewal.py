"""The version is renewed by one thread when it expires, and meanwhile the others are answered."""

from queue import SimpleQueue
from threading import Thread

import pytest
from django.db import connections, transaction
from django.db.models import DateTimeField, Func
from django.utils import timezone

from fiches.models import Version
from fiches.publications import version
from fiches.publications.version import current, touch


@pytest.fixture(autouse=True)
def _commits(django_db_setup, django_db_blocker):
    """Each statement is committed, for other threads to read; the version, which alone is written, is given back."""
    with django_db_blocker.unblock():
        before = list(Version.objects.all())
        yield
        Version.objects.all().delete()
        Version.objects.bulk_create(before)


def in_a_thread(function):
    """Returns a queue that gets what ``function()`` returns, in another thread; nothing waits for a thread that is stuck."""
    answers = SimpleQueue()

    def run():
        try:
            answers.put(function())
        finally:
            connections.close_all()

    Thread(target=run, daemon=True).start()
    return answers


def expire():
    touch()
    Version.objects.update(valid_until=timezone.now())


def test_what_is_done_at_an_expiry_reads_a_version_that_nothing_keeps(monkeypatch):
    read = []

    def settle():
        with transaction.atomic():
            transaction.on_commit(lambda: read.append(current()))

    monkeypatch.setattr(version, "_settling", [])
    version.register_moments(lambda now: Version.objects.none().values("valid_until"), settle)
    expire()
    number = Version.objects.get().number
    assert in_a_thread(lambda: current().number).get(timeout=5) == number + 1
    [during] = read
    assert (during.number, during.valid_until <= timezone.now()) == (number, True)


def test_a_renewal_that_the_database_refuses_leaves_the_transaction_usable(monkeypatch):
    expire()
    refused = Func(function="no_such_function", output_field=DateTimeField())
    monkeypatch.setattr(version, "_coming", [lambda now: Version.objects.values(refused=refused)])
    number = Version.objects.get().number
    with transaction.atomic():
        state = current()
        assert (state.number, state.valid_until <= timezone.now()) == (number, True)
        assert Version.objects.get().number == number
