"""Two sites of Wagtail in one base, each with its list of fiches."""

from datetime import timedelta
from functools import partial
from itertools import product

import pytest
from django.utils import timezone
from wagtail.models import Page, Site

from fiches.models import Publication
from tests.conftest import module_transaction, read_tree, reload_record
from tests.factories import (
    CarnetIndexPageFactory,
    CarnetPageFactory,
    EtapeIndexPageFactory,
    EtapePageFactory,
    FicheIndexPageFactory,
    FichePageFactory,
    HomePageFactory,
)

HERE = "testserver"
THERE = "autre.test"
POINT = "SRID=4326;POINT(6.02 47.24)"
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def module_sites(module_tree, django_db_blocker):
    """``{host: fiche}``, made once for the module."""
    with module_transaction(django_db_blocker):
        yield create_sites(read_tree(module_tree))


@pytest.fixture
def sites(module_sites, tree, settings):
    """``{host: fiche}``: the fiche of each site, at the same path."""
    settings.ALLOWED_HOSTS = ["*"]
    Site.clear_site_root_paths_cache()
    return {host: reload_record(fiche) for host, fiche in module_sites.items()}


def create_sites(tree):
    home = HomePageFactory(parent=Page.get_first_root_node(), title="Ailleurs", slug="ailleurs")
    Site.objects.create(hostname=THERE, port=80, root_page=home)
    Site.clear_site_root_paths_cache()
    other = FicheIndexPageFactory(parent=home, slug=tree.fiches.slug)
    soon = timezone.localdate() + timedelta(days=9)
    EtapePageFactory(parent=tree.etapes, title="Étape du fournil", date=soon)
    EtapePageFactory(parent=EtapeIndexPageFactory(parent=home, slug="etapes"), title="Étape du moulin", date=soon)
    CarnetPageFactory(parent=tree.carnets, title="Carnet du fournil")
    CarnetPageFactory(parent=CarnetIndexPageFactory(parent=home, slug="carnets"), title="Carnet du moulin")
    return {
        HERE: FichePageFactory(parent=tree.fiches, title="Le fournil", slug="four", organisation="Ici", point=POINT),
        THERE: FichePageFactory(parent=other, title="Le moulin", slug="four", organisation="Là-bas", point=POINT),
    }


OWN = {HERE: "fournil", THERE: "moulin"}
ADDRESSES = (
    "/fiches/",
    "/fiches/?q=coopérative",
    "/fiches/carte.geojson",
    "/fiches/suggestions.json?q=le",
    "/fiches/flux.atom",
    "/fiches/donnees.csv",
    "/fiches/four/",
    "/api/v1/fiches",
    "/api/v1/fiches.geojson",
    "/api/v1/fiches/four",
    "/api/v1/etapes",
    "/api/v1/carnets",
    "/api/v1/pages",
    "/api/v1/recherche?q=coopérative",
    "/recherche/?q=coopérative",
    "/recherche/suggestions/?q=le",
    "/integration/liste/",
    "/integration/carte/",
    "/integration/etapes/",
    "/integration/fiche/four/",
    "/etapes/flux.atom",
    "/etapes/calendrier.ics",
    "/carnets/flux.atom",
)


def test_each_site_shows_its_own_pages_only(client, sites, enabled_response_cache):
    for address, host in product(ADDRESSES, (HERE, THERE, HERE, THERE)):  # the second time, what was kept
        answer = client.get(address, headers={"host": host})
        text = b"".join(answer.streaming_content if answer.streaming else answer).decode().lower()
        assert (answer.status_code, {name for name in OWN.values() if name in text}) == (200, {OWN[host]}), address


def test_each_site_finds_and_counts_its_own_fiches(client, sites):
    for host, fiche in sites.items():
        read = partial(read_json, client, host)
        assert [item["titre"] for item in read("fiches?q=coopérative")["items"]] == [fiche.title]
        assert read("facettes")["count"] == 1
        assert read(f"fiches/{fiche.translation_key}")["titre"] == fiche.title
        assert read("fiches/four/a-proximite")["count"] == 0


def test_pages_published_before_their_site_have_its_addresses(client, sites):
    """Wagtail asks for the home page of a site first."""
    home = HomePageFactory(parent=Page.get_first_root_node(), title="Plus loin", slug="plus-loin")
    fiche = FichePageFactory(parent=FicheIndexPageFactory(parent=home, slug="fiches"), slug="pressoir")
    fiche.save()
    Site.objects.create(hostname="loin.test", port=80, root_page=home)
    (item,) = read_json(client, "loin.test", "fiches")["items"]
    assert item["url"] == "http://loin.test/fiches/pressoir/"
    assert item["url"] in client.get("/fiches/flux.atom", headers={"host": "loin.test"}).content.decode()


def test_pages_of_no_site_are_public_nowhere(client, tree, settings):
    """Those of a site that was deleted, and those whose site is not made yet, have no address."""
    FichePageFactory(parent=tree.fiches, slug="epicerie")
    home = HomePageFactory(parent=Page.get_first_root_node(), title="Nulle part", slug="nulle-part")
    fiche = FichePageFactory(parent=FicheIndexPageFactory(parent=home, slug="fiches"), slug="pressoir")

    def listed():
        said = {name: read_json(client, HERE, name) for name in ("fiches", "pages?type=fiche")}
        assert all(len(each["items"]) == each["count"] for each in said.values())
        return {name: [item["slug"] for item in each["items"]] for name, each in said.items()}

    alone = {"fiches": ["epicerie"], "pages?type=fiche": ["epicerie"]}
    assert listed() == alone
    site = Site.objects.create(hostname="loin.test", port=80, root_page=home)
    settings.ALLOWED_HOSTS = ["*"]
    assert [item["slug"] for item in read_json(client, "loin.test", "fiches")["items"]] == ["pressoir"]
    site.delete()
    assert listed() == alone
    # What webhooks and alerts read, outside any request.
    assert not Publication.objects.visible().filter(kind="fiche", object_id=fiche.pk).exists()


def read_json(client, host, address):
    return client.get(f"/api/v1/{address}", headers={"host": host}).json()
