"""What a reader of English or German still met in French, or in French marks, inside a page of their language."""

import pytest
from bs4 import BeautifulSoup

from fiches.models import Critere
from tests.factories import CritereFactory, DimensionFactory


@pytest.fixture
def grid():
    """A dimension and a criterion that the demonstration's catalogues translate, and a criterion that they lack."""
    dimension = DimensionFactory(nom="centrée sur", slug="centree-sur")
    for name in ("entreprise", "pure invention"):
        CritereFactory(dimension=dimension, name=name, slug=name.replace(" ", "-"), definition="Une règle.")


def soup_of(response):
    return BeautifulSoup(response.content, "html.parser")


@pytest.mark.parametrize(("code", "said"), [("en", "company"), ("de", "Unternehmen")])
def test_what_leaves_the_site_says_the_grid_in_its_language(client, translations, grid, code, said):
    fiche = getattr(translations, code).fiche
    fiche.criteres.add(Critere.objects.get(name="entreprise"))
    fiche.save_revision().publish()
    for address in ("liste/", "fiche/la-recette/"):
        embed = soup_of(client.get(f"/integration/{address}?langue={code}"))
        assert said in embed.get_text("|", strip=True).split("|"), address
