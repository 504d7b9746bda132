"""The partner API's other resources, and how every address behaves."""

import datetime
import json
import re
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.utils import timezone
from ninja import Schema
from wagtail.models import Locale

from etapes.models import PresentationDeFiche
from fiches.diffusion import rate_limit
from fiches.diffusion.api import problems
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


def test_each_name_of_the_description_is_one_shape():
    """Django Ninja names a shape by its class: of two with one name, the description would hold one, for both."""
    classes = [Schema]
    for each in classes:
        classes += each.__subclasses__()
    named = {
        (each.__name__, each.__module__)
        for each in classes
        if each.__module__.startswith(("fiches.", "etapes.", "home.", "search."))
    }
    assert [name for name, number in Counter(name for name, _module in named).items() if number > 1] == []


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


def test_each_operation_has_a_name_words_and_a_tag_that_is_explained(openapi):
    tags = {tag["name"] for tag in openapi["tags"]}
    names = []
    for operations in openapi["paths"].values():
        operation = operations["get"]
        names.append(operation["operationId"])
        assert operation["summary"] and operation["description"] and set(operation["tags"]) <= tags
    assert len(set(names)) == len(names)
    assert [name for name in names if not re.fullmatch(r"[a-z]+([A-Z][a-z]*)*", name)] == []
    assert openapi["info"]["license"]["name"] == "Licence Ouverte 2.0"
    assert openapi["info"]["contact"]["name"] == "Rally’nov"
    assert openapi["paths"]["/api/v1/apercu"]["get"]["parameters"][0]["required"] is True


def test_each_parameter_is_described(openapi):
    parameters = [one for each in openapi["paths"].values() for one in each["get"].get("parameters", ())]
    assert len(parameters) > 80
    assert {one["name"] for one in parameters if not one.get("description")} == set()


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
    monkeypatch.setattr(rate_limit, "time", SimpleNamespace(time=lambda: 60 * 30_000_000))
    answers["429"] = [client.get("/api/v1/fiches") for _request in range(2)][1]
    for status, answer in answers.items():
        assert (str(answer.status_code), answer["Content-Type"]) == (status, "application/problem+json")
        assert [example for example in examples[status] if example != answer.json()] == []


def test_people_read_the_description_without_a_script(client, home_page):
    page = client.get("/api/v1/", follow=True)
    assert page.redirect_chain == [("/api/v1/docs", 302)]
    page = page.content.decode()
    assert "GET /api/v1/fiches/{slug}" in page
    assert "<script" not in page.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("resource", RESOURCES)
def test_each_list_is_as_described_even_when_empty(read, tree, resource):
    data = read(resource).json()
    if resource not in ("fiches.geojson", "facettes"):
        assert (data["count"], data["items"]) == (0, [])


@pytest.mark.parametrize(
    ("address", "parameter"),
    [
        ("grille?q=pain", "q"),
        ("partenaires?departement=39", "departement"),
        ("palmares?edition=2013", "edition"),
        ("etapes?sphere=ess", "sphere"),
        ("etapes?curseur=2013-04-16~1", "curseur"),
        ("etapes/besancon?depuis=2026-01-01", "depuis"),
        ("fiches/epicerie?fields=titre", "fields"),
        ("suppressions?depuis=2026-01-01&depuis=2026-02-01", "depuis"),
        ("etapes?page=2&page=1", "page"),
    ],
)
def test_what_a_list_does_not_take_is_refused_rather_than_ignored(client, etape, address, parameter):
    """Who asks for one edition's prizes and gets them all would publish the wrong ones."""
    response = client.get(f"/api/v1/{address}")
    assert (response.status_code, list(response.json()["parametres"])) == (400, [parameter])


@pytest.mark.parametrize(("name", "value"), [("langue", "zzz"), ("format", "xml"), ("page", "zzz"), ("inconnu", "1")])
def test_no_resource_ignores_what_it_cannot_read(client, etape, openapi, name, value):
    """A draft's token opens that draft alone, whatever else its front end's own query says."""
    paths = {path.format(slug="epicerie") for path in openapi["paths"]} - {"/api/v1/apercu"}
    paths = {path.replace("etapes/epicerie", "etapes/besancon") for path in paths if "carnets/" not in path}
    answers = {path: client.get(path, {name: value}) for path in paths}
    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(paths, 400)
    assert all(list(answer.json()["parametres"]) == [name] for answer in answers.values())


@pytest.mark.parametrize(
    "address", ["palmares?utm_source=lettre&langue=fr", "fiches/epicerie?", "etapes?page=1&page=1"]
)
def test_what_newsletters_add_and_what_says_nothing_new_is_taken(client, etape, address):
    assert client.get(f"/api/v1/{address}").status_code == 200


