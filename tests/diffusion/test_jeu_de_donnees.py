"""The open data as a data set: what its page tells people, and what portals harvest."""

import json
import re

import pytest
from bs4 import BeautifulSoup

from fiches.diffusion.opendata import fiche_table
from tests.factories import FichePageFactory

MEDIA = "https://www.iana.org/assignments/media-types/"


@pytest.fixture
def catalogue_nodes(client, epicerie):
    """``{type: [nodes]}`` of the catalogue."""
    response = client.get("/fiches/donnees.jsonld")
    assert (response["Content-Type"], response["Access-Control-Allow-Origin"]) == ("application/ld+json", "*")
    found = {}
    for node in response.json()["@graph"]:
        found.setdefault(node["@type"], []).append(node)
    return found


def test_a_portal_finds_the_set_its_files_and_its_api(catalogue_nodes):
    (catalogue,), (dataset,) = catalogue_nodes["dcat:Catalog"], catalogue_nodes["dcat:Dataset"]
    assert catalogue["dcat:dataset"] == {"@id": dataset["@id"]}
    assert dataset["dct:title"] == {"@value": "Innovations sociales en Franche-Comté", "@language": "fr"}
    assert dataset["dct:license"]["@id"] == "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
    assert dataset["dct:language"]["@id"].endswith("/language/FRA")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT.*Z", dataset["dct:modified"]["@value"])
    assert [file["@id"] for file in dataset["dcat:distribution"]] == [
        file["@id"] for file in catalogue_nodes["dcat:Distribution"]
    ]
    assert catalogue_nodes["dcat:DataService"][0]["dcat:servesDataset"] == {"@id": dataset["@id"]}


def test_what_is_told_of_a_file_is_so(client, catalogue_nodes):
    """Each address answers with the type that is told of it, and names the schema and the licence."""
    for file in catalogue_nodes["dcat:Distribution"]:
        response = client.get(file["dcat:downloadURL"]["@id"])
        assert response.status_code == 200
        assert response["Content-Type"].partition(";")[0] == file["dcat:mediaType"]["@id"].removeprefix(MEDIA)
        assert f'<{file["dct:conformsTo"]["@id"]}>; rel="describedby"' in response["Link"]
        assert f'<{file["dct:license"]["@id"]}>; rel="license"' in response["Link"]
    service = catalogue_nodes["dcat:DataService"][0]
    assert client.get(service["dcat:endpointDescription"]["@id"]).json()["openapi"] == "3.1.0"


def test_people_read_what_there_is_and_what_each_column_means(client, epicerie, tree):
    FichePageFactory(parent=tree.fiches, live=False)
    page = BeautifulSoup(client.get("/fiches/donnees/").content, "html.parser")
    text = " ".join(page.main.text.split())
    assert page.title.text.strip().startswith("Innovations sociales en Franche-Comté")
    assert page.select_one('link[rel="canonical"]')["href"] == "http://localhost/fiches/donnees/"
    assert "1 fiche." in text
    assert "une de ces valeurs : ess, classique" in text
    assert [node.text for node in page.select("dt code")] == [column["name"] for column in fiche_table.columns()]
    assert [link.text for link in page.select(".chips a")] == ["CSV", "XLSX", "GEOJSON", "JSON"]
    payload = json.loads(page.select_one('script[type="application/ld+json"]').string)
    assert "dcat:Dataset" in [node["@type"] for node in payload["@graph"]]
