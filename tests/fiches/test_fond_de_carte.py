"""The ground of the maps: static files of the product, light enough, right about names."""

import gzip

import pytest

from fiches.models.territoire import Commune
from fiches.pages.outline_map import outlines
from tests.factories import FichePageFactory, IllustrationFactory

DEPARTEMENTS = ("25", "39", "70", "90")


@pytest.fixture
def waters(client, db):
    return client.get("/territoire/eaux.geojson").json()["features"]


def test_the_first_view_and_what_comes_nearer_are_light(client, db):
    names = ("departements.geojson", "villes.json", "eaux.geojson")
    fetched = [client.get(f"/territoire/{name}").content for name in names]
    assert sum(len(gzip.compress(each)) for each in fetched) < 30_000
    assert len(gzip.compress(client.get("/territoire/communes.json").content)) < 120_000


def test_the_waters_have_their_french_names(waters):
    names = {
        genre: {w["properties"]["nom"] for w in waters if w["properties"]["genre"] == genre}
        for genre in ("riviere", "lac")
    }
    assert {"Doubs", "Saône", "Rhône", "Moselle"} <= names["riviere"]
    assert {"Lac Léman", "Lac de Neuchâtel"} <= names["lac"]
    assert not {"Sane", "Rhne", "Lake Geneva"} & (names["riviere"] | names["lac"])


def test_the_waters_are_those_of_the_territory_and_its_edges(waters):
    rivers = [water["geometry"] for water in waters if water["properties"]["genre"] == "riviere"]
    points = [point for river in rivers for line in river["coordinates"] for point in line]
    assert all(4.6 < lon < 7.8 and 45.8 < lat < 48.5 for lon, lat in points)
    assert {"Seine", "Loire", "Garonne"} & {water["properties"]["nom"] for water in waters} == set()


def test_every_commune_of_the_territory_has_its_name_on_the_map_once(client, db):
    named = [*client.get("/territoire/villes.json").json(), *client.get("/territoire/communes.json").json()["noms"]]
    placed = Commune.objects.located().filter(departement__in=DEPARTEMENTS).values_list("nom", flat=True)
    assert sorted(name for name, _, _ in named) == sorted(placed)


def test_the_borders_shipped_with_the_territory_lie_in_it_and_are_drawn_once(client, db):
    limits = client.get("/territoire/communes.json").json()["limites"]
    points = set()
    for x, y, *steps in limits:
        points.add((x, y))
        for dx, dy in zip(steps[::2], steps[1::2], strict=True):
            x, y = x + dx, y + dy
            points.add((x, y))
    assert all(52_000 < x < 71_500 and 462_000 < y < 480_500 for x, y in points)
    assert len(limits) > 4_000
    assert len({tuple(limit) for limit in limits}) == len(limits)


def test_the_drawing_of_the_cards_is_that_of_the_pages(client, db):
    drawn = client.get("/territoire/region.svg")
    assert drawn["Content-Type"] == "image/svg+xml"
    assert f'<path id="region" d="{"".join(each["trace"] for each in outlines())}"/>' in drawn.content.decode()


@pytest.mark.parametrize("pictured", [True, False])
def test_the_window_of_a_sign_has_the_picture_and_the_chapo(tree, client, pictured):
    photo = IllustrationFactory() if pictured else None
    fiche = FichePageFactory(parent=tree.fiches, chapo="Le pain du quartier.", photo=photo, photo_decorative=pictured)
    shown = client.get(f"/fiches/apercu/{fiche.pk}/").content.decode()
    assert ('class="preview__picture"' in shown) is pictured
    assert '<p class="preview__text">Le pain du quartier.</p>' in shown
