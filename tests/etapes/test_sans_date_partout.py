"""Every address of the site answers while étapes have no date: one announced so, one cancelled before it had one."""

import pytest

from etapes.models import EtapePage
from tests.factories import EtapePageFactory
from tests.test_access import cast as cast
from tests.test_access import lines
from tests.test_access import stage as stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def undated(cast, tree):
    """The étape of the table without its date, which has a fiche, a registration and a place in a carnet."""
    _people, names = cast
    etape = EtapePage.objects.get(pk=names["etape"])
    etape.date, etape.numero, etape.commune_id = None, 4, "39198"
    etape.presentations.create(fiche_id=names["fiche"])
    etape.save_revision().publish()
    carnet = tree.carnets.get_children().specific().get(pk=names["carnet"])
    carnet.corps = [("etapes", {"titre": "", "etapes": [etape]})]
    carnet.save_revision().publish()
    EtapePageFactory(parent=tree.etapes, slug="annulee", date=None, statut="annulee")
    return etape


@pytest.mark.parametrize("role", ["anonyme", "redaction", "admin"])
def test_no_address_breaks_where_an_etape_has_no_date(client, cast, undated, role):
    people, names = cast
    client.raise_request_exception = False
    if people[role]:
        client.force_login(people[role])
    answers = {}
    for address, _below, expected in lines():
        filled = address.format(**names)
        answers[filled] = (client.get(filled).status_code, expected[role])
    broken = {address: answer for address, (answer, _expected) in answers.items() if answer >= 500}
    # Only its calendar file, which would be an event without a date.
    other = {address for address, (answer, expected) in answers.items() if (answer, expected) == (404, 200)}
    assert (broken, other) == ({}, {"/etapes/dole/etape.ics", f"/inscription/{names['secret']}/agenda/"})
