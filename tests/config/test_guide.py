"""The editors' guide inside the admin."""

import re

import pytest

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_the_guide_is_read_in_the_admin_with_its_pictures_and_its_chapters(client, tree):
    client.force_login(UserFactory(role="partenaire"))
    page = client.get("/admin/guide/").content.decode()
    assert '<h2 id="soumettre">Soumettre</h2>' in page
    assert '<a href="#soumettre">Soumettre</a>' in page
    assert page.count("<h1") == 1
    assert "<table>" in page
    pictures = re.findall(r'<img src="(/admin/guide/images/[a-z-]+\.png)" alt="[^"]+"', page)
    assert len(pictures) == 10
    for address in pictures:
        answer = client.get(address)
        assert b"".join(answer.streaming_content).startswith(b"\x89PNG")


def test_no_file_but_the_guides_pictures_is_given(client, tree):
    client.force_login(UserFactory(role="partenaire"))
    assert client.get("/admin/guide/images/inconnue.png").status_code == 404
    assert client.get("/admin/guide/images/..%2Fredaction.png", follow=True).status_code == 404


def test_the_guide_is_for_who_signs_in(client, tree):
    assert client.get("/admin/guide/").status_code == 302
    assert client.get("/admin/guide/images/accueil.png").status_code == 302


@pytest.mark.parametrize("role", ["partenaire", "admin"])
def test_it_is_the_only_guide_and_no_help_leads_to_another_host(client, tree, role):
    client.force_login(UserFactory(role=role))
    page = client.get("/admin/").content.decode()
    assert "/admin/guide/" in page
    assert "wagtail.org" not in page
