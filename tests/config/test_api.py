"""Wagtail's own APIs answer whatever is asked, and never show what is not public."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import ContentPageFactory

LISTS = ["/api/v2/pages/", "/api/v2/images/", "/api/v2/documents/", "/api/v3/pages/"]
UNREADABLE = ["search=%00", "search=%22", "search=%20", "slug=%00", "offset=99999999999999999999", "limit=1e9"]
READABLE = ["search=%22les+for%C3%AAts%22", "search=AND", "search=*a*", "search=NEAR(a+b)", f"search={'mot+' * 300}"]


@pytest.fixture
def caller(home_page):
    """Sees an error page where a test would see the exception."""
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize("query", UNREADABLE)
def test_what_cannot_be_read_is_refused_with_the_reason(caller, address, query):
    response = caller.get(f"{address}?{query}")
    assert response.status_code in {400, 422}
    assert query.partition("=")[0] in response.content.decode()


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize("query", READABLE)
def test_a_search_is_words_whatever_surrounds_them(caller, address, query):
    assert caller.get(f"{address}?{query}").status_code == 200


@pytest.mark.parametrize("address", ["/api/v2/pages/", "/api/v3/pages/", "/api/v3/pages/find/"])
@pytest.mark.parametrize("site", ["javascript:alert(1)", "localhost:", "localhost:80:80", ":80"])
def test_a_site_that_is_no_host_is_refused(caller, address, site):
    response = caller.get(address, {"site": site, "html_path": "/"})
    assert response.status_code == 400
    assert "site: is a host, or a host and its port" in response.content.decode()


@pytest.mark.parametrize("site", ["", "localhost", "localhost:80", "nowhere.example:99999"])
def test_a_site_is_a_host_with_or_without_its_port(caller, site):
    for address in ("/api/v2/pages/", "/api/v3/pages/"):
        assert caller.get(address, {"site": site}).status_code < 500


def test_a_wrong_search_operator_is_refused(caller):
    response = caller.get("/api/v2/pages/?search=a&search_operator=xor")
    assert (response.status_code, response.json()) == (400, {"message": "search_operator: is 'and' or 'or'"})


def test_v3_says_why_as_a_problem(caller):
    response = caller.get("/api/v3/pages/?search=%22")
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["detail"] == "search: holds no word"


@pytest.mark.parametrize("address", ["/api/v2/pages/", "/api/v3/pages/"])
def test_a_draft_is_in_no_api(caller, home_page, address):
    home_page.title = "Brouillon-QZX"
    home_page.live = False
    home_page.save()
    assert "QZX" not in caller.get(address).content.decode()
    assert caller.get(f"{address}{home_page.pk}/").status_code == 404


@pytest.mark.parametrize("address", ["/api/v2/pages/", "/api/v3/pages/"])
def test_an_expired_page_is_in_no_api(caller, home_page, address):
    """At its minute, though the scheduler that takes it offline comes later."""
    ContentPageFactory(parent=home_page, title="Ouvert-QZY", expire_at=timezone.now() + timedelta(hours=1))
    page = ContentPageFactory(parent=home_page, title="Clos-QZX", expire_at=timezone.now() - timedelta(minutes=1))
    shown = caller.get(address).content.decode()
    assert ("QZY" in shown, "QZX" in shown) == (True, False)
    assert caller.get(f"{address}{page.pk}/").status_code == 404


@pytest.mark.parametrize("address", ["/api/v3/whoami/", "/api/v3/sites/"])
def test_v3_shows_what_is_private_to_a_token_only(caller, admin_client, address):
    assert caller.get(address).status_code == 401
    assert admin_client.get(address).status_code == 401


def test_v2_only_reads(caller):
    assert caller.post("/api/v2/pages/").status_code == 405
    assert caller.delete("/api/v2/pages/1/").status_code == 405
