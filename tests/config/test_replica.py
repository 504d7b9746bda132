"""Anonymous reading goes to the replica; whoever has a cookie or writes stays on the primary."""

from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import RequestFactory

from config.replica import ReplicaMiddleware, ReplicaRouter

router = ReplicaRouter()


def read_during(request, *, write_first: bool = False, has_replica: bool = True) -> str:
    seen = []

    def view(request):
        if write_first:
            router.db_for_write(User)
        seen.append(router.db_for_read(User))
        return HttpResponse()

    middleware = ReplicaMiddleware(view)
    middleware.has_replica = has_replica
    middleware(request)
    return seen[0]


def test_a_visitor_reads_from_the_replica():
    assert read_during(RequestFactory().get("/fiches/")) == "replica"
    assert router.db_for_read(User) == "default"


def test_who_may_have_written_reads_from_the_primary():
    with_cookie = RequestFactory().get("/candidature/")
    with_cookie.COOKIES["csrftoken"] = "x"
    assert read_during(with_cookie) == "default"
    assert read_during(RequestFactory().post("/candidature/")) == "default"
    assert read_during(RequestFactory().get("/api/v3/pages/", headers={"Authorization": "Bearer x"})) == "default"
    assert read_during(RequestFactory().get("/"), write_first=True) == "default"


def test_without_a_replica_everything_is_read_from_the_primary():
    assert read_during(RequestFactory().get("/fiches/"), has_replica=False) == "default"


def test_the_replica_is_never_migrated():
    assert router.allow_migrate("replica", "fiches") is False
    assert router.allow_migrate("default", "fiches") is True
