"""Whoever a webhook told of a publication reads it in the API at once, whichever process answers."""

import shutil

import pytest
from django.test import Client

from tests.conftest import read_tree, use_database
from tests.factories import FichePageFactory

LISTS = ("fiches", "pages", "fiches.geojson", "facettes")


@pytest.fixture
def committed_tree(database_with_tree, django_db_blocker, tmp_path):
    """The pages of `tree` in a database of the test's own, in which it commits."""
    base, keys = database_with_tree
    with django_db_blocker.unblock(), use_database(shutil.copy(base, tmp_path)):
        yield read_tree(keys)


def test_the_lists_of_the_api_hold_what_was_just_published(committed_tree, enabled_response_cache, settings):
    stale = []
    nothing = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    for pages in (settings.CACHES["pages"], nothing):
        settings.CACHES = settings.CACHES | {"pages": pages}
        client = Client()
        before = {name: client.get(f"/api/v1/{name}").content for name in LISTS}
        for name in LISTS:
            FichePageFactory(parent=committed_tree.fiches, point="SRID=4326;POINT(6.02 47.24)")
            if client.get(f"/api/v1/{name}").content == before[name]:
                stale.append((pages, name))
    assert stale == []
