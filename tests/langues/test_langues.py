"""Each language shows its own: no list, feed, answer or kept fragment of one holds what is another's."""

import re
from xml.etree import ElementTree

import orjson
import pytest
from bs4 import BeautifulSoup

from fiches import content_language
from fiches.query.fiche_filter import FicheFilter
from tests.langues.conftest import translate

ADDRESSES = {"fr": "", "en": "/en", "de": "/de"}
TITLES = {"fr": "La recette", "en": "The recipe", "de": "Das Rezept"}


def get_page(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return response, response.content.decode()


@pytest.mark.parametrize("code", ADDRESSES)
def test_a_list_shows_its_language_and_no_other(client, translations, code):
    _response, text = get_page(client, f"{ADDRESSES[code]}/fiches/")
    assert {title: title in text for title in TITLES.values()} == {
        title: language == code for language, title in TITLES.items()
    }
    assert ("Le vélo" in text) == (code == "fr")


def test_french_addresses_have_no_prefix_and_the_others_have_one(translations):
    assert [getattr(translations, code).fiche.url for code in ADDRESSES] == [
        "/fiches/la-recette/",
        "/en/fiches/la-recette/",
        "/de/fiches/la-recette/",
    ]


@pytest.mark.parametrize("code", ADDRESSES)
def test_a_page_says_in_which_language_it_is(client, translations, code):
    response, text = get_page(client, f"{ADDRESSES[code]}/fiches/la-recette/")
    assert response["Content-Language"] == code
    assert f'<html lang="{code}"' in text
    assert f'"inLanguage": "{code}"' in text
    assert f'property="og:locale" content="{ {"fr": "fr_FR", "en": "en_GB", "de": "de_DE"}[code] }"' in text
    assert "Accept-Language" not in response.get("Vary", "")


def alternates(text):
    links = BeautifulSoup(text, "html.parser").head.find_all("link", hreflang=True)
    return {link["hreflang"]: link["href"] for link in links}


def test_each_version_names_all_versions_and_the_french_one_for_everyone_else(client, translations):
    heads = [alternates(get_page(client, f"{start}/fiches/la-recette/")[1]) for start in ADDRESSES.values()]
    assert (
        heads[0]
        == heads[1]
        == heads[2]
        == {
            "fr": "http://localhost/fiches/la-recette/",
            "en": "http://localhost/en/fiches/la-recette/",
            "de": "http://localhost/de/fiches/la-recette/",
            "x-default": "http://localhost/fiches/la-recette/",
        }
    )


def test_the_switcher_names_each_language_in_itself(client, translations):
    _response, text = get_page(client, "/en/fiches/la-recette/")
    (switcher,) = BeautifulSoup(text, "html.parser").find_all("nav", class_="languages")
    assert [(a.text, a["lang"], a["hreflang"]) for a in switcher.find_all("a")] == [
        ("Français", "fr", "fr"),
        ("Deutsch", "de", "de"),
    ]
    assert [a["href"] for a in switcher.find_all("a")] == ["/fiches/la-recette/", "/de/fiches/la-recette/"]
    assert [(here.text, here.get("aria-current")) for here in switcher.find_all("span")] == [("English", "true")]


def described(client, address):
    """What oEmbed says of a page, asked as its head says."""
    link = BeautifulSoup(get_page(client, address)[1], "html.parser").find("link", type="application/json+oembed")
    return client.get(link["href"].removeprefix("http://testserver")).json()


@pytest.mark.parametrize("code", ADDRESSES)
@pytest.mark.parametrize("name", ["fiches", "fiche", "etape"])
def test_a_page_pasted_elsewhere_is_described_and_framed_in_its_language(client, translations, name, code):
    page = getattr(getattr(translations, code), name)
    told = described(client, page.url)
    assert told["author_url"] == page.full_url
    assert told["title"] in (page.title, "1 Innovation", "1 innovation", "2 innovations")
    frame = BeautifulSoup(told["html"], "html.parser").iframe
    assert frame["title"].startswith("Rally’nov")
    framed = BeautifulSoup(get_page(client, frame["src"].removeprefix("http://testserver"))[1], "html.parser")
    assert framed.html["lang"] == code
    assert told["title"] in framed.text


def test_a_translation_taken_offline_is_named_no_more(client, translations):
    translations.de.fiche.unpublish()
    _response, text = get_page(client, "/fiches/la-recette/")
    assert set(alternates(text)) == {"fr", "en", "x-default"}
    assert client.get("/de/fiches/la-recette/").status_code == 404


def test_what_is_in_french_only_is_not_shown_in_another_language(client, translations):
    assert client.get("/en/fiches/le-velo/").status_code == 404


def test_without_an_english_home_nothing_is_served_under_its_prefix(client, three_languages, tree):
    assert client.get("/en/").status_code == 404
    assert client.get("/en/fiches/").status_code == 404
    assert client.get("/fiches/").status_code == 200


def test_a_language_that_the_operator_did_not_choose_has_no_addresses(client, tree):
    assert client.get("/en/fiches/").status_code == 404
    assert client.get("/en/recherche/").status_code == 404


@pytest.mark.parametrize("code", ADDRESSES)
def test_feeds_and_the_map_are_in_one_language(client, translations, code):
    start = ADDRESSES[code]
    atom = ElementTree.fromstring(get_page(client, f"{start}/fiches/flux.atom")[0].content)
    assert atom.get("{http://www.w3.org/XML/1998/namespace}lang") == code
    titles = [
        node.text for node in atom.findall("{http://www.w3.org/2005/Atom}entry/{http://www.w3.org/2005/Atom}title")
    ]
    assert (TITLES[code] in titles, len(titles)) == (True, 2 if code == "fr" else 1)
    (stage,) = orjson.loads(get_page(client, f"/api/v1/etapes?langue={code}")[0].content)["items"]
    assert (stage["langue"], stage["titre"]) == (code, getattr(translations, code).etape.title)


def test_the_api_answers_in_french_unless_asked(client, translations):
    def titles(query="", **headers):
        response = client.get(f"/api/v1/fiches{query}", headers=headers)
        return sorted(item["titre"] for item in orjson.loads(response.content)["items"])

    assert titles() == ["La recette", "Le vélo"]
    assert titles(**{"accept-language": "en"}) == ["La recette", "Le vélo"]
    assert titles("?langue=en") == ["The recipe"]
    assert titles("?langue=de&q=Rezept") == ["Das Rezept"]


def test_the_api_refuses_a_language_that_there_is_not(client, translations):
    for address in ("/api/v1/fiches", "/api/v1/etapes", "/api/v1/fiches/la-recette"):
        response = client.get(f"{address}?langue=it")
        assert (response.status_code, list(orjson.loads(response.content)["parametres"])) == (400, ["langue"])


def test_one_address_name_in_three_languages_is_three_answers(client, translations):
    def one(query):
        return orjson.loads(client.get(f"/api/v1/fiches/la-recette{query}").content)

    found = [one(query) for query in ("", "?langue=en", "?langue=de")]
    assert [(each["titre"], each["langue"]) for each in found] == [(TITLES[code], code) for code in TITLES]
    assert len({each["uid"] for each in found}) == 1


def test_a_facet_counts_one_language(translations):
    with content_language.activated("en"):
        assert FicheFilter.parse(_query()).count == 1
    assert FicheFilter.parse(_query()).count == 2


def _query(text=""):
    from django.http import QueryDict

    return QueryDict(text)


def test_the_search_finds_what_is_in_its_language(client, translations):
    assert "The recipe" in get_page(client, "/en/recherche/?q=recipe")[1]
    assert "The recipe" not in get_page(client, "/recherche/?q=recipe")[1].split("<main")[1]
    suggestions = orjson.loads(client.get("/en/recherche/suggestions/?q=rec").content)["suggestions"]
    assert suggestions == ["The recipe"]
    assert orjson.loads(client.get("/recherche/suggestions/?q=rec").content)["suggestions"] == ["La recette"]


def test_what_one_process_keeps_of_one_language_serves_no_other(client, translations):
    for _twice in range(2):
        for code, start in ADDRESSES.items():
            text = get_page(client, f"{start}/fiches/la-recette/")[1]
            assert re.findall(r'<form class="find"[^>]* action="([^"]*)"', text) == [f"{start}/recherche/"], code
            assert [title for title in TITLES.values() if f">{title}<" in text.split("<main")[1]] == [TITLES[code]]


def test_a_kept_response_goes_when_its_translation_does(client, translations, enabled_response_cache):
    assert set(alternates(get_page(client, "/fiches/la-recette/")[1])) == {"fr", "en", "de", "x-default"}
    translations.en.fiche.unpublish()
    assert set(alternates(get_page(client, "/fiches/la-recette/")[1])) == {"fr", "de", "x-default"}


def test_the_etapes_of_a_fiche_are_those_of_its_language(client, translations):
    assert "Stage of Besançon" in get_page(client, "/en/fiches/la-recette/")[1]
    text = get_page(client, "/fiches/la-recette/")[1]
    assert ("Étape de Besançon" in text, "Stage of Besançon" in text) == (True, False)


def test_the_site_map_names_each_page_in_each_of_its_languages(client, translations):
    root = ElementTree.fromstring(get_page(client, "/sitemap.xml")[0].content)
    named = {node.text for node in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}
    assert {f"http://localhost{start}/fiches/la-recette/" for start in ADDRESSES.values()} <= named


def test_communication_may_make_a_translation_which_waits_for_its_review(client, three_languages, tree):
    from django.urls import reverse

    from tests.factories import FichePageFactory, UserFactory

    fiche = FichePageFactory(parent=tree.fiches, title="La recette", slug="la-recette")
    translate(tree.home, "en")
    translate(tree.fiches, "en")
    client.force_login(UserFactory(role="redaction"))
    address = reverse("simple_translation:submit_page_translation", args=[fiche.pk])
    english = content_language.locale_of("en")
    client.post(address, {"locales": [english]})
    copy = type(fiche).objects.get(translation_key=fiche.translation_key, locale=english)
    assert (copy.live, copy.get_workflow().name) == (False, "Relecture des fiches")
    client.force_login(UserFactory(role="partenaire"))
    assert client.get(address).status_code in (302, 403)
