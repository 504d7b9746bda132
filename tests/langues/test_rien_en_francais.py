"""The interface in German: not one of its French words is left, but where it is marked as French (WCAG 3.1.2)."""

import datetime

import pytest
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from bs4.element import PreformattedString

from etapes.models import EtapePage
from tests.factories import CritereFactory, DimensionFactory, PartenaireFactory
from tools.translations import catalogues

PAGES = [
    *("/de/", "/de/fiches/", "/de/fiches/?departement=25&q=Rezept", "/de/fiches/la-recette/", "/de/fiches/suivre/"),
    *("/de/fiches/donnees/", "/de/etapes/", "/de/etapes/besancon/", "/de/etapes/besancon/inscription/"),
    *("/de/recherche/", "/de/recherche/?q=Rezept", "/de/recherche/?q=zzzz", "/de/candidature/", "/de/signaler/"),
    *("/de/candidature/lien-envoye/", "/de/plan-du-site/", "/de/rien/"),
]


def normal(text):
    return " ".join(str(text).split())


@pytest.fixture(scope="module")
def french():
    """The texts of the French catalogues, less those that are the same in German."""

    def texts(language):
        for po in catalogues(language):
            with po.open("rb") as file:
                for message in read_po(file):
                    said = message.string if isinstance(message.string, tuple) else (message.string,)
                    yield from (normal(each) for each in said if message.id)

    return {text for text in texts("fr") if len(text) > 3} - set(texts("de"))


def unmarked(html):
    """The texts that are said to be German."""
    page = BeautifulSoup(html, "html.parser")
    for element in page.find_all(["script", "style", "code"]):
        element.decompose()
    for element in page.find_all(lang=True):
        if element.name != "html" and element["lang"] != "de":
            element.decompose()
    words = [normal(text) for text in page.find_all(string=True) if not isinstance(text, PreformattedString)]
    named = [
        normal(each[name]) for name in ("aria-label", "alt", "title") for each in page.find_all(attrs={name: True})
    ]
    return {*words, *named}


@pytest.mark.parametrize("address", PAGES)
def test_nothing_of_the_interface_is_in_french(client, world, french, address):
    CritereFactory(dimension=DimensionFactory())
    PartenaireFactory(roles=["financeur", "organisateur"])
    EtapePage.objects.update(inscriptions="ouvertes", date=datetime.date.today() + datetime.timedelta(days=3))
    answer = client.get(address, follow=True)
    assert answer.status_code == (404 if address == "/de/rien/" else 200)
    assert sorted(unmarked(answer.content) & french) == []
