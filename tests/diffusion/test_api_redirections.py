"""The former addresses of the site: what a static front end writes into its redirect file."""

import pytest
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction

from tests.factories import ContentPageFactory

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


def test_what_leads_nowhere_or_from_a_page_that_is_there_is_left_out(read_redirections, tree):
    """A page that was renamed and renamed back has a former address that is its own."""
    Redirect.add_redirect(tree.etapes.url, redirect_to=tree.etapes)
    Redirect.objects.create(old_path="/vide")
    assert read_redirections() == {}


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
