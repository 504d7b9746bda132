"""A fiche or an étape that is renamed lives on wherever it was shown."""

import re

import pytest
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction

from etapes.carnets.models import CarnetIndexPage
from tests.factories import ContentPageFactory, EtapePageFactory, FichePageFactory
from tests.palmares.conftest import Rally

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


def test_every_name_that_it_had_shows_it(client, renamed):
    for name in ("four", "fournil", "boulangerie"):
        assert client.get(f"/api/v1/fiches/{name}").json()["slug"] == "boulangerie", name
        frame = client.get(f"/integration/fiche/{name}/")
        assert (frame.status_code, "Le four partagé" in frame.content.decode()) == (200, True), name


def test_a_file_asked_under_a_former_name_is_found_under_the_present_one(client, renamed):
    files = ("fiche.pdf?langue=fr",)
    for file in files:
        answer = client.get(f"/fiches/four/{file}")
        assert (answer.status_code, answer.headers["Location"]) == (301, f"/fiches/boulangerie/{file}")
    assert client.get("/fiches/jamais/fiche.pdf").status_code == 404
    renamed.unpublish()
    assert [client.get(f"/fiches/four/{file}").status_code for file in files] == [404]


def test_what_is_copied_names_it_by_its_identifier(client, renamed, commit):
    page = client.get("/integration/?type=fiche&nom=boulangerie").content.decode()
    uid = str(renamed.translation_key)
    assert f"/integration/fiche/{uid}/" in page
    embedded = client.get("/oembed", {"url": "http://localhost/fiches/boulangerie/"}).json()
    (address,) = re.findall(r'src="http://testserver([^"]+)"', embedded["html"])
    assert address == f"/integration/fiche/{uid}/"
    renamed.slug = "encore"
    renamed.save_revision().publish()  # no redirection is kept here: the identifier alone leads to it
    assert "Le four partagé" in client.get(address).content.decode()
    assert client.get(f"/api/v1/fiches/{uid}").json()["slug"] == "encore"


def test_an_old_name_of_what_is_not_public_says_nothing(client, renamed):
    PageViewRestriction.objects.create(page=renamed, restriction_type=PageViewRestriction.LOGIN)
    for name in ("four", "boulangerie", renamed.translation_key):
        for address in (f"/api/v1/fiches/{name}", f"/oembed?url=http://localhost/fiches/{name}/"):
            assert client.get(address).status_code == 404, address
        frame = client.get(f"/integration/fiche/{name}/")
        assert frame.status_code in (404, 410), name
        assert "four partagé" not in frame.content.decode(), name


def test_a_renamed_etape_lives_on_too(client, tree, commit):
    etape = EtapePageFactory(parent=tree.etapes, title="À Dole", slug="dole")
    etape.slug = "dole-2013"
    with commit():
        etape.save_revision().publish()
    assert client.get("/api/v1/etapes/dole").json()["slug"] == "dole-2013"
    assert client.get(f"/api/v1/etapes/{etape.uid}").json()["slug"] == "dole-2013"
    assert "À Dole" in client.get("/integration/etape/dole/").content.decode()
    assert client.get("/etapes/dole/etape.ics").headers["Location"] == "/etapes/dole-2013/etape.ics"


LISTS = {
    "fiches": ["flux.atom", "carte.geojson", "donnees.csv", "donnees/", "suivre/"],
    "etapes": ["flux.atom", "calendrier.ics"],
    "carnets": ["flux.atom"],
}


@pytest.fixture
def moved(tree, commit):
    """``{former address: page}`` of the lists and of the palmarès, each renamed."""
    rally = Rally(tree, fiches=1)
    rally.open()
    pages = {name: getattr(tree, name) for name in LISTS} | {"palmares": rally.page}
    former = {page.url: page for page in pages.values()}
    for page in pages.values():
        page.slug = f"nos-{page.slug}"
        with commit():
            page.save_revision().publish()
    return former


def test_nothing_is_redirected_to_what_is_not_there_or_not_public(client, tree, moved, commit):
    assert client.get("/fiches/jamais/").status_code == 404
    assert client.get("/fiches/a%00/b").status_code == 404
    # A list moved below a page that took its former name: its former address stands before its present one.
    above = ContentPageFactory(parent=tree.home, slug="carnets")
    with commit():
        moved["/carnets/"].move(above, pos="last-child")
    Redirect.add_redirect("/carnets", redirect_to=CarnetIndexPage.objects.get())
    assert client.get("/carnets/jamais/").status_code == 404
    PageViewRestriction.objects.create(page=tree.fiches, restriction_type=PageViewRestriction.LOGIN)
    assert client.get("/fiches/flux.atom").status_code == 404


@pytest.fixture
def palmares(tree):
    rally = Rally(tree, fiches=1)
    rally.open()
    return rally.page


def rename(page, commit, *slugs):
    for slug in slugs:
        page.slug = slug
        with commit():
            page.save_revision().publish()


FORMER = ["/palmares/", "/palmares/2013/", "/prix/", "/prix/2013/"]


def test_a_former_address_of_a_page_that_is_withdrawn_does_not_say_its_draft_address(client, tree, palmares, commit):
    rename(palmares, commit, "prix")
    palmares.unpublish()
    palmares.slug = "brouillon-secret"
    palmares.save()
    for address in FORMER:
        assert client.get(address).status_code == 404, address
        assert client.get("/api/v1/pages", {"chemin": address}).status_code == 404, address


def test_a_former_address_of_a_page_that_is_not_for_all_does_not_say_the_present_one(client, palmares, commit):
    rename(palmares, commit, "prix", "prives")
    for kind in (PageViewRestriction.LOGIN, PageViewRestriction.PASSWORD):
        restriction = PageViewRestriction.objects.create(page=palmares, restriction_type=kind, password="x")
        for address in FORMER:
            assert client.get(address).status_code == 404, (kind, address)
        restriction.delete()


def test_every_way_in_knows_the_former_addresses(client, tree, palmares, commit):
    """Those of an edition below a palmarès, and of a fiche that took its own address again below a list that was renamed."""
    fiche = FichePageFactory(parent=tree.fiches, title="Le four partagé", slug="four")
    rename(tree.fiches, commit, "innovations")
    fiche.refresh_from_db()
    rename(fiche, commit, "fournil", "four")
    rename(palmares, commit, "prix", "palmares", "prix")
    for former, present in {"/fiches/four/": "/innovations/four/", "/palmares/2013/": "/prix/2013/"}.items():
        assert client.get(former).headers["Location"] == present
        answer = client.get("/api/v1/pages", {"chemin": former}).json()
        assert answer["redirection"] == {"url": f"http://localhost{present}", "permanente": True}
        assert answer["items"] == client.get("/api/v1/pages", {"chemin": present}).json()["items"]
    for address in ("/palmares/1999/", "//[jamais/"):
        assert client.get("/api/v1/pages", {"chemin": address}).status_code == 404, address
