"""What étapes add to finding fiches."""

import datetime

import pytest
from django.http import QueryDict

from etapes.models import PresentationDeFiche
from fiches.models import Commune
from fiches.query.fiche_filter import FicheFilter
from tests.factories import EtapePageFactory, FichePageFactory

pytestmark = pytest.mark.django_db


def ask(query):
    return FicheFilter.parse(QueryDict(query))


def test_the_fiches_of_an_etape_are_asked_for_by_its_slug(tree):
    shown, _other = FichePageFactory(parent=tree.fiches), FichePageFactory(parent=tree.fiches)
    etape = EtapePageFactory(parent=tree.etapes, title="Gouvernance", slug="gouvernance")
    PresentationDeFiche.objects.create(etape=etape, fiche=shown)
    assert ask("etape=gouvernance").ids == [shown.pk]
    assert ask("etape=gouvernance").sentence() == "1 innovation, au programme de l’étape «\xa0Gouvernance\xa0»"


def test_the_road_is_a_layer_of_the_map(tree, client):
    besancon, dole = Commune.objects.get(pk="25056"), Commune.objects.get(pk="39198")
    for number, (commune, slug) in enumerate([(besancon, "une"), (besancon, "deux"), (dole, "trois")], start=1):
        EtapePageFactory(
            parent=tree.etapes, numero=number, commune=commune, slug=slug, date=datetime.date(2013, 4, number)
        )
    EtapePageFactory(parent=tree.etapes, numero=4, commune=dole, slug="cachee", live=False)
    assert 'data-calque-route="/etapes/carte.geojson"' in client.get("/fiches/").content.decode()
    line, first, second = client.get("/etapes/carte.geojson").json()["features"]
    assert line["geometry"]["coordinates"] == [[6.01815, 47.24878], [6.01815, 47.24878], [5.48966, 47.09225]]
    assert [etape["adresse"] for etape in first["properties"]["etapes"]] == ["/etapes/une/", "/etapes/deux/"]
    assert second["properties"]["numeros"] == "3"


def test_an_etape_is_found_by_its_number(tree, client):
    EtapePageFactory(parent=tree.etapes, title="Le canal", numero=12, slug="le-canal", capacite=30, participants=1)
    main = client.get("/recherche/", {"q": "étape 12"}).content.decode().partition("<main")[2]
    assert "/etapes/le-canal/" in main


@pytest.mark.parametrize(("statut", "word", "is_found"), [("prevue", "prévue", False), ("annulee", "annulée", True)])
def test_an_etape_is_found_by_the_state_that_its_page_says(tree, client, statut, word, is_found):
    EtapePageFactory(
        parent=tree.etapes, title="Le canal", slug="le-canal", date=datetime.date(2013, 4, 1), statut=statut
    )
    answer = client.get("/recherche/", {"q": f"canal {word}"}).content.decode()
    quoted = answer.partition("<main")[2].partition("/etapes/le-canal/")[2]
    assert (word in quoted.lower()) == is_found


def test_the_figures_of_an_etape_are_found_with_their_noun(tree, client):
    EtapePageFactory(parent=tree.etapes, title="Le canal", slug="le-canal", capacite=30, participants=1)
    for noun in ("places", "participant"):
        main = client.get("/recherche/", {"q": noun}).content.decode().partition("<main")[2]
        assert "/etapes/le-canal/" in main
