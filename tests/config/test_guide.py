"""The editors' guide inside the admin."""

import pytest

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_no_file_but_the_guides_pictures_is_given(client, tree):
    client.force_login(UserFactory(role="partenaire"))
    assert client.get("/admin/guide/images/inconnue.png").status_code == 404
    assert client.get("/admin/guide/images/..%2Fredaction.png", follow=True).status_code == 404


def test_the_guide_is_for_who_signs_in(client, tree):
    assert client.get("/admin/guide/").status_code == 302
    assert client.get("/admin/guide/images/accueil.png").status_code == 302
