"""One question to the étapes: the API, both feeds and the calendar give the same ones, and refuse the same words."""

from xml.etree import ElementTree

import icalendar
import orjson
import pytest

from etapes.models import EtapePage
from tests.conftest import module_transaction, read_tree
from tests.factories import EditionFactory, EtapePageFactory, PartenaireFactory

LINK = "{http://www.w3.org/2005/Atom}entry/{http://www.w3.org/2005/Atom}link[@rel='alternate']"
ADDRESSES = {
    "/api/v1/etapes": lambda content: [item["url"] for item in orjson.loads(content)["items"]],
    "/etapes/flux.atom": lambda content: [link.get("href") for link in ElementTree.fromstring(content).findall(LINK)],
    "/etapes/calendrier.ics": lambda content: [
        str(event["URL"]) for event in icalendar.Calendar.from_ical(content).walk("VEVENT")
    ],
}


@pytest.fixture(scope="module")
def module_road(module_tree, django_db_blocker):
    """Two étapes, made once for the module."""
    with module_transaction(django_db_blocker):
        create_road(read_tree(module_tree))
        yield


def create_road(tree):
    cress = PartenaireFactory(nom="Réseau CRESS", slug="cress")
    dole = EtapePageFactory(
        parent=tree.etapes,
        slug="dole",
        title="Dole",
        commune_id="39198",
        latitude=47.09,
        longitude=5.49,
        edition=EditionFactory(annee=2013),
        organisateurs=[cress],
    )
    besancon = EtapePageFactory(
        parent=tree.etapes,
        slug="besancon",
        title="Besançon",
        commune_id="25056",
        latitude=47.24,
        longitude=6.02,
        edition=EditionFactory(annee=2014),
        chapo="Les épiceries solidaires",
    )
    for etape in (dole, besancon):
        etape.save_revision().publish()


@pytest.fixture
def road(module_road, tree, settings):
    settings.RALLYNOV_API_QUOTA = 0


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("", {"dole", "besancon"}),
        ("departement=39", {"dole"}),
        ("departement=39&departement=25", {"dole", "besancon"}),
        ("departement=39&edition=2014", set()),
        ("commune=besancon", {"besancon"}),
        ("partenaire=cress", {"dole"}),
        ("edition=2014", {"besancon"}),
        ("q=epicerie", {"besancon"}),
        ("depuis=2200-01-01", set()),
        ("bbox=5.4,47,5.6,47.2", {"dole"}),
        ("autour=47.24,6.02&rayon=5", {"besancon"}),
    ],
)
def test_the_four_addresses_give_the_same_etapes(client, road, question, expected):
    for address, read in ADDRESSES.items():
        found = {url.rstrip("/").rpartition("/")[2] for url in read(client.get(f"{address}?{question}").content)}
        assert (address, found) == (address, expected)


@pytest.mark.parametrize("question", ["departement=99", "partenaire=inconnu", "sphere=ess", "rayon=5", "bbox=1"])
def test_what_cannot_be_read_is_refused_in_the_same_words(client, road, question):
    answers = [client.get(f"{address}?{question}") for address in ADDRESSES]
    assert {answer.status_code for answer in answers} == {400}
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.usefixtures("enabled_response_cache")
def test_an_etape_that_moves_is_found_there_at_once(client, road, address):
    found = []
    for commune in ("39198", "25056"):
        dole = EtapePage.objects.get(slug="dole")
        dole.commune_id, dole.code_postal = commune, ""
        dole.save_revision().publish()
        for _made_then_kept in range(2):
            content = client.get(f"{address}?departement=25").content
            found.append({url.rstrip("/").rpartition("/")[2] for url in ADDRESSES[address](content)})
    assert found == [{"besancon"}] * 2 + [{"dole", "besancon"}] * 2
