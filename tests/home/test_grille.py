"""The grid explained: each criterion with its definition, its count, and the way to its fiches."""

import re

import pytest

from tests.factories import CritereFactory, DimensionFactory, FichePageFactory, GrillePageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def grid(tree):
    dimension = DimensionFactory(nom="centrée sur", slug="centree-sur", definition="À qui elle profite.")
    GrillePageFactory(parent=tree.home, slug="grille")
    return [
        CritereFactory(dimension=dimension, name=name, slug=name, definition=f"Ce qu’est {name}.")
        for name in ("territoire", "individu")
    ]


def test_each_criterion_has_its_definition_its_count_and_leads_to_its_fiches(client, tree, grid):
    territory, person = grid
    seen, hidden = FichePageFactory(parent=tree.fiches), FichePageFactory(parent=tree.fiches, live=False)
    for fiche in (seen, hidden):
        fiche.criteres.add(territory)
        fiche.save()
    page = client.get("/grille/").content.decode()
    assert "À qui elle profite." in page
    assert "Ce qu’est territoire." in page
    [address] = re.findall(r'<a class="go" href="([^"]+)">1 innovation<', page)
    assert address == "/fiches/?centree-sur=territoire"
    html = client.get(address).content.decode()
    assert seen.title in html
    assert 'id="critere-individu"' in page
    assert "Pas encore d’innovation" in page
