"""One question, asked everywhere it can be: the list, the API, the feeds, the exports, the map, the embeds and the alerts
give the same fiches in the same order, and what one of them can't read, none reads otherwise."""

import csv
import io
import re
from xml.etree import ElementTree

import orjson
import pytest
from django.http import QueryDict

from fiches.diffusion import alerts
from fiches.query.fiche_filter import FicheFilter

QUESTIONS = [
    "",
    "q=épicerie",
    "q=L’ÉPICERIE",
    "q=inovation",
    "q=travaux&departement=90&departement=70",
    "q=solidaire camion introuvablement",
    "centree-sur=territoire&en-lien-avec=legislation",
    "departement=25&sphere=classique&effectif=10-19",
    "commune=ornans",
    "edition=2014&tri=titre",
    "partenaire=reseau-cress&mot-cle=gouvernance",
    "bbox=6.8,47.6,6.9,47.7",
    "autour=47.62,6.86&rayon=5",
    "q=coopérative&tri=recent",
    "statut=association&statut=scic&tri=titre",
    "depuis=2026-05-20",
    "q=zzzzzzzz",
]
UNREADABLE = [
    ("departement=75&sphere=ess", "departement"),
    ("bbox=nan,nan,nan,nan", "bbox"),
    ("autour=nan,6", "autour"),
    ("page=1e20", "page"),
    ("page=1&page=2", "page"),
    ("couleur=bleu", "couleur"),
    ("q=%22%22", "q"),
    ("q=" + "mot " * 2000, "q"),
    ("tri=hasard", "tri"),
    ("prime=2", "prime"),
]
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def in_atom(client, query):
    root = ElementTree.fromstring(client.get("/fiches/flux.atom", query).content)
    return [link.get("href") for link in root.findall("a:entry/a:link[@rel='alternate']", ATOM)]


def in_csv(client, query):
    content = client.get("/fiches/donnees.csv", query).getvalue().decode("utf-8-sig")
    return [row["url"] for row in csv.DictReader(io.StringIO(content))]


def in_list(client, query):
    content = client.get("/fiches/", query).content.decode()
    return [f"http://localhost{path}" for path in re.findall(r'class="card__link" href="([^"?]+)', content)]


def in_json(address, key, *path):
    def ask(client, query):
        items = orjson.loads(client.get(address, query).getvalue())[key]
        for name in path:
            items = [item[name] for item in items]
        return [item["url"] for item in items]

    return ask


SURFACES = {
    "list": in_list,
    "API": in_json("/api/v1/fiches", "items"),
    "Atom": in_atom,
    "CSV": in_csv,
    "GeoJSON": in_json("/fiches/donnees.geojson", "features", "properties"),
    "API's GeoJSON": in_json("/api/v1/fiches.geojson", "features", "properties"),
}


@pytest.fixture
def everywhere(corpus, client, db, settings):
    settings.RALLYNOV_API_QUOTA = 0
    return client


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_same_fiches_in_the_same_order_everywhere(everywhere, corpus, question):
    query = QueryDict(question, mutable=True)
    expected = FicheFilter.parse(query).ids
    urls = {fiche.full_url: fiche.pk for fiche in corpus.values()}
    query["par_page"] = "100"
    for name, ask in SURFACES.items():
        assert (name, [urls[url] for url in ask(everywhere, query)]) == (name, expected)
    embed = everywhere.get("/integration/liste/", query).content.decode()
    assert sorted((embed.index(f'href="{url}'), pk) for url, pk in urls.items() if f'href="{url}' in embed) == [
        (embed.index(f'href="{url}'), pk) for pk in expected for url, known in urls.items() if known == pk
    ]
    dots = everywhere.get("/fiches/carte.geojson", query).json()["features"]
    assert {dot["id"] for dot in dots} == set(expected)


@pytest.mark.parametrize("question", [question for question in QUESTIONS if "tri=" not in question])
def test_an_alert_follows_what_the_list_shows(everywhere, corpus, question):
    query_filter = FicheFilter.parse(QueryDict(question))
    followed = alerts.question_of(query_filter)
    told = alerts.matching(followed, dict.fromkeys(fiche.pk for fiche in corpus.values()))
    assert told == FicheFilter.parse(QueryDict(followed)).ids
    if "depuis" not in question:
        assert told == query_filter.ids


def test_the_map_beside_a_list_can_read_what_the_list_made_of_a_long_search(everywhere):
    page = everywhere.get("/fiches/?q=" + "+".join(f"mot{number}" for number in range(100)))
    assert page.context["recherche"].errors.keys() == {"q"}
    query = page.context["recherche"].querystring()
    assert f'data-query="{query}"' in page.content.decode()
    assert everywhere.get(f"/fiches/carte.geojson?{query}").status_code == 200


@pytest.mark.parametrize(("question", "parameter"), UNREADABLE)
def test_what_one_cannot_read_none_reads_otherwise(everywhere, question, parameter):
    for address in (
        "/api/v1/fiches",
        "/api/v1/facettes",
        "/api/v1/fiches.geojson",
        "/fiches/carte.geojson",
        "/fiches/flux.atom",
        "/fiches/donnees.csv",
    ):
        answer = everywhere.get(f"{address}?{question}")
        assert (address, answer.status_code) == (address, 400)
        assert parameter in answer.content.decode()
    for address in ("/fiches/", "/fiches/suivre/", "/integration/liste/", "/integration/carte/"):
        answer = everywhere.get(f"{address}?{question}")
        assert (address, answer.status_code) == (address, 200)
        assert (
            f"<strong>{parameter}</strong>" in answer.content.decode()
            or parameter in answer.context["recherche"].errors
        )
    assert everywhere.get(f"/fiches/suggestions.json?{question}").status_code == 200
