"""What will go says so in its answers, and a problem says where it is explained."""

from datetime import UTC, datetime

from django.http import HttpResponse
from django.test import RequestFactory

from fiches.diffusion.deprecation import deprecated


def test_what_will_go_says_since_when_until_when_and_what_to_use_instead():
    old = deprecated(datetime(2027, 1, 1, tzinfo=UTC), until=datetime(2028, 1, 1, tzinfo=UTC), instead="/api/v2/fiches")
    answer = old(lambda request: HttpResponse("as before"))(RequestFactory().get("/api/v1/fiches"))
    assert answer.content == b"as before"
    assert answer["Deprecation"] == "@1798761600"
    assert answer["Sunset"] == "Sat, 01 Jan 2028 00:00:00 GMT"
    assert answer["Link"] == '<http://testserver/api/v2/fiches>; rel="successor-version"'
