"""The ground of the maps: static files of the product, light enough, right about names."""

import gzip
import json
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from fiches.models.territoire import DEPARTEMENTS, Commune
from tests.factories import FichePageFactory, IllustrationFactory


def read(name):
    return json.loads(Path(finders.find(f"fiches/{name}")).read_text(encoding="utf-8"))


def gzipped(name):
    return len(gzip.compress(Path(finders.find(f"fiches/{name}")).read_bytes()))


def features(genre):
    return [each for each in read("fond.geojson")["features"] if each["properties"]["genre"] == genre]


def test_the_first_view_and_what_comes_nearer_are_light():
    assert gzipped("fond.geojson") + gzipped("villes.json") < 30_000
    assert gzipped("communes.json") < 110_000


def test_the_ground_has_the_departements_and_the_waters_by_their_french_names():
    assert {each["properties"]["code"]: each["properties"]["nom"] for each in features("departement")} == DEPARTEMENTS
    assert {"Doubs", "Saône", "Rhône"} <= {each["properties"]["nom"] for each in features("riviere")}
    assert {"Lac Léman", "Lac de Neuchâtel"} <= {each["properties"]["nom"] for each in features("lac")}
    assert len(features("voisin")) == 1


@pytest.mark.django_db
def test_every_commune_has_its_name_on_the_map_once():
    named = [name for name, _, _ in [*read("villes.json"), *read("communes.json")["noms"]]]
    assert sorted(named) == sorted(Commune.objects.located().values_list("nom", flat=True))


def test_the_borders_of_the_communes_lie_in_the_region_and_are_drawn_once():
    limits = read("communes.json")["limites"]
    points = set()
    for x, y, *steps in limits:
        points.add((x, y))
        for dx, dy in zip(steps[::2], steps[1::2], strict=True):
            x, y = x + dx, y + dy
            points.add((x, y))
    assert all(52_000 < x < 71_500 and 462_000 < y < 480_500 for x, y in points)
    assert len(limits) > 4_000
    assert len({tuple(limit) for limit in limits}) == len(limits)


@pytest.mark.parametrize("pictured", [True, False])
def test_the_window_of_a_sign_has_the_picture_and_the_chapo(tree, client, pictured):
    photo = IllustrationFactory() if pictured else None
    fiche = FichePageFactory(parent=tree.fiches, chapo="Le pain du quartier.", photo=photo, photo_decorative=pictured)
    shown = client.get(f"/fiches/apercu/{fiche.pk}/").content.decode()
    assert ('class="preview__picture"' in shown) is pictured
    assert '<p class="preview__text">Le pain du quartier.</p>' in shown
