"""The editors' guide inside the admin."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.staticfiles import finders

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_the_guide_shows_its_chapters_and_its_pictures(client, tree):
    client.force_login(UserFactory(role="partenaire"))
    page = BeautifulSoup(client.get("/admin/guide/").content, "html.parser")
    assert {link["href"][1:] for link in page.select(".guide__sommaire a")} == {
        heading["id"] for heading in page.select(".guide__texte h2")
    }
    pictures = [image["src"].removeprefix("/static/") for image in page.select(".guide__texte img")]
    assert pictures and [name for name in pictures if not finders.find(name)] == []


def test_the_guide_is_for_who_signs_in(client, tree):
    assert client.get("/admin/guide/").status_code == 302
