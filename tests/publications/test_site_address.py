"""The addresses of a site that changes its host or port."""

import pytest
from wagtail.models import Site

from tests.factories import FichePageFactory, IllustrationFactory

pytestmark = pytest.mark.django_db


def test_the_api_names_the_new_address_of_a_site(client, tree):
    FichePageFactory(parent=tree.fiches, photo=IllustrationFactory(), slug="recette")
    before = client.get("/api/v1/fiches/recette").json()
    site = Site.objects.get(is_default_site=True)
    site.port = 8123
    site.save()
    after = client.get("/api/v1/fiches/recette").json()
    assert ":8123/" not in before["url"]
    assert ":8123/" in after["url"]
