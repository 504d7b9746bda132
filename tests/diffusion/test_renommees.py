"""A fiche or an étape that is renamed lives on wherever it was shown."""

import re

import pytest
from wagtail.models import PageViewRestriction

from tests.factories import EtapePageFactory, FichePageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def renamed(tree, commit):
    """A fiche that was « four », then « fournil », and is « boulangerie » now."""
    fiche = FichePageFactory(parent=tree.fiches, title="Le four partagé", slug="four")
    for slug in ("fournil", "boulangerie"):
        fiche.slug = slug
        with commit():
            fiche.save_revision().publish()
    return fiche


@pytest.mark.parametrize("name", ["four", "fournil", "boulangerie"])
def test_every_name_that_it_had_shows_it(client, renamed, name):
    assert client.get(f"/api/v1/fiches/{name}").json()["slug"] == "boulangerie"
    frame = client.get(f"/integration/fiche/{name}/")
    assert (frame.status_code, "Le four partagé" in frame.content.decode()) == (200, True)
    told = client.get(f"/integration/fiche/{name}/contenu.json").json()
    assert told["elements"][0]["url"] == "http://localhost/fiches/boulangerie/"
    embedded = client.get("/oembed", {"url": f"http://localhost/fiches/{name}/"}).json()
    assert embedded["title"] == "Le four partagé"


@pytest.mark.parametrize("file", ["fiche.pdf", "fiche.md?langue=fr", "carte.png"])
def test_a_file_asked_under_a_former_name_is_found_under_the_present_one(client, renamed, file):
    answer = client.get(f"/fiches/four/{file}")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/fiches/boulangerie/{file}")
    assert client.get("/fiches/jamais/fiche.md").status_code == 404
    renamed.unpublish()
    assert client.get(f"/fiches/four/{file}").status_code == 404


def test_what_is_copied_names_it_by_its_identifier(client, renamed, commit):
    page = client.get("/integration/?type=fiche&nom=boulangerie").content.decode()
    uid = str(renamed.translation_key)
    assert f"nom=&quot;{uid}&quot;" in page
    embedded = client.get("/oembed", {"url": "http://localhost/fiches/boulangerie/"}).json()
    (address,) = re.findall(r'src="http://testserver([^"]+)"', embedded["html"])
    assert address == f"/integration/fiche/{uid}/"
    renamed.slug = "encore"
    renamed.save_revision().publish()  # no redirection is kept here: the identifier alone leads to it
    assert "Le four partagé" in client.get(address).content.decode()
    assert client.get(f"/api/v1/fiches/{uid}").json()["slug"] == "encore"


def test_a_name_that_another_took_is_the_other_s(client, tree, renamed):
    FichePageFactory(parent=tree.fiches, title="Un autre four", slug="four")
    assert client.get("/api/v1/fiches/four").json()["titre"] == "Un autre four"
    assert client.get("/api/v1/fiches/fournil").json()["titre"] == "Le four partagé"


@pytest.mark.parametrize("name", ["four", "uid"])
def test_an_old_name_of_what_is_not_public_says_nothing(client, renamed, name):
    name = str(renamed.translation_key) if name == "uid" else name
    PageViewRestriction.objects.create(page=renamed, restriction_type=PageViewRestriction.LOGIN)
    for address in (f"/api/v1/fiches/{name}", f"/oembed?url=http://localhost/fiches/{name}/"):
        assert client.get(address).status_code == 404, address
    frame = client.get(f"/integration/fiche/{name}/")
    assert frame.status_code in (404, 410)
    assert "four partagé" not in frame.content.decode()


def test_a_renamed_etape_lives_on_too(client, tree, commit):
    etape = EtapePageFactory(parent=tree.etapes, title="À Dole", slug="dole")
    etape.slug = "dole-2013"
    with commit():
        etape.save_revision().publish()
    assert client.get("/api/v1/etapes/dole").json()["slug"] == "dole-2013"
    assert client.get(f"/api/v1/etapes/{etape.uid}").json()["slug"] == "dole-2013"
    assert "À Dole" in client.get("/integration/etape/dole/").content.decode()
    assert client.get("/oembed", {"url": "http://localhost/etapes/dole/"}).json()["title"] == "À Dole"
    assert client.get("/etapes/dole/etape.ics").headers["Location"] == "/etapes/dole-2013/etape.ics"
