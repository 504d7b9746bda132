"""The ground of the maps: static files of the product, light enough, right about names."""

import pytest

from fiches.pages.outline_map import around
from tests.factories import FichePageFactory, IllustrationFactory


@pytest.mark.parametrize("pictured", [True, False])
def test_the_window_of_a_sign_has_the_picture_and_the_chapo(tree, client, pictured):
    photo = IllustrationFactory() if pictured else None
    fiche = FichePageFactory(parent=tree.fiches, chapo="Le pain du quartier.", photo=photo, photo_decorative=pictured)
    shown = client.get(f"/fiches/apercu/{fiche.pk}/").content.decode()
    assert ('class="preview__picture"' in shown) is pictured
    assert '<p class="preview__text">Le pain du quartier.</p>' in shown


def test_the_map_of_a_place_names_the_towns_around_it_and_no_two_at_the_same_spot(tree, client):
    fiche = FichePageFactory(parent=tree.fiches, commune_id="25056", point="SRID=4326;POINT(6.02 47.24)")
    drawn = around(fiche)
    names = [town["name"] for town in drawn["towns"]]
    assert len(names) == len(set(names)) > 2 and "Besançon" not in names
    page = client.get(fiche.url).content.decode()
    assert f'viewBox="{drawn["view_box"]}"' in page
    assert all(f">{name}</text>" in page for name in names)
