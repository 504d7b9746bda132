"""The archive and its feeds: the last issue first, whole; nothing that is not online."""

from xml.etree import ElementTree

import pytest

from tests.batch_indexing import batch_indexing
from tests.factories import CarnetPageFactory

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def issues(tree):
    def make(number, **fields):
        with batch_indexing():
            for rank in range(number):
                CarnetPageFactory(
                    parent=tree.carnets, slug=f"n-{rank}", title=f"N° {rank}", date=f"20{13 + rank % 9}-02-01", **fields
                ).save_revision().publish()

    return make


def test_the_feeds_tell_the_issues_the_last_one_first(client, issues, tree):
    issues(3)
    CarnetPageFactory(parent=tree.carnets, title="Brouillon-caché", live=False)
    atom = client.get("/carnets/flux.atom")
    assert atom["Content-Type"] == "application/atom+xml; charset=utf-8"
    titles = [entry.findtext(f"{ATOM}title") for entry in ElementTree.fromstring(atom.content).iter(f"{ATOM}entry")]
    assert titles == ["N° 2", "N° 1", "N° 0"]
    assert "Brouillon-caché" not in atom.content.decode()


def test_the_archive_leads_to_the_feeds_and_to_the_subscription(client, issues):
    issues(1)
    page = client.get("/carnets/").content.decode()
    for address in ('href="http://localhost/carnets/flux.atom"', 'href="/carnets/abonnement/"'):
        assert address in page
    assert 'href="/carnets/n-0/carnet.pdf"' in client.get("/carnets/n-0/").content.decode()
