"""What a partner's web master copies, and what their readers get: frames, oEmbed, the builder."""

import datetime
import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from fiches.diffusion.embeds import embeds
from tests.factories import EtapePageFactory, FichePageFactory

pytestmark = pytest.mark.django_db
LISTS = ("carte", "liste", "etapes")


@pytest.fixture
def etape(tree):
    return EtapePageFactory(
        parent=tree.etapes, slug="demain", title="L’étape de demain", date=datetime.date(2030, 5, 2)
    )


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


@pytest.mark.parametrize("nature", LISTS)
def test_an_embed_with_nothing_to_show_says_so_and_leads_back(client, tree, nature):
    page = soup(client.get(f"/integration/{nature}/"))
    assert page.select_one(".empty").text.strip()
    assert page.select_one("a.cadre__more")["href"].startswith("http://")


def test_a_list_shows_what_answers_with_the_funders_credit_and_a_link_back(client, epicerie, tree):
    FichePageFactory(parent=tree.fiches, title="Ailleurs")
    page = soup(client.get("/integration/liste/?departement=25"))
    assert [title.text.split(" (")[0].strip() for title in page.select(".card__title")] == ["L’épicerie qui partage"]
    assert "Avec le soutien financier de Région." in page.select_one("footer").text
    assert page.select_one("a.cadre__more")["href"] == "http://localhost/fiches/?departement=25"
    assert {link["target"] for link in page.select("a")} == {"_blank"}


def test_a_withdrawn_fiche_is_gone_at_the_next_load_and_its_frame_says_so(client, epicerie):
    address = "/integration/fiche/epicerie/"
    assert "L’épicerie qui partage" in client.get(address).content.decode()
    epicerie.unpublish()
    response = client.get(address)
    assert (response.status_code, "épicerie" in response.content.decode()) == (404, False)
    for path in (
        "/fiches/epicerie/",
        "/fiches/epicerie/fiche.pdf",
        "/api/v1/fiches/epicerie",
        "/oembed?url=http://localhost/fiches/epicerie/",
    ):
        assert (path, client.get(path).status_code) == (path, 404)
    assert "Ce contenu n’est plus en ligne." in client.get(address).content.decode()
    assert soup(client.get("/integration/liste/")).select(".card") == []
    assert client.get("/integration/fiche/jamais/").status_code == 404


FRAMED = ["/integration/carte/", "/integration/liste/", "/integration/fiche/epicerie/", "/integration/fiche/jamais/"]
ELSEWHERE = ["/", "/fiches/", "/fiches/epicerie/", "/api/v1/docs", "/admin/login/", "/candidature/", "/integration/"]


def test_any_site_may_frame_an_embed_and_nothing_else(client, epicerie):
    for address in FRAMED:
        response = client.get(address)
        assert "X-Frame-Options" not in response, address
        assert "frame-ancestors *" in response["Content-Security-Policy"], address
    for address in ELSEWHERE:
        response = client.get(address, follow=True)
        policy = response["Content-Security-Policy"]
        assert re.search(r"frame-ancestors ('none'|'self')", policy), (address, policy)
        assert response["X-Frame-Options"] in ("DENY", "SAMEORIGIN"), address


def test_an_embed_sets_no_cookie_and_asks_no_other_host(epicerie):
    for address in (*FRAMED, "/integration/rallynov.v1.js", "/integration/"):
        response = Client().get(address)
        assert not response.cookies, address
        resources = [node.get("src") or node.get("href") for node in soup(response).select("script, link, img, iframe")]
        assert not [url for url in resources if url and urlsplit(url).netloc not in ("", "localhost", "testserver")]


@pytest.mark.parametrize(
    "url", ["", "x", "http://[::1", "ftp://localhost/", "http://ailleurs.example/", "http://localhost/plan-du-site/"]
)
def test_oembed_refuses_in_words_what_it_does_not_show(epicerie, url):
    response = Client(raise_request_exception=False).get("/oembed", {"url": url})
    assert response.status_code in (400, 404)
    assert response["Content-Type"] == "application/problem+json"


# --- Colours


