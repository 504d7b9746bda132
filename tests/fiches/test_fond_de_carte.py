"""The ground of the maps: static files of the product, light enough, right about names."""

import pytest

from fiches.pages.outline_map import outlines
from tests.factories import FichePageFactory, IllustrationFactory


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
