"""The addresses of an étape answer while it has no date; `tests/test_every_address.py` asks all others beside two without a date."""

import pytest

from etapes.models import EtapePage
from tests.addresses import accounts_and_records as accounts_and_records
from tests.addresses import lines
from tests.addresses import module_accounts_and_records as module_accounts_and_records

pytestmark = pytest.mark.django_db


OWN = ("dole", "{etape}", "{inscription}", "{cle}", "{secret}")


@pytest.mark.parametrize("role", ["anonyme", "redaction", "admin"])
def test_no_address_of_an_etape_breaks_when_it_has_no_date(client, accounts_and_records, role):
    people, names = accounts_and_records
    etape = EtapePage.objects.get(pk=names["etape"])
    etape.date, etape.numero, etape.commune_id = None, 4, "39198"
    etape.presentations.create(fiche_id=names["fiche"])
    etape.save_revision().publish()
    client.raise_request_exception = False
    if people[role]:
        client.force_login(people[role])
    answers = {}
    for address, _below, expected in lines():
        if not any(name in address for name in OWN):
            continue
        filled = address.format(**names)
        answers[filled] = (client.get(filled).status_code, expected[role])
    broken = {address: answer for address, (answer, _expected) in answers.items() if answer >= 500}
    # Only its calendar file, which would be an event without a date.
    other = {address for address, (answer, expected) in answers.items() if (answer, expected) == (404, 200)}
    assert (broken, other) == ({}, {"/etapes/dole/etape.ics", f"/inscription/{names['secret']}/agenda/"})