@pytest.mark.parametrize(
    ("colour", "theme", "accepted"),
    [
        ("#17493a", "clair", True),
        ("#17493a", "sombre", False),
        ("#8aa0ff", "sombre", True),
        ("#8aa0ff", "auto", False),
        ("#777777", "clair", False),
        ("#000", "clair", True),
    ],
)
def test_a_colour_that_not_everyone_can_read_is_refused_in_words(client, epicerie, colour, theme, accepted):
    page = soup(client.get("/integration/liste/", {"theme": theme, "accent": colour}))
    assert (page.select_one(".notice--alert") is None) == accepted
    assert accepted or "4,5" in page.select_one(".notice--alert").text


# --- oEmbed


@pytest.mark.parametrize(
    "address", ["/fiches/epicerie/", "/fiches/?departement=25", "/integration/fiche/epicerie/?theme=sombre"]
)
def test_an_address_pasted_elsewhere_becomes_a_frame(client, epicerie, address):
    payload = client.get("/oembed", {"url": f"http://localhost{address}", "maxwidth": "400"}).json()
    assert (payload["version"], payload["type"], payload["width"], payload["provider_name"]) == (
        "1.0",
        "rich",
        400,
        "Rally’nov",
    )
    frame = BeautifulSoup(payload["html"], "html.parser").iframe
    shown = urlsplit(frame["src"])
    assert shown.path.startswith("/integration/")
    assert client.get(f"{shown.path}?{shown.query}").status_code == 200
    named = "L’épicerie qui partage" if "epicerie" in address else "la liste"
    assert frame["title"] == f"Rally’nov\xa0: {named}"


@pytest.mark.parametrize("address", ["/fiches/epicerie/", "/fiches/?departement=25"])
def test_a_page_tells_where_it_is_described(client, epicerie, address):
    link = soup(client.get(address)).select_one('link[type="application/json+oembed"]')
    parts = urlsplit(link["href"])
    assert parse_qs(parts.query)["url"] == [f"http://testserver{address}"]
    assert client.get(f"{parts.path}?{parts.query}").json()["type"] == "rich"


# --- The builder


def test_five_minutes_of_a_web_master(client, epicerie, tree):
    """Filters on the list, follows the link, looks, copies: what is copied shows the same fiches."""
    FichePageFactory(parent=tree.fiches, title="Ailleurs")
    page = soup(client.get("/fiches/?departement=25"))
    link = next(link for link in page.select("#donnees-titre ~ ul a") if "/integration/" in link["href"])
    builder = soup(client.get(link["href"]))
    assert builder.select_one("form input[name=departement]")["value"] == "25"
    frame = builder.select_one(".atelier__preview iframe")["src"]
    assert "L’épicerie qui partage" in client.get(frame).content.decode()
    code = BeautifulSoup(builder.select_one("#code-cadre").text, "html.parser")
    assert code.script["src"] == "http://testserver/integration/rallynov.v1.js"
    assert code.iframe["src"] == "http://testserver/integration/liste/?departement=25"


def test_what_is_copied_can_t_be_broken_out_of(client, epicerie):
    """A word typed in the builder stays an attribute's text in the code to copy."""
    attack = '"><script>alert(1)</script>'
    page = soup(client.get("/integration/", {"type": "liste", "q": attack}))
    assert "<script>alert" not in html.unescape(page.select_one("#code-cadre").text.split("src=")[1].split(" ")[0])


@pytest.fixture
def each_embed(tree, epicerie, etape):
    """``[address]`` of an embed of each kind."""
    slugs = {"fiche": epicerie.slug, "etape": etape.slug}
    addresses = [
        f"/integration/{each.nature}/" + (f"{slugs[each.nature]}/" if each.une_page else "") for each in embeds()
    ]
    assert len(addresses) == 6
    return addresses


@pytest.mark.parametrize("name", ["theme", "accent", "langue", "inconnu"])
def test_every_embed_says_first_which_parameter_it_cannot_read(client, each_embed, name):
    for address in each_embed:
        page = soup(client.get(address, {name: "zz"}))
        said = page.main.select_one(".notice--alert li strong")
        assert said and said.text == name, address
        assert said.find_previous(class_=["card", "points"]) is None, address


def test_a_colour_s_sheet_holds_colours_only(client, db):
    text = client.get("/integration/couleurs.css?accent=%2317493a").content.decode()
    assert "--accent: #17493a;" in text
    assert client.get("/integration/couleurs.css?accent=red;}body{display:none").content == b""
