"""Open data: what its schema says, whatever the query, and safe in a spreadsheet."""

import csv
import io
import json
import re
from uuid import UUID

import pytest

from tests.factories import FichePageFactory

FORMATS = ["csv", "geojson"]


def body(response):
    return b"".join(response) if response.streaming else response.content


def table(client, query=""):
    text = body(client.get(f"/fiches/donnees.csv{query}")).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def faults(field, text):
    """What is wrong with one cell of the CSV, by the Table Schema specification."""
    rules = field.get("constraints", {})
    if text == "":
        return ["required"] if rules.get("required") else []
    readers = {
        "integer": int,
        "number": float,
        "boolean": {"true": True, "false": False}.__getitem__,
        "datetime": lambda value: re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", value).group(),
        "string": UUID if field.get("format") == "uuid" else str,
    }
    value = readers[field["type"]](text)
    found = []
    if "enum" in rules and text not in rules["enum"]:
        found.append("enum")
    if "pattern" in rules and not re.fullmatch(rules["pattern"], text):
        found.append("pattern")
    if "minimum" in rules and value < rules["minimum"]:
        found.append("minimum")
    return found


def test_the_published_schema_validates_the_file(client, epicerie, tree):
    FichePageFactory(parent=tree.fiches)
    schema = client.get("/fiches/schema.json").json()
    rows = table(client)
    assert schema["path"] == "http://localhost/fiches/schema.json"
    assert [field["name"] for field in schema["fields"]] == list(rows[0])
    assert [faults(field, row[field["name"]]) for row in rows for field in schema["fields"]].count([]) == len(
        rows
    ) * len(schema["fields"])
    assert len({row[schema["primaryKey"]] for row in rows}) == 2


def test_a_row_tells_the_fiche_and_under_which_licence(client, epicerie):
    (row,) = table(client)
    assert row["titre"] == "L’épicerie qui partage"
    assert (row["centree-sur"], row["mots_cles"], row["edition"]) == ("entreprise", "pain", "2013")
    assert (row["latitude"], row["code_insee"], row["exemple"]) == ("47.24", "25056", "false")
    assert row["licence"].startswith("Licence Ouverte 2.0")
    assert row["source"] == "Rally’nov"


def test_geojson_leaves_no_fiche_out(client, epicerie, tree):
    other = FichePageFactory(parent=tree.fiches)
    data = json.loads(body(client.get("/fiches/donnees.geojson")))
    places = {feature["id"]: feature["geometry"] for feature in data["features"]}
    assert places == {epicerie.pk: {"type": "Point", "coordinates": [6.02, 47.24]}, other.pk: None}
    assert data["attribution"].startswith("Rally’nov")


@pytest.mark.parametrize("title", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "|calc", "%x"])
def test_nothing_is_a_formula(client, tree, title):
    FichePageFactory(parent=tree.fiches, title=f"{title} titre", slug="formule")
    assert table(client)[0]["titre"].startswith("'")


@pytest.mark.parametrize("extension", FORMATS)
def test_any_query_can_be_taken_and_nothing_private_is(client, epicerie, tree, extension):
    FichePageFactory(parent=tree.fiches, title="Ailleurs", commune_id="39300")
    text = body(client.get(f"/fiches/donnees.{extension}?departement=25")).decode()
    assert "L’épicerie qui partage" in text
    assert not [marker for marker in ("Ailleurs", "QZX", "QZY", "contact_courriel") if marker in text]


@pytest.mark.parametrize("query", ["departement=zz", "centree-sur=zz", "zzz=1", "departement=25&zzz=1"])
def test_the_map_refuses_what_the_api_refuses(client, tree, query):
    response, api = (client.get(f"{path}?{query}") for path in ("/fiches/carte.geojson", "/api/v1/fiches.geojson"))
    assert (response.status_code, response["Content-Type"], response.json()) == (400, api["Content-Type"], api.json())
    assert client.get("/fiches/carte.geojson?departement=25&utm_source=x").status_code == 200


def test_the_list_offers_the_query_shown_and_describes_the_data(client, epicerie):
    page = client.get("/fiches/?departement=25").content.decode()
    assert 'href="/fiches/donnees.csv?departement=25"' in page
    block = re.search(r'<script type="application/ld\+json">(\{[^<]*"Dataset"[^<]*\})</script>', page)
    data = json.loads(block[1])
    assert [file["contentUrl"] for file in data["distribution"]] == [
        f"http://localhost/fiches/donnees.{extension}" for extension in FORMATS
    ]
