"""The reference client ends equal to us, whatever happened to the fiches in between."""

import datetime
import importlib.util
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from tests.factories import FichePageFactory

CLIENT = Path(__file__).parents[2] / "docs/clients/miroir.py"


@pytest.fixture
def mirror(client, monkeypatch):
    """Reads with the reference client, through Django's test client, and returns what it holds."""
    spec = importlib.util.spec_from_file_location("miroir", CLIENT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "RECOUVREMENT", datetime.timedelta(0))
    held = {}

    def read(address):
        parts = urlsplit(address)
        response = client.get(f"{parts.path}?{parts.query}")
        assert response.status_code == 200, response.content
        return response.json(), timezone.now()

    monkeypatch.setattr(module, "lire", read)

    def synchronise():
        held.update(module.synchroniser("http://testserver", held))
        return held["fiches"]

    return synchronise


def api_fiches(client):
    items, address = [], "/api/v1/fiches?par_page=100"
    while address:
        page = client.get(address).json()
        items += page["items"]
        address = page["next"]
    return {str(item["id"]): item for item in items}


def test_the_mirror_is_exact_through_a_whole_life(mirror, client, tree, epicerie):
    other = FichePageFactory(parent=tree.fiches, slug="autre")
    assert mirror() == api_fiches(client) and len(mirror()) == 2

    epicerie.title = "Un autre titre"
    epicerie.slug = "ailleurs"
    epicerie.save_revision().publish()
    assert mirror()[str(epicerie.pk)]["url"] == "http://localhost/fiches/ailleurs/"

    epicerie.partenaire.nom = "Nom nouveau"
    epicerie.partenaire.save()
    assert mirror()[str(epicerie.pk)]["partenaire"]["nom"] == "Nom nouveau"

    other.unpublish()
    assert mirror() == api_fiches(client) and list(mirror()) == [str(epicerie.pk)]

    other.save_revision().publish()
    assert set(mirror()) == {str(epicerie.pk), str(other.pk)}

    other.delete()
    assert mirror() == api_fiches(client) and list(mirror()) == [str(epicerie.pk)]

    FichePageFactory(parent=tree.fiches)
    assert mirror() == api_fiches(client) and len(mirror()) == 2


def test_a_fiche_that_expires_is_withdrawn_on_time(mirror, client, tree, epicerie, monkeypatch):
    epicerie.expire_at = timezone.now() + datetime.timedelta(hours=1)
    epicerie.save_revision().publish()
    assert len(mirror()) == 1
    later = timezone.now() + datetime.timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert mirror() == api_fiches(client) == {}


def test_withdrawn_pages_are_told_once_each_oldest_first(read, tree):
    fiches = FichePageFactory.create_batch(3, parent=tree.fiches)
    for fiche in fiches:
        fiche.unpublish()
    first = read("suppressions?par_page=2").json()
    assert [item["id"] for item in first["items"]] == [fiche.pk for fiche in fiches[:2]]
    rest = read(first["next"].partition("/api/v1/")[2]).json()
    assert [item["id"] for item in rest["items"]] == [fiches[2].pk]
    assert rest["next"] is None
