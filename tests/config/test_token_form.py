"""The form of an API token, and the form of a picture: they offer what works."""

import pytest
from django.test import Client

from fiches.media.images import reads_heic
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(home_page):
    client = Client()
    client.force_login(UserFactory(role="admin"))
    return client


ADDRESSES = ("/admin/images/add/", "/admin/images/chooser/")


def heic_answers(client):
    return ["heic" in client.get(address).content.decode().lower() for address in ADDRESSES]


def test_the_forms_of_pictures_name_heic_only_where_it_is_read(admin, settings, monkeypatch):
    assert heic_answers(admin) == [reads_heic(), reads_heic()]
    known = settings.WAGTAILIMAGES_EXTENSIONS
    assert ("heic" in known, "heif" in known) == (reads_heic(), reads_heic())
    settings.WAGTAILIMAGES_EXTENSIONS = [each for each in known if each not in {"heic", "heif"}]
    monkeypatch.setattr("fiches.media.images.reads_heic", lambda: False)
    assert heic_answers(admin) == [False, False]
