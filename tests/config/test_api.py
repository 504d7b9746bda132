"""Wagtail's own APIs answer whatever is asked, and never show what is not public."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import APIToken

from tests.factories import ContentPageFactory, FichePageFactory, UserFactory

LISTS = ["/api/v2/pages/", "/api/v2/images/", "/api/v2/documents/", "/api/v3/pages/"]
UNREADABLE = ["search=%00", "search=%22", "search=%20", "slug=%00", "offset=99999999999999999999", "limit=1e9"]
READABLE = ["search=%22les+for%C3%AAts%22", "search=AND", "search=*a*", "search=NEAR(a+b)", f"search={'mot+' * 300}"]


@pytest.fixture
def client_with_error_pages(home_page):
    """Sees an error page where a test would see the exception."""
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize("query", UNREADABLE)
def test_what_cannot_be_read_is_refused_with_the_reason(client_with_error_pages, address, query):
    response = client_with_error_pages.get(f"{address}?{query}")
    assert response.status_code in {400, 422}
    assert query.partition("=")[0] in response.content.decode()


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize("query", READABLE)
def test_a_search_is_words_whatever_surrounds_them(client_with_error_pages, address, query):
    assert client_with_error_pages.get(f"{address}?{query}").status_code == 200


@pytest.mark.parametrize("address", ["/api/v2/pages/", "/api/v3/pages/", "/api/v3/pages/find/"])
@pytest.mark.parametrize("site", ["javascript:alert(1)", "localhost:", "localhost:80:80", ":80"])
def test_a_site_that_is_no_host_is_refused(client_with_error_pages, address, site):
    response = client_with_error_pages.get(address, {"site": site, "html_path": "/"})
    assert response.status_code == 400
    assert response.json()["detail"] == "site\xa0: donnez un nom d’hôte, ou un nom d’hôte et son port"


@pytest.mark.parametrize("site", ["", "localhost", "localhost:80", "nowhere.example:99999"])
def test_a_site_is_a_host_with_or_without_its_port(client_with_error_pages, site):
    for address in ("/api/v2/pages/", "/api/v3/pages/"):
        assert client_with_error_pages.get(address, {"site": site}).status_code < 500


def problem(title, status, detail):
    """An error of v2: its own message, and what a problem has."""
    return {"message": detail, "type": "about:blank", "title": title, "status": status, "detail": detail}


def test_a_wrong_search_operator_is_refused(client_with_error_pages):
    response = client_with_error_pages.get("/api/v2/pages/?search=a&search_operator=xor")
    assert (response.status_code, response.json()) == (
        400,
        problem("Cette demande est illisible.", 400, "search_operator\xa0: donnez «\xa0and\xa0» ou «\xa0or\xa0»"),
    )


def test_v3_says_why_as_a_problem(client_with_error_pages):
    response = client_with_error_pages.get("/api/v3/pages/?search=%22")
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["detail"] == "search\xa0: ne contient aucun mot"


@pytest.mark.parametrize("address", ["/api/v2/pages/", "/api/v3/pages/"])
def test_a_draft_is_in_no_api(client_with_error_pages, home_page, address):
    home_page.title = "Brouillon-QZX"
    home_page.live = False
    home_page.save()
    assert "QZX" not in client_with_error_pages.get(address).content.decode()
    assert client_with_error_pages.get(f"{address}{home_page.pk}/").status_code == 404


@pytest.mark.parametrize("address", ["/api/v2/pages/", "/api/v3/pages/"])
def test_an_expired_page_is_in_no_api(client_with_error_pages, home_page, address):
    """At its minute, though the scheduler that takes it offline comes later."""
    ContentPageFactory(parent=home_page, title="Ouvert-QZY", expire_at=timezone.now() + timedelta(hours=1))
    page = ContentPageFactory(parent=home_page, title="Clos-QZX", expire_at=timezone.now() - timedelta(minutes=1))
    shown = client_with_error_pages.get(address).content.decode()
    assert ("QZY" in shown, "QZX" in shown) == (True, False)
    assert client_with_error_pages.get(f"{address}{page.pk}/").status_code == 404


@pytest.mark.parametrize("address", ["/api/v3/whoami/", "/api/v3/sites/"])
def test_v3_shows_what_is_private_to_a_token_only(client_with_error_pages, admin_client, address):
    assert client_with_error_pages.get(address).status_code == 401
    assert admin_client.get(address).status_code == 401


def test_v2_only_reads(client_with_error_pages):
    assert client_with_error_pages.post("/api/v2/pages/").status_code == 405
    assert client_with_error_pages.delete("/api/v2/pages/1/").status_code == 405


UNREAD = "Cette demande est illisible."


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("xyz=1", "Paramètres inconnus\xa0: xyz."),
        ("limit=abc", "limit\xa0: donnez un nombre entier positif."),
        ("limit=1000", "limit\xa0: la plus grande valeur est 100."),
        ("order=xyz", "order\xa0: le champ «\xa0xyz\xa0» ne permet pas de trier."),
        ("fields=xyz", "fields\xa0: champs inconnus\xa0: xyz."),
        ("fields=(((", "fields\xa0: cette liste est illisible."),
        ("type=a.B", "type\xa0: ce type de page n’existe pas."),
        ("child_of=x", "child_of\xa0: donnez un nombre entier positif."),
    ],
)
def test_v2_says_in_french_what_is_wrong_with_a_question(client_with_error_pages, query, detail):
    response = client_with_error_pages.get(f"/api/v2/pages/?{query}")
    assert (response.status_code, response.json()) == (400, problem(UNREAD, 400, detail))
    assert "Accept-Language" in response["Vary"]


def test_an_error_is_said_in_the_language_that_is_asked_for(client_with_error_pages):
    english = {"accept-language": "en-GB,en"}
    payload = client_with_error_pages.get("/api/v2/pages/?limit=abc", headers=english).json()
    assert payload == problem("This request can’t be read.", 400, "limit must be a positive integer")
    assert (
        client_with_error_pages.get("/api/v2/pages/?search=%22", headers=english).json()["detail"]
        == "search: holds no word"
    )


def test_what_is_not_there_or_not_allowed_is_said_in_french(client_with_error_pages):
    assert (
        client_with_error_pages.get("/api/v2/pages/999999/").json()["message"]
        == client_with_error_pages.get("/api/v3/pages/999999/").json()["detail"]
    )
    assert (
        client_with_error_pages.get("/api/v3/pages/999999/").json()["detail"]
        == "Cette adresse n’existe pas, ou n’est pas publique."
    )
    assert (
        client_with_error_pages.post("/api/v2/pages/").json()["message"]
        == "POST n’est pas possible ici\xa0: seul GET l’est."
    )
    nameless = client_with_error_pages.get("/api/v3/whoami/").json()
    told = (nameless["title"], nameless["detail"])
    assert told == ("Un jeton est nécessaire.", "Envoyez un jeton\xa0: «\xa0Authorization: Bearer …\xa0».")


@pytest.mark.parametrize("role", [None, "partenaire", "redaction", "admin"])
def test_former_addresses_are_told_to_those_alone_who_may_write_them(tree, role):
    fiche = FichePageFactory(parent=tree.fiches, live=False)
    former = Redirect.add_redirect("/fiches/ancien-nom", redirect_to=fiche)
    headers = {}
    if role:
        _token, key = APIToken.create_token(user=UserFactory(role=role), name="essai")
        headers = {"authorization": f"Bearer {key}"}
    for address in ("", f"{former.pk}/", f"find/?id={former.pk}", "find/?html_path=/fiches/ancien-nom"):
        answer = Client().get(f"/api/v3/redirects/{address}", headers=headers, follow=True)
        may = role in ("redaction", "admin")
        assert (answer.status_code, "ancien-nom" in answer.content.decode()) == ((200, True) if may else (401, False))
    assert Client().get("/api/v1/pages?chemin=/fiches/ancien-nom/").status_code == 404
