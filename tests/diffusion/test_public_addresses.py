"""What each public address promises, whatever it is: its cost does not grow, it is not sent twice, it is compressed, any site may read
it, it sets no cookie, and it refuses what it cannot read."""

import gzip
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.batch_indexing import batch_indexing
from tests.conftest import module_transaction, read_tree
from tests.factories import (
    CarnetPageFactory,
    CritereFactory,
    EtapePageFactory,
    FichePageFactory,
    PartenaireFactory,
)

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/fiches/",
    "/fiches/un/",
    "/etapes/",
    "/etapes/un/",
    "/carnets/",
    "/carnets/un/",
    "/recherche/?q=pain",
    "/plan-du-site/",
]
API = [
    *(
        f"/api/v1/{name}"
        for name in (
            "fiches?par_page=50",
            "fiches/un",
            "fiches/un/semblables",
            "fiches/un/a-proximite",
            "fiches.geojson",
            "facettes",
            "grille",
        )
    ),
    *(
        f"/api/v1/{name}"
        for name in ("etapes?par_page=50", "etapes/un", "partenaires", "palmares", "carnets", "carnets/un", "site")
    ),
    *(
        f"/api/v1/{name}"
        for name in ("pages?par_page=50", "suppressions", "redirections", "recherche?q=pain", "openapi.json")
    ),
]
FEEDS = ["/fiches/flux.atom", "/etapes/flux.atom", "/carnets/flux.atom", "/etapes/calendrier.ics"]
DATA = [f"/fiches/{name}" for name in ("donnees.csv", "donnees.geojson", "schema.json", "carte.geojson")]
SHOWN_ELSEWHERE = [
    "/integration/liste/",
    "/integration/etapes/",
    "/oembed?url=http://localhost/fiches/un/",
]
FOR_PROGRAMS = [*API, *FEEDS, *DATA, "/etapes/un/etape.ics", "/sitemap.xml"]


def plant(tree, *slugs):
    """A fiche, an étape, a road book, a partner and a criterion for each slug."""
    with batch_indexing():
        for slug in slugs:
            partner = PartenaireFactory(nom=f"Réseau {slug}")
            FichePageFactory(parent=tree.fiches, slug=slug, title=f"Du pain {slug}", partenaire=partner)
            EtapePageFactory(parent=tree.etapes, slug=slug, title=f"Le pain {slug}", organisateurs=[partner])
            CarnetPageFactory(parent=tree.carnets, slug=slug, title=f"Carnet du pain {slug}")
            CritereFactory()


@pytest.fixture(scope="module")
def module_site(module_tree, django_db_blocker):
    with module_transaction(django_db_blocker):
        plant(read_tree(module_tree), "un")
        yield


@pytest.fixture
def site(module_site, tree):
    return tree


def read(client, address, **headers):
    """The answer, with its whole content."""
    answer = client.get(address, headers=headers)
    assert answer.status_code in (200, 304), address
    return answer, b"".join(answer.streaming_content) if answer.streaming else answer.content


def queries(client, addresses):
    """How many each address takes when it is read a second time."""
    counts = {}
    for address in addresses:
        read(client, address)
        with CaptureQueriesContext(connection) as asked:
            read(client, address)
        counts[address] = len(asked)
    return counts


def test_each_address_costs_the_same_for_one_and_for_five(client, site):
    addresses = [*PAGES, *FOR_PROGRAMS, *SHOWN_ELSEWHERE]
    before = queries(client, addresses)
    plant(site, "deux", "trois", "quatre", "cinq")
    after = queries(client, addresses)
    assert {each: (before[each], after[each]) for each in addresses if after[each] > before[each]} == {}


def test_no_address_is_sent_again_to_who_has_it(client, site, enabled_response_cache):
    """A 304 keeps the header that lets another site's script read it."""
    faults = {}
    for address in [*PAGES, *FOR_PROGRAMS]:
        again, content = read(client, address, if_none_match=client.get(address).headers.get("ETag", ""))
        opened = again.headers.get("Access-Control-Allow-Origin") == "*" or address in PAGES
        if (again.status_code, content, opened) != (304, b"", True):
            faults[address] = (again.status_code, opened)
    assert faults == {}


def test_each_address_is_compressed_for_who_reads_it(client, site, enabled_response_cache):
    faults = []
    for address in [*PAGES, *API, *FEEDS, "/fiches/carte.geojson"]:  # an export is streamed as it is
        plain, content = read(client, address, accept_encoding="identity")
        packed, compressed = read(client, address, accept_encoding="gzip")
        if packed.headers.get("Content-Encoding") == "gzip":
            compressed = gzip.decompress(compressed)
        elif len(content) >= 1000:
            faults.append(address)
        if compressed != content or "Content-Encoding" in plain.headers:
            faults.append(address)
    assert faults == []


def test_a_head_has_the_headers_of_a_get(client, site):
    for address in [*PAGES, *FOR_PROGRAMS]:
        asked = client.head(address)
        kind = client.get(address)["Content-Type"]
        assert (asked.status_code, b"".join(asked), asked["Content-Type"]) == (200, b"", kind), address


def test_no_address_sets_a_cookie(client, site):
    addresses = [*PAGES, *FOR_PROGRAMS, *SHOWN_ELSEWHERE]
    assert [address for address in addresses if client.get(address).cookies] == []


def test_any_site_may_read_what_is_for_programs(client, site):
    """A script that sends a header of its own asks first (OPTIONS): without that answer the browser reads nothing."""
    outlines = [reverse(name) for name in ("contours", "limites", "villes")]
    faults = {}
    for address in [*FOR_PROGRAMS, *SHOWN_ELSEWHERE[:3], *outlines]:
        asked = client.options(address)
        told = [
            client.get(address).headers.get("Access-Control-Allow-Origin") if address not in SHOWN_ELSEWHERE else "*",
            *(asked.status_code, asked.content, asked.headers.get("Access-Control-Allow-Origin")),
            asked.headers.get("Access-Control-Allow-Methods"),
            "If-None-Match" in asked.headers.get("Access-Control-Allow-Headers", ""),
        ]
        if told != ["*", 204, b"", "*", "GET, HEAD, OPTIONS", True]:
            faults[address] = told
    assert faults == {}


@pytest.mark.parametrize(("name", "value"), [("langue", "zzz"), ("format", "xml"), ("page", "zzz"), ("inconnu", "1")])
def test_no_resource_ignores_what_it_cannot_read(client, site, name, value):
    """Who asks for one edition's prizes and gets them all would publish the wrong ones."""
    faults = {}
    for address in {urlsplit(each).path for each in API if "openapi" not in each}:
        answer = client.get(address, {name: value})
        if (answer.status_code, list(answer.json().get("parametres", []))) != (400, [name]):
            faults[address] = answer.content[:200]
    assert faults == {}


@pytest.mark.parametrize("address", [*DATA[:2], "/fiches/carte.geojson", *FEEDS[:1]])
def test_a_file_of_a_question_that_cannot_be_read_is_refused(client, site, address):
    answer = client.get(address, {"departement": "zz"})
    assert answer.status_code == 400
    assert "departement" in answer.content.decode()


def test_what_is_not_public_is_at_no_address(client, site):
    FichePageFactory(parent=site.fiches, title="Le pain zygomat", live=False)
    EtapePageFactory(parent=site.etapes, title="Le pain zygomat", live=False)
    CarnetPageFactory(parent=site.carnets, title="Le pain zygomat", live=False)
    addresses = [*PAGES, *FOR_PROGRAMS, *SHOWN_ELSEWHERE]
    assert [address for address in addresses if b"zygomat" in read(client, address)[1]] == []
