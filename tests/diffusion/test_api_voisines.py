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


def test_the_nearest_are_not_those_at_the_corners_of_the_box_that_is_read_first(read, tree):
    FichePageFactory(parent=tree.fiches, slug="ici", point="SRID=4326;POINT(6.0 47.0)")
    corners = [
        (6.038, 47.0265),
        (5.962, 47.0265),
        (6.038, 46.9735),
        (5.962, 46.9735),
    ]  # 2.9 km north or south, 4.1 km away
    for number, (lon, lat) in enumerate([*corners, (6.0, 47.028), (6.0, 46.971), (6.0, 47.001)]):
        FichePageFactory(parent=tree.fiches, slug=f"la-{number}", point=f"SRID=4326;POINT({lon} {lat})")
    assert [fiche["slug"] for fiche in read("fiches/ici/a-proximite").json()["items"]] == ["la-6", "la-4", "la-5"]


def test_what_is_withdrawn_is_near_nothing(read, neighbours):
    neighbours["proche"].unpublish()
    assert read("fiches/une/a-proximite").json()["items"] == []
    assert read("fiches/proche/semblables", 404)["Content-Type"] == "application/problem+json"


def test_what_neighbours_do_not_take_is_refused(read, neighbours):
    assert list(read("fiches/une/semblables?page=2", 400).json()["parametres"]) == ["page"]


@pytest.mark.parametrize("number", [1, 30])
def test_neighbours_cost_as_much_among_any_number(client, tree, number, django_assert_num_queries):
    FichePageFactory(parent=tree.fiches, slug="une", point="SRID=4326;POINT(6.02 47.24)")
    FichePageFactory.create_batch(number, parent=tree.fiches, point="SRID=4326;POINT(6.03 47.24)")
    client.get("/api/v1/fiches/une/a-proximite")
    with django_assert_num_queries(5):
        assert client.get("/api/v1/fiches/une/a-proximite").json()["count"] == min(3, number)
