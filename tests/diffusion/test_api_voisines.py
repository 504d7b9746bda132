"""From one fiche to those like it and those near it."""

import pytest

from tests.factories import CritereFactory, DimensionFactory, FichePageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def neighbours(tree):
    criterion = CritereFactory(dimension=DimensionFactory(slug="centree-sur"), name="entreprise")
    places = {"une": "6.02 47.24", "proche": "6.05 47.25", "loin": "6.86 47.64"}
    made = {
        slug: FichePageFactory(parent=tree.fiches, slug=slug, point=f"SRID=4326;POINT({place})")
        for slug, place in places.items()
    }
    for slug in ("une", "loin"):
        made[slug].criteres.add(criterion)
        made[slug].save_revision().publish()
    return made


def test_a_fiche_leads_to_those_like_it_and_near_it(read, neighbours):
    assert [fiche["slug"] for fiche in read("fiches/une/semblables").json()["items"]] == ["loin"]
    assert [fiche["slug"] for fiche in read("fiches/une/a-proximite").json()["items"]] == ["proche"]


def test_what_is_withdrawn_is_near_nothing(read, neighbours):
    neighbours["proche"].unpublish()
    assert read("fiches/une/a-proximite").json()["items"] == []
    assert read("fiches/proche/semblables", 404)["Content-Type"] == "application/problem+json"
