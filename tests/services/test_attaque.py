"""Twenty-five thousand hostile requests through every public address, form and API operation: nothing fails, nothing changes."""

import hashlib
import logging
import os
import sys

import pytest
from django.apps import apps
from django.core.signals import got_request_exception
from django.db import connection
from django.test import Client
from wagtail.documents.models import Document

from tests.addresses import accounts_and_records as accounts_and_records
from tests.addresses import lines
from tests.addresses import module_accounts_and_records as module_accounts_and_records
from tests.factories import ContentPageFactory, CritereFactory
from tests.services.attaque import Attacker, fields_of

pytestmark = [pytest.mark.django_db, pytest.mark.nightly]

SEEDS = range(5)
COUNT = int(os.environ.get("RALLYNOV_ATTAQUES", "5000")) // len(SEEDS)
FORMS = (
    "/candidature/",
    "/signaler/",
    "/fiches/suivre/",
    "/etapes/dole/inscription/",
    "/integration/",
    "/admin/login/",
    "/admin/password_reset/",
    "/admin/double-authentification/authenticate/",
    "/documents/authenticate_with_password/{restriction_de_collection}/",
    "/_util/authenticate_with_password/{restriction}/{fiche}/",
)
TRACES = (
    "Traceback (most recent",
    "OperationalError",
    "DataError",
    "django.db",
    "/site-packages/",
    "SECRET_KEY",
    "sqlite3.",
)
# What the public writes by its own forms, and what the site remembers of having answered.
WRITTEN_BY_ANYONE = {
    "django_session", "rallynov_candidatures_dossier", "rallynov_candidatures_signalement", "rallynov_candidatures_jeton", "rallynov_candidatures_evenement",
    "rallynov_candidatures_consentement", "rallynov_fiches_abonnement", "rallynov_diffusion_chargement", "rallynov_etapes_inscription",
    "rallynov_fiches_courriel", "rallynov_fiches_recherchevaine", "django_tasks_database_dbtaskresult",
    "rallynov_fiches_publication", "rallynov_fiches_version", "search_version", "rallynov_fiches_mot", "fiches_variante",
    "home_illustrationrendition",
}  # fmt: skip


def digests():
    """``{table: hash of its rows}``."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            columns = [f'"{field.column}"' for field in model._meta.local_concrete_fields]
            cursor.execute(f'SELECT {", ".join(columns)} FROM "{table}"')
            rows = sorted(repr(row) for row in cursor.fetchall())
            found[table] = hashlib.sha256("\n".join(rows).encode("utf-8", "replace")).hexdigest()
    return found


@pytest.fixture(params=SEEDS)
def attacker(request, accounts_and_records, tree):
    _people, names = accounts_and_records
    ContentPageFactory(parent=tree.home, slug="confidentialite")  # with the grid: the public forms are open
    CritereFactory()
    for document in Document.objects.all():  # Wagtail notes them when one is first downloaded
        document.get_file_size(), document.get_file_hash()
    client = Client()
    table = [address.format(**names) for address, below, _statuses in lines() if not below]
    public = [address for address in table if not address.startswith("/admin/")]
    forms = []
    for address in FORMS:
        address = address.format(**names)
        found = fields_of(client.get(address).content.decode("utf-8", "replace"))
        forms.append((address, [*found, "inconnu", "next"]))
    assert sum(len(found) for _address, found in forms) > 60
    return Attacker(request.param, [*public, *table[::7]], operations(client), forms)


def is_no_fault(response):
    """oEmbed's own answer to a format that it doesn't have."""
    return response.status_code == 501 and response.request["PATH_INFO"] == "/oembed"


def operations(client):
    """Each operation of the schema of our API, ``(method, path, parameters)``."""
    found = []
    for path, methods in client.get("/api/v1/openapi.json").json()["paths"].items():
        for method, operation in methods.items():
            names = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"]
            found.append((method.upper(), path, names))
    assert len(found) > 15
    return found


def test_no_fault_no_trace_no_change(attacker):
    before = digests()
    client = Client(raise_request_exception=False)
    faults, seen, statuses = [], 0, {}
    raised = []
    got_request_exception.connect(lambda **kw: raised.append(sys.exc_info()[1]), weak=False, dispatch_uid="attaque")
    logging.disable(logging.CRITICAL)
    try:
        for method, address, more in attacker.requests(COUNT):
            seen += 1
            client.cookies.clear()
            response = client.generic(method, address, **more) if method != "POST" else client.post(address, **more)
            statuses[response.status_code] = statuses.get(response.status_code, 0) + 1
            content = b"" if response.streaming else response.content
            text = content.decode("utf-8", "replace")
            if (
                (response.status_code >= 500 and not is_no_fault(response))
                or any(trace in text for trace in TRACES)
                or "X-Injected" in response.headers
            ):
                faults.append((method, address[:300], more, response.status_code, raised[-1:]))
            raised.clear()
            if len(faults) > 30:
                break
    finally:
        logging.disable(logging.NOTSET)
        got_request_exception.disconnect(dispatch_uid="attaque")
    assert not faults, "\n".join(map(repr, faults))
    assert seen == COUNT
    assert statuses[200] > COUNT / 20
    after = digests()
    changed = {table for table in after if after[table] != before[table]}
    assert changed <= WRITTEN_BY_ANYONE, changed - WRITTEN_BY_ANYONE
