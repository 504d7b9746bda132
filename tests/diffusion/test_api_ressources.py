"""The partner API's other resources, and how every address behaves."""

import datetime
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.utils import timezone

from etapes.models import PresentationDeFiche
from fiches.content_language import languages
from fiches.diffusion.api import urls
from fiches.models import Dimension
from tests.factories import CarnetPageFactory, CritereFactory, EtapePageFactory, FichePageFactory, PartenaireFactory

SNAPSHOT = Path(__file__).with_name("openapi.json")
RESOURCES = [
    "fiches",
    "fiches.geojson",
    "facettes",
    "grille",
    "etapes",
    "partenaires",
    "palmares",
    "carnets",
    "suppressions",
    "redirections",
    "recherche",
]


@pytest.fixture
def etape(tree, epicerie):
    etape = EtapePageFactory(
        parent=tree.etapes,
        slug="besancon",
        numero=3,
        commune_id="25056",
        organisateurs=[PartenaireFactory(nom="Chambre", slug="chambre")],
        programme=json.dumps(
            [{"type": "debat", "value": {"debut": "14:00:00", "titre": "Partager", "texte": "<p>Comment ?</p>"}}]
        ),
    )
    PresentationDeFiche.objects.create(etape=etape, fiche=epicerie)
    return etape


def test_the_description_is_the_one_that_was_promised(openapi):
    """A difference that removes or retypes is a breaking change; else write the new one down (see CONTRIBUTING)."""
    assert openapi == json.loads(SNAPSHOT.read_text())


def test_a_language_is_one_of_those_of_the_site_in_questions_and_in_answers(openapi):
    schemas = openapi["components"]["schemas"]
    plain = {
        name: shape["properties"]["langue"]
        for name, shape in schemas.items()
        if name != "Reference" and "langue" in shape.get("properties", ())
    }
    assert len(plain) > 8
    assert {name: shape.get("enum") for name, shape in plain.items()} == dict.fromkeys(plain, languages())


def test_the_description_is_published_with_the_grid_in_force(client, openapi, epicerie, django_assert_num_queries):
    published = client.get("/api/v1/openapi.json").json()
    assert published["openapi"] == "3.1.0"
    assert set(published["paths"]) == set(openapi["paths"])
    for path in ("fiches", "fiches.geojson", "facettes", "recherche"):
        parameters = {one["name"]: one for one in published["paths"][f"/api/v1/{path}"]["get"]["parameters"]}
        assert parameters["centree-sur"]["schema"] == {
            "type": "array",
            "items": {"type": "string", "enum": ["entreprise", "territoire"]},
        }
    with django_assert_num_queries(1):  # is it still the truth?
        client.get("/api/v1/openapi.json")
    CritereFactory(dimension=Dimension.objects.get(slug="centree-sur"), name="habitant")
    published = client.get("/api/v1/openapi.json").json()
    parameters = {one["name"]: one for one in published["paths"]["/api/v1/fiches"]["get"]["parameters"]}
    assert parameters["centree-sur"]["schema"]["items"]["enum"] == ["entreprise", "territoire", "habitant"]


def test_the_example_of_each_problem_is_what_the_api_answers(client, openapi, tree, settings, monkeypatch):
    examples = {}
    for operations in openapi["paths"].values():
        for status, response in operations["get"]["responses"].items():
            for kind, content in response.get("content", {}).items():
                if kind == "application/problem+json":
                    examples.setdefault(status, []).append(content["example"])
    assert set(examples) == {"400", "404", "429"}
    answers = {"400": client.get("/api/v1/fiches?departement=99"), "404": client.get("/api/v1/fiches/rien")}
    settings.RALLYNOV_API_QUOTA = 1
    monkeypatch.setattr(urls, "time", SimpleNamespace(time=lambda: 60 * 30_000_000))
    answers["429"] = [client.get("/api/v1/fiches") for _request in range(2)][1]
    for status, answer in answers.items():
        assert (str(answer.status_code), answer["Content-Type"]) == (status, "application/problem+json")
        assert [example for example in examples[status] if example != answer.json()] == []


@pytest.mark.parametrize("resource", RESOURCES)
def test_each_list_is_as_described_even_when_empty(read, tree, resource):
    data = read(resource).json()
    if resource not in ("fiches.geojson", "facettes"):
        assert (data["count"], data["items"]) == (0, [])


def test_every_parameter_of_the_query_language_is_described(openapi):
    """DESIGN 5; each dimension's own is at ``/grille``."""
    told = [parameter["name"] for parameter in openapi["paths"]["/api/v1/fiches"]["get"]["parameters"]]
    assert told[:11] == [
        "q",
        "departement",
        "commune",
        "sphere",
        "statut",
        "effectif",
        "edition",
        "mot-cle",
        "partenaire",
        "prime",
        "etape",
    ]


def test_an_etape_is_told_whole_without_invented_hours(read, etape):
    data = read("etapes/besancon").json()
    assert (data["numero"], data["date"], data["debut"], data["moment"]) == (3, "2013-04-16", None, "apres-midi")
    assert data["programme"][0]["debut"] == "14:00"
    assert data["programme"][0]["texte"] == "Comment ?"
    assert [organiser["nom"] for organiser in data["organisateurs"]] == ["Chambre"]
    assert [fiche["slug"] for fiche in data["fiches"]] == ["epicerie"]


def test_a_fiche_names_its_etapes_as_they_stand(read, etape):
    assert [found["numero"] for found in read("fiches/epicerie").json()["etapes"]] == [3]
    etape.numero = 4
    etape.save_revision().publish()
    assert [found["numero"] for found in read("fiches/epicerie").json()["etapes"]] == [4]
    etape.unpublish()
    assert read("fiches/epicerie").json()["etapes"] == []


def test_a_carnet_names_only_what_is_public(read, tree, epicerie):
    draft = FichePageFactory(parent=tree.fiches, live=False)
    body = [{"type": "fiches", "value": {"titre": "À lire", "fiches": [epicerie.pk, draft.pk]}}]
    CarnetPageFactory(parent=tree.carnets, slug="n1", corps=json.dumps(body))
    assert read("carnets/n1").json()["corps"] == [{"type": "fiches", "titre": "À lire", "ids": [epicerie.pk]}]


def test_a_fiche_that_expires_changes_the_answer_by_itself(read, epicerie, client, monkeypatch):
    epicerie.expire_at = timezone.now() + datetime.timedelta(hours=1)
    epicerie.save_revision().publish()
    tag = read("fiches")["ETag"]
    assert client.get("/api/v1/fiches", headers={"if-none-match": tag}).status_code == 304
    monkeypatch.setattr(timezone, "now", lambda: epicerie.expire_at)
    assert client.get("/api/v1/fiches", headers={"if-none-match": tag}).status_code == 200


def test_nobody_writes(client, tree):
    response = client.post("/api/v1/fiches", {}, content_type="application/json")
    assert (response.status_code, response["Content-Type"]) == (405, "application/problem+json")


def test_an_address_that_is_not_there_is_a_problem(client, tree):
    response = client.get("/api/v1/inconnu")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


def test_a_client_is_told_what_it_may_still_ask_and_refused_past_it(client, tree, settings):
    settings.RALLYNOV_API_QUOTA = 2
    cache.clear()
    assert client.get("/api/v1/grille")["RateLimit"].startswith('"client";r=1;t=')
    client.get("/api/v1/grille")
    refused = client.get("/api/v1/grille")
    assert (refused.status_code, refused["Content-Type"]) == (429, "application/problem+json")
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert client.get("/api/v1/grille", REMOTE_ADDR="10.0.0.9").status_code == 200
