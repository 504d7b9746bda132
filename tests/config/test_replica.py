"""Anonymous reading goes to the replica; whoever has a cookie, a secret or writes stays on the primary."""

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connections, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from config import replica
from config.replica import ReplicaMiddleware, ReplicaRouter
from fiches.models import Version
from fiches.publications.memo import memoize
from fiches.publications.version import current, touch

router = ReplicaRouter()


@pytest.fixture(autouse=True)
def watch(monkeypatch):
    """A replica that is well; what it holds and what the primary holds are told by the test."""
    monkeypatch.setattr(replica, "has_replica", lambda: True)
    watch = replica.Watch()
    watch.good, watch.next_look = True, float("inf")
    monkeypatch.setattr(replica, "watch", watch)
    return watch


def read_during(request, *, write_first: bool = False, model: type = User) -> str:
    seen = []

    def view(request):
        if write_first:
            router.db_for_write(User)
        seen.append(router.db_for_read(model))
        return HttpResponse()

    ReplicaMiddleware(view)(request)
    return seen[0]


def test_a_visitor_reads_from_the_replica():
    assert read_during(RequestFactory().get("/fiches/")) == "replica"
    assert router.db_for_read(User) == "default"


def test_who_may_have_written_reads_from_the_primary():
    with_cookie = RequestFactory().get("/candidature/")
    with_cookie.COOKIES["csrftoken"] = "x"
    assert read_during(with_cookie) == "default"
    assert read_during(RequestFactory().post("/candidature/")) == "default"
    assert read_during(RequestFactory().get("/fiches/", headers={"Authorization": "Bearer x"})) == "default"
    assert read_during(RequestFactory().get("/"), write_first=True) == "default"


def test_the_link_of_a_mail_that_has_just_left_is_read_where_it_was_written():
    assert read_during(RequestFactory().get("/candidature/kJ2lQx9Zp0aB7cD4eF6gH8/")) == "default"


def test_what_says_which_responses_are_old_is_read_with_what_they_show():
    with_cookie = RequestFactory().get("/fiches/")
    with_cookie.COOKIES["csrftoken"] = "x"
    assert read_during(with_cookie, model=Version) == "replica"


@pytest.fixture
def second_connection(monkeypatch, django_db_setup, django_db_blocker):
    """The replica: another connection to the database of the tests. The version, which alone is written, is given back."""
    monkeypatch.setitem(connections.databases, "replica", dict(connections.databases["default"]))
    with django_db_blocker.unblock():
        rows = Version.objects.using("default")
        before = list(rows.all())
        yield connections["replica"]
        connections["replica"].close()
        del connections["replica"]
        rows.all().delete()
        rows.bulk_create(before)


def version_of_a_reader():
    seen = []
    ReplicaMiddleware(lambda request: HttpResponse(seen.append(current(fresh=True))))(RequestFactory().get("/"))
    return seen[0]


def test_a_transaction_reads_the_version_that_it_wrote_and_a_reader_that_of_the_replica(second_connection):
    touch()
    with transaction.atomic(), CaptureQueriesContext(second_connection) as asked:
        before = version_of_a_reader()
        assert len(asked) == 1
        touch()
        assert current(fresh=True).number == before.number + 1
        assert memoize("of a transaction", lambda: "not committed") == "not committed"
        transaction.set_rollback(True)
    assert current(fresh=True) == before
    assert memoize("of a transaction", lambda: "as before") == "as before"


def test_without_a_replica_everything_is_read_from_the_primary(monkeypatch):
    monkeypatch.setattr(replica, "has_replica", lambda: False)
    assert read_during(RequestFactory().get("/fiches/")) == "default"
    assert read_during(RequestFactory().get("/fiches/"), model=Version) == "default"


def test_a_page_that_the_replica_failed_is_made_by_the_primary(watch):
    asked = []

    def view(request):
        asked.append(router.db_for_read(User))
        return HttpResponse(status=503 if asked[-1] == "replica" else 200)

    assert ReplicaMiddleware(view)(RequestFactory().get("/fiches/")).status_code == 200
    assert asked == ["replica", "default"]
    assert watch.good is False
    assert read_during(RequestFactory().get("/fiches/")) == "default"


@pytest.mark.parametrize(
    ("was_good", "target", "primary", "has", "outcome"),
    [
        (True, 100, 120, 100, True),  # what the primary held at the last look
        (True, 100, 120, 99, False),
        (False, 100, 120, 119, False),  # one that was left comes back when it holds everything
        (False, 100, 120, 120, True),
        (True, 100, 120, 0, True),  # it follows nobody any more: it was made the primary
        (True, 100, OperationalError, 100, True),  # no primary: what the replica has is the best there is
        (True, 100, 120, OperationalError, False),
    ],
)
def test_a_replica_that_lags_or_is_gone_is_left_alone(watch, monkeypatch, was_good, target, primary, has, outcome):
    def position(alias, expression):
        told = {"default": primary, "replica": has}[alias]
        if isinstance(told, int):
            return told
        raise told

    monkeypatch.setattr(replica, "position", position)
    monkeypatch.setattr(replica, "connections", {"replica": type("Connection", (), {"vendor": "postgresql"})})
    watch.good, watch.target, watch.next_look = was_good, target, 0.0
    assert watch.usable() is outcome


def test_the_replica_is_never_migrated():
    assert router.allow_migrate("replica", "fiches") is False
    assert router.allow_migrate("default", "fiches") is True
