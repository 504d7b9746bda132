"""A fiche or an étape that is renamed lives on wherever it was shown."""

import re

import pytest
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction

from etapes.carnets.models import CarnetIndexPage
from tests.factories import ContentPageFactory, EtapePageFactory, FichePageFactory
from tests.palmares.conftest import PalmaresPageFactory, Rally

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
        payload = client.get(f"/integration/fiche/{name}/contenu.json").json()
        assert payload["elements"][0]["url"] == "http://localhost/fiches/boulangerie/", name
        embedded = client.get("/oembed", {"url": f"http://localhost/fiches/{name}/"}).json()
        assert embedded["title"] == "Le four partagé", name


def test_a_file_asked_under_a_former_name_is_found_under_the_present_one(client, renamed):
    files = ("fiche.pdf", "fiche.md?langue=fr", "carte.png")
    for file in files:
        answer = client.get(f"/fiches/four/{file}")
        assert (answer.status_code, answer.headers["Location"]) == (301, f"/fiches/boulangerie/{file}")
    assert client.get("/fiches/jamais/fiche.md").status_code == 404
    renamed.unpublish()
    assert [client.get(f"/fiches/four/{file}").status_code for file in files] == [404, 404, 404]


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


def test_an_old_name_of_what_is_not_public_says_nothing(client, renamed):
    PageViewRestriction.objects.create(page=renamed, restriction_type=PageViewRestriction.LOGIN)
    for name in ("four", renamed.translation_key):
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
    assert client.get("/oembed", {"url": "http://localhost/etapes/dole/"}).json()["title"] == "À Dole"
    assert client.get("/etapes/dole/etape.ics").headers["Location"] == "/etapes/dole-2013/etape.ics"


LISTS = {
    "fiches": ["flux.atom", "flux.json", "carte.geojson", "donnees.csv", "donnees/", "suivre/"],
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


def test_what_is_below_a_list_is_found_after_the_list_is_renamed(client, moved):
    below = [f"/{name}/{file}" for name, files in LISTS.items() for file in files] + ["/palmares/2013/"]
    for address in below:
        answer = client.get(address)
        _slash, name, rest = address.split("/", 2)
        assert (answer.status_code, answer.headers.get("Location")) == (301, f"/nos-{name}/{rest}"), address
        assert client.get(answer["Location"]).status_code == 200, address
        assert answer["Access-Control-Allow-Origin"] == "*"


def test_the_question_is_asked_at_the_present_address(client, moved):
    for file in ("", "carte.geojson", "flux.atom"):
        answer = client.get(f"/fiches/{file}?departement=25&q=four%20partag%C3%A9")
        assert answer.headers["Location"] == f"/nos-fiches/{file}?departement=25&q=four%20partag%C3%A9"


def test_a_redirect_that_a_person_made_for_a_question_has_its_own(client, tree):
    Redirect.add_redirect("/ancien?id=5", redirect_to=tree.fiches, is_permanent=False)
    Redirect.add_redirect("/ailleurs", redirect_to="https://ailleurs.example/?a=1")
    assert client.get("/ancien/?id=5").headers["Location"] == tree.fiches.url
    assert client.get("/ailleurs/?b=2").headers["Location"] == "https://ailleurs.example/?a=1&b=2"


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


FORMER = ["/palmares/", "/palmares/2013/", "/prix/", "/prix/2013/", "/palmares/flux.atom"]


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


def test_a_page_that_has_its_first_address_again_is_not_redirected_to_itself(client, palmares, commit):
    rename(palmares, commit, "prix", "palmares")
    assert client.get("/palmares/1999/").status_code == 404
    assert client.get("/palmares/2013/").status_code == 200
    assert client.get("/prix/2013/").headers["Location"] == "/palmares/2013/"


def test_two_pages_that_took_each_other_s_address_are_not_redirected_to_each_other(client, tree, palmares, commit):
    other = PalmaresPageFactory(parent=tree.home, slug="prix")
    rename(palmares, commit, "x")
    rename(other, commit, "palmares")
    rename(palmares, commit, "prix")
    for address in ("/palmares/1999/", "/prix/1999/"):
        assert client.get(address).status_code == 404, address


def test_a_redirect_of_a_person_to_its_own_address_is_not_followed(client, tree):
    Redirect.add_redirect("/ancien", redirect_to="http://testserver/ancien/")
    assert client.get("/ancien/").status_code == 404


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
        shown, now = (client.get("/oembed", {"url": f"http://localhost{each}"}).json() for each in (former, present))
        assert shown == now
    for address in ("/palmares/1999/", "//[jamais/"):
        assert client.get("/api/v1/pages", {"chemin": address}).status_code == 404, address


def test_redirects_that_lead_to_each_other_lead_nowhere(client, tree):
    Redirect.add_redirect("/a/", redirect_to="http://localhost/b/")
    Redirect.add_redirect("/b/", redirect_to="/c/")
    Redirect.add_redirect("/c/", redirect_to="/a/")
    Redirect.add_redirect("/d/", redirect_to="/a/")
    for path in ("/a/", "/b/", "/c/", "/d/"):
        assert client.get(path, headers={"host": "localhost"}).status_code == 404, path
        assert client.get("/api/v1/pages", {"chemin": path}, headers={"host": "localhost"}).status_code == 404, path


def test_a_redirect_that_leads_to_itself_with_a_query_leads_nowhere(client, tree):
    Redirect.add_redirect("/a/", redirect_to="/a/?x=1")
    Redirect.add_redirect("/b/", redirect_to="/c/?x=1")
    Redirect.add_redirect("/c/", redirect_to="/b/?y=2")
    for path in ("/a/", "/b/", "/c/", "/a/?x=1"):
        assert client.get(path).status_code == 404, path


@pytest.mark.parametrize("link", ["http://[bad/", "http://testserver//[bad/"])
def test_a_redirect_to_one_whose_address_is_malformed_leads_there(client, tree, link):
    Redirect.add_redirect("/a/", redirect_to="/b/")
    Redirect.add_redirect("/b/", redirect_to=link)
    assert client.get("/a/").headers["Location"] == "/b/"
    assert client.get("/b/").status_code in (301, 404)


def test_redirects_that_follow_each_other_arrive(client, tree):
    """Also through an address that has a page now, whose redirect no longer serves."""
    Redirect.add_redirect("/a/", redirect_to="/b/")
    Redirect.add_redirect("/b/", redirect_to="/etapes/")
    Redirect.add_redirect("/etapes/", redirect_to="/a/")
    assert client.get("/a/", follow=True).redirect_chain == [("/b/", 301), ("/etapes/", 301)]
