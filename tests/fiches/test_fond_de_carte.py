"""The ground of the maps: static files of the product, light enough, right about names."""

import pytest

from tests.factories import FichePageFactory, IllustrationFactory


@pytest.mark.parametrize("pictured", [True, False])
def test_the_window_of_a_sign_has_the_picture_and_the_chapo(tree, client, pictured):
    photo = IllustrationFactory() if pictured else None
    fiche = FichePageFactory(parent=tree.fiches, chapo="Le pain du quartier.", photo=photo, photo_decorative=pictured)
    shown = client.get(f"/fiches/apercu/{fiche.pk}/").content.decode()
    assert ('class="preview__picture"' in shown) is pictured
    assert '<p class="preview__text">Le pain du quartier.</p>' in shown
