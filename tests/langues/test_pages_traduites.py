"""Pages and what surrounds them, read by a front end in each language."""

from xml.etree import ElementTree

import pytest

pytestmark = pytest.mark.django_db


def test_a_page_names_its_translations_and_is_found_in_each(translations, client):
    page = client.get("/api/v1/pages", {"chemin": translations.fr.fiche.url}).json()["items"][0]
    assert page["traductions"] == [
        {"langue": code, "chemin": copy.url, "url": f"http://localhost{copy.url}"}
        for code, copy in (("en", translations.en.fiche), ("de", translations.de.fiche))
    ]
    english = client.get("/api/v1/pages", {"chemin": translations.en.fiche.url}).json()["items"][0]
    assert (english["langue"], english["titre"], english["uid"]) == ("en", "The recipe", page["uid"])
    assert [step["titre"] for step in english["fil"]] == ["Home", "Innovations", "The recipe"]
    assert english["fiche"]["langue"] == "en"


def test_pages_are_listed_in_one_language(translations, client):
    assert {page["langue"] for page in client.get("/api/v1/pages?langue=en").json()["items"]} == {"en"}
    assert {page["langue"] for page in client.get("/api/v1/pages").json()["items"]} == {"fr"}


def test_the_site_says_its_languages_and_its_home_in_each(translations, client):
    site = client.get("/api/v1/site?langue=en").json()
    assert (site["langue"], site["url"]) == ("en", "http://localhost/en/")
    assert [(each["code"], each["url"]) for each in site["langues"]] == [
        ("fr", "http://localhost/"),
        ("en", "http://localhost/en/"),
        ("de", "http://localhost/de/"),
    ]


def test_a_withdrawn_translation_says_its_language(translations, client):
    address = translations.en.fiche.full_url
    translations.en.fiche.unpublish()
    (gone,) = client.get("/api/v1/suppressions").json()["items"]
    assert (gone["langue"], gone["url"], gone["uid"]) == ("en", address, str(translations.fr.fiche.translation_key))


def test_a_feed_asked_in_another_language_has_the_fiches_of_that_language(translations, client):
    for address in ("/fiches/flux.atom", "/en/fiches/flux.atom"):
        titles = {code: _titles_of(client, f"{address}?langue={code}") for code in ("fr", "en", "de")}
        assert titles == {"fr": {"La recette", "Le vélo"}, "en": {"The recipe"}, "de": {"Das Rezept"}}


def _titles_of(client, address):
    feed = ElementTree.fromstring(client.get(address).content)
    return {node.text for node in feed.findall("{http://www.w3.org/2005/Atom}entry/{http://www.w3.org/2005/Atom}title")}