def test_past_the_end_nothing_else_is_promised(client, etape):
    said = {"page": "Il n’y a pas de page 9."}
    assert [client.get(f"/api/v1/{name}?page=9").json()["parametres"] for name in ("fiches", "etapes")] == [said, said]


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


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_of_etapes_costs_three_queries_at_any_size(read, tree, number, django_assert_num_queries):
    EtapePageFactory.create_batch(number, parent=tree.etapes)
    read("etapes?par_page=50")
    with django_assert_num_queries(3):
        assert len(read("etapes?par_page=50").json()["items"]) == number


def test_a_carnet_names_only_what_is_public(read, tree, epicerie):
    draft = FichePageFactory(parent=tree.fiches, live=False)
    body = [{"type": "fiches", "value": {"titre": "À lire", "fiches": [epicerie.pk, draft.pk]}}]
    CarnetPageFactory(parent=tree.carnets, slug="n1", corps=json.dumps(body))
    assert read("carnets/n1").json()["corps"] == [{"type": "fiches", "titre": "À lire", "ids": [epicerie.pk]}]


@pytest.mark.parametrize("number", [1, 30])
def test_the_grid_and_the_partners_cost_the_same_at_any_size(read, epicerie, number, django_assert_num_queries):
    PartenaireFactory.create_batch(number)
    with django_assert_num_queries(2):
        read("partenaires")
    with django_assert_num_queries(3):
        read("grille")


def test_what_a_client_has_is_not_sent_again(read, epicerie, client, django_assert_num_queries):
    first = read("fiches")
    with django_assert_num_queries(1):
        again = client.get("/api/v1/fiches", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/api/v1/fiches", headers={"if-modified-since": first["Last-Modified"]}).status_code == 304
    epicerie.title = "Autre"
    epicerie.save_revision().publish()
    assert client.get("/api/v1/fiches", headers={"if-none-match": first["ETag"]}).status_code == 200


def test_a_fiche_that_expires_changes_the_answer_by_itself(read, epicerie, client, monkeypatch):
    epicerie.expire_at = timezone.now() + datetime.timedelta(hours=1)
    epicerie.save_revision().publish()
    tag = read("fiches")["ETag"]
    assert client.get("/api/v1/fiches", headers={"if-none-match": tag}).status_code == 304
    monkeypatch.setattr(timezone, "now", lambda: epicerie.expire_at)
    assert client.get("/api/v1/fiches", headers={"if-none-match": tag}).status_code == 200


def test_an_import_in_bulk_changes_the_answer(read, epicerie, client):
    """Nothing is signalled then: the index, made anew, tells."""
    from fiches.publications.ledger import rebuild

    tag = read("fiches")["ETag"]
    rebuild()
    assert client.get("/api/v1/fiches", headers={"if-none-match": tag}).status_code == 200


def test_any_site_may_read(read, epicerie, client):
    assert read("fiches")["Access-Control-Allow-Origin"] == "*"
    preflight = client.options("/api/v1/fiches")
    assert preflight.status_code == 204
    assert "If-None-Match" in preflight["Access-Control-Allow-Headers"]


def test_answers_are_compressed(read, epicerie, client):
    response = client.get("/api/v1/fiches", headers={"accept-encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response["Vary"]


def test_nobody_writes(client, tree):
    response = client.post("/api/v1/fiches", {}, content_type="application/json")
    assert (response.status_code, response["Content-Type"]) == (405, "application/problem+json")


def test_an_address_that_is_not_there_is_a_problem(client, tree):
    response = client.get("/api/v1/inconnu")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize(("seconds", "words"), [(1, "dans 1 seconde,"), (60, "dans 60 secondes,")])
def test_the_time_to_wait_is_in_words_that_are_right_for_one(seconds, words):
    assert words in json.loads(problems.too_many(seconds).content)["detail"]


def test_a_client_is_told_what_it_may_still_ask_and_refused_past_it(client, tree, settings):
    settings.RALLYNOV_API_QUOTA = 2
    cache.clear()
    assert client.get("/api/v1/grille")["RateLimit"].startswith('"client";r=1;t=')
    client.get("/api/v1/grille")
    refused = client.get("/api/v1/grille")
    assert (refused.status_code, refused["Content-Type"]) == (429, "application/problem+json")
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert client.get("/api/v1/grille", REMOTE_ADDR="10.0.0.9").status_code == 200


def test_no_cookie_is_set(client, epicerie):
    assert not client.get("/api/v1/fiches").cookies


def test_a_site_in_one_language_says_it_of_what_went_as_of_what_is_there(read, tree, epicerie, commit):
    """The locale that Wagtail made may be another than the site's language, where its translations are off."""
    with commit():
        Locale.objects.update(language_code="en")
        epicerie.save()
    there = read("pages?type=fiche").json()["items"][0]["langue"]
    epicerie.unpublish()
    assert [there] == [gone["langue"] for gone in read("suppressions").json()["items"]] == ["fr"]
