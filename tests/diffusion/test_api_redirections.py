"""The former addresses of the site: what a static front end writes into its redirect file."""

import pytest
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction, Site

from tests.factories import ContentPageFactory, FichePageFactory, HomePageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def read_redirections(read):
    """``read_redirections()`` returns ``{former path: (where it leads, whether for ever)}``."""

    def ask():
        answer = read("redirections").json()
        assert answer["count"] == len(answer["items"])
        return {each["de"]: (each["vers"], each["permanente"]) for each in answer["items"]}

    return ask


def test_a_renamed_page_s_former_address_is_listed_with_the_present_one(read, epicerie, commit):
    epicerie.slug = "épicerie"
    with commit():
        epicerie.save_revision().publish()
    (told,) = read("redirections").json()["items"]
    assert told | {"id": 0} == {
        "id": 0,
        "de": "/fiches/epicerie",
        "vers": "/fiches/%C3%A9picerie/",
        "url": "http://localhost/fiches/%C3%A9picerie/",
        "permanente": True,
    }


def test_a_person_s_redirect_leads_to_a_page_a_path_or_elsewhere(read_redirections, tree):
    Redirect.add_redirect("/agenda/", redirect_to=tree.etapes, is_permanent=False)
    Redirect.add_redirect("/alertes/", redirect_to=tree.fiches, page_route_path="/suivre/")
    Redirect.add_redirect("/vieux.html?rubrique=3", redirect_to="/fiches/?departement=25#liste")
    Redirect.add_redirect("/pele-mele/", redirect_to="http://localhost/nulle-part/")
    Redirect.add_redirect("/reseau/", redirect_to="https://ailleurs.example/")
    assert read_redirections() == {
        "/agenda": ("/etapes/", False),
        "/alertes": ("/fiches/suivre/", True),
        "/vieux.html?rubrique=3": ("/fiches/?departement=25#liste", True),
        "/pele-mele": ("/nulle-part/", True),
        "/reseau": ("https://ailleurs.example/", True),
    }


def test_a_redirect_to_a_redirect_gives_the_last_address(read_redirections, tree):
    Redirect.add_redirect("/a/", redirect_to="/b/")
    Redirect.add_redirect("/b/", redirect_to="/c/?x=1#bas", is_permanent=False)
    Redirect.add_redirect("/c/", redirect_to=tree.etapes)
    end = ("/etapes/?x=1#bas", False)
    assert read_redirections() == {"/a": end, "/b": end, "/c": ("/etapes/", True)}


def test_what_leads_in_a_circle_or_nowhere_is_left_out(read_redirections, tree):
    Redirect.add_redirect("/a/", redirect_to="/b/")
    Redirect.add_redirect("/b/", redirect_to="http://testserver/a")
    Redirect.add_redirect("/soi/", redirect_to="/soi/?x=1")
    Redirect.objects.create(old_path="/vide")
    Redirect.objects.create(old_path="/abime", redirect_link="http://[abime/")
    assert read_redirections() == {}


def test_a_path_where_a_page_is_now_is_left_out(read_redirections, client, tree):
    """The site answers with the page there; a redirect file would hide it."""
    Redirect.add_redirect("/fiches/", redirect_to=tree.etapes)
    Redirect.add_redirect("/?p=12", redirect_to=tree.etapes)
    Redirect.add_redirect("/etape/", redirect_to="/fiches/")
    assert read_redirections() == {"/etape": ("/fiches/", True)}
    assert client.get("/fiches/").status_code == 200


def test_no_former_address_of_a_page_that_is_not_public_is_listed(client, read_redirections, tree):
    private, draft, expired = (
        ContentPageFactory(parent=tree.home, slug=slug, **more)
        for slug, more in (("prive", {}), ("brouillon", {"live": False}), ("expire", {"expire_at": timezone.now()}))
    )
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    for page in (private, draft, expired):
        Redirect.add_redirect(f"/ancien-{page.slug}-qzx/", redirect_to=page)
    Redirect.add_redirect("/vers-le-prive/", redirect_to="/ancien-prive-qzx/")
    assert read_redirections() == {"/vers-le-prive": ("/ancien-prive-qzx/", True)}


def test_a_former_address_of_a_page_that_moved_to_another_site_leads_there(read_redirections, read, client, tree):
    there = HomePageFactory(parent=Page.get_first_root_node(), slug="ailleurs")
    Site.objects.create(hostname="autre.test", port=80, root_page=there)
    pages = {
        slug: ContentPageFactory(parent=there, slug=slug, live=slug != "brouillon") for slug in ("grille", "brouillon")
    }
    for slug, page in pages.items():
        Redirect.add_redirect(f"/ancien-{slug}/", redirect_to=page)
    assert read_redirections() == {"/ancien-grille": ("http://autre.test/grille/", True)}
    assert read("redirections").json()["items"][0]["url"] == client.get("/ancien-grille/").url
    payload = read("pages?chemin=/ancien-grille/").json()
    assert (payload["redirection"]["url"], payload["items"]) == ("http://autre.test/grille/", [])
    assert client.get("/api/v1/pages?chemin=/ancien-brouillon/").status_code == 404
    assert client.get("/oembed?url=http://testserver/ancien-grille/").status_code == 404


def test_the_redirect_of_the_site_counts_before_that_of_all_sites(read_redirections, tree):
    Redirect.add_redirect("/a/", redirect_to=tree.etapes, site=tree.site)
    Redirect.objects.create(old_path="/a", redirect_page=tree.fiches)
    assert read_redirections() == {"/a": ("/etapes/", True)}


def test_a_new_redirect_is_read_at_once(client, read_redirections, tree):
    before = client.get("/api/v1/redirections")
    Redirect.add_redirect("/agenda/", redirect_to=tree.etapes)
    after = client.get("/api/v1/redirections", headers={"if-none-match": before["ETag"]})
    assert [each["de"] for each in after.json()["items"]] == ["/agenda"]


def test_all_are_read_page_by_page_and_back(read, client, tree):
    for number in range(5):
        Redirect.add_redirect(f"/a{number}/", redirect_to=tree.etapes)
    page, seen = read("redirections?par_page=2").json(), []
    while True:
        seen += [each["de"] for each in page["items"]]
        if not page["next"]:
            break
        page = client.get(page["next"]).json()
    assert (page["count"], seen) == (5, ["/a0", "/a1", "/a2", "/a3", "/a4"])
    assert [each["de"] for each in client.get(page["previous"]).json()["items"]] == ["/a2", "/a3"]
    assert read("redirections?page=4&par_page=2", 400).json()["parametres"] == {"page": "Il n’y a pas de page 4."}


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_costs_the_same_for_one_and_for_thirty(client, tree, number, django_assert_num_queries):
    for fiche in FichePageFactory.create_batch(number, parent=tree.fiches):
        Redirect.add_redirect(f"/ancienne-{fiche.pk}/", redirect_to=fiche)
        Redirect.add_redirect(f"/plus-ancienne-{fiche.pk}/", redirect_to=f"/ancienne-{fiche.pk}/")
        Redirect.add_redirect(f"/son-pdf-{fiche.pk}/", redirect_to=fiche, page_route_path="/fiche.pdf/")
    client.get("/api/v1/redirections?par_page=100")
    with django_assert_num_queries(4):
        assert client.get("/api/v1/redirections?par_page=100").json()["count"] == 3 * number
