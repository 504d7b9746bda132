"""The interface in German: not one of its French words is left, but where it is marked as French (WCAG 3.1.2)."""

import datetime

import pytest
from bs4 import BeautifulSoup
from bs4.element import PreformattedString

from etapes.models import EtapePage
from tests.factories import CritereFactory, DimensionFactory, PartenaireFactory
from tools.translations import catalogues, read

PAGES = [
    *("/de/", "/de/fiches/", "/de/fiches/?departement=25&q=Rezept", "/de/fiches/la-recette/", "/de/fiches/suivre/"),
    *("/de/fiches/donnees/", "/de/etapes/", "/de/etapes/besancon/", "/de/etapes/besancon/inscription/"),
    *("/de/recherche/", "/de/recherche/?q=Rezept", "/de/recherche/?q=zzzz", "/de/candidature/", "/de/signaler/"),
    *("/de/candidature/lien-envoye/", "/de/plan-du-site/", "/de/rien/"),
    *(
        "/de/integration/",
        "/de/integration/?type=fiche",
        "/de/integration/?accent=gelb",
        "/integration/liste/?langue=de",
    ),
    *("/integration/carte/?langue=de", "/integration/fiche/la-recette/?langue=de", "/integration/etapes/?langue=de"),
]


def with_plain_spaces(text):
    return " ".join(str(text).split())


@pytest.fixture(scope="module")
def french():
    """The texts of the French catalogues, less those that are the same in German."""

    def texts(language):
        for po in catalogues(language):
            for message in read(po):
                said = message.msgstr_plural.values() if message.msgid_plural else [message.msgstr]
                yield from map(with_plain_spaces, said)

    return {text for text in texts("fr") if len(text) > 3} - set(texts("de"))


def unmarked(html):
    """The texts that are said to be German."""
    page = BeautifulSoup(html, "html.parser")
    for element in page.find_all(["script", "style", "code"]):
        element.decompose()
    for element in page.find_all(lang=True):
        if element.name != "html" and element["lang"] != "de":
            element.decompose()
    words = [with_plain_spaces(text) for text in page.find_all(string=True) if not isinstance(text, PreformattedString)]
    named = [
        with_plain_spaces(each[name])
        for name in ("aria-label", "alt", "title")
        for each in page.find_all(attrs={name: True})
    ]
    return {*words, *named}


def test_nothing_of_the_interface_is_in_french(client, translations, french):
    CritereFactory(dimension=DimensionFactory())
    PartenaireFactory(roles=["financeur", "organisateur"])
    EtapePage.objects.update(inscriptions="ouvertes", date=datetime.date.today() + datetime.timedelta(days=3))
    for address in PAGES:
        answer = client.get(address, follow=True)
        assert answer.status_code == (404 if address == "/de/rien/" else 200), address
        assert sorted(unmarked(answer.content) & french) == [], address


def test_a_german_builder_makes_german_embeds(client, translations):
    page = BeautifulSoup(client.get("/de/integration/?type=liste").content, "html.parser")
    frame = page.find("iframe")["src"]
    assert frame == "/integration/liste/?langue=de"
    shown = BeautifulSoup(client.get(frame).content, "html.parser")
    assert (shown.html["lang"], shown.find(class_="card__title").a.contents[0]) == ("de", "Das Rezept")
    assert shown.find(class_="cadre__more")["href"] == "http://localhost/de/fiches/"
    one = BeautifulSoup(client.get("/de/integration/?type=fiche&nom=Das+Rezept").content, "html.parser")
    assert one.find("iframe")["src"] == f"/integration/fiche/{translations.de.fiche.translation_key}/?langue=de"
    french = BeautifulSoup(client.get("/integration/?type=liste").content, "html.parser")
    assert french.find("iframe")["src"] == "/integration/liste/"
    assert BeautifulSoup(client.get("/integration/liste/").content, "html.parser").html["lang"] == "fr"
