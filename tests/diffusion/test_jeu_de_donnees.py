"""The open data as a data set: what its page tells people, and what search engines read."""

import json

from bs4 import BeautifulSoup

from fiches.diffusion import opendata
from tests.factories import FichePageFactory


def test_people_read_what_there_is_and_what_each_column_means(client, epicerie, tree):
    FichePageFactory(parent=tree.fiches, live=False)
    page = BeautifulSoup(client.get("/fiches/donnees/").content, "html.parser")
    text = " ".join(page.main.text.split())
    assert page.title.text.strip().startswith("Innovations sociales en Franche-Comté")
    assert page.select_one('link[rel="canonical"]')["href"] == "http://localhost/fiches/donnees/"
    assert "1 fiche." in text
    assert [node.text for node in page.select("dt code")] == [column["name"] for column in opendata.columns()]
    assert [link.text for link in page.select(".chips a")] == ["CSV", "GEOJSON"]
    payload = json.loads(page.select_one('script[type="application/ld+json"]').string)
    assert (payload["@type"], payload["name"]) == ("Dataset", "Innovations sociales en Franche-Comté")
