"""No reader's request reads every page of the site: what it shows is found from the register, or by a key."""

import re

import pytest
from django.db import connection

from tests.factories import CarnetPageFactory, EtapePageFactory, FichePageFactory

pytestmark = [pytest.mark.nightly, pytest.mark.django_db]
ADDRESSES = [
    *(
        "/",
        "/fiches/",
        "/fiches/?departement=25&sphere=ess",
        "/fiches/?q=verger",
        "/fiches/recette/",
        "/fiches/carte.geojson",
    ),
    *("/fiches/flux.atom", "/etapes/", "/etapes/dole/", "/etapes/flux.atom", "/etapes/calendrier.ics", "/carnets/"),
    *("/recherche/?q=verger", "/plan-du-site/", "/api/v1/fiches", "/api/v1/etapes", "/api/v1/facettes"),
    "/api/v1/fiches.geojson",
]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads small tables whole whatever their indexes")
def test_no_request_scans_the_table_of_pages(tree, client):
    FichePageFactory(parent=tree.fiches, slug="recette", title="Le verger", commune_id="25056")
    EtapePageFactory(parent=tree.etapes, slug="dole", title="Dole")
    CarnetPageFactory(parent=tree.carnets, title="Carnet n° 1")
    client.get("/")  # which sites and lists there are: asked once per change of these
    asked = []

    def note(execute, sql, params, many, context):
        asked.append((sql, params))
        return execute(sql, params, many, context)

    for address in ADDRESSES:
        asked.clear()
        with connection.execute_wrapper(note):
            assert client.get(address).status_code == 200, address
        assert asked, address
        selects = [(sql, params) for sql, params in asked if sql.startswith("SELECT")]
        scanned = [(sql, table) for sql, params in selects for table in whole_tables(sql, params)]
        assert [sql for sql, table in scanned if reads_pages(sql, table)] == [], address


def whole_tables(sql, params):
    """The tables, or their aliases, that SQLite would read from end to end."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        return [match[1] for row in cursor.fetchall() if (match := re.match(r"SCAN (\w+)", row[3]))]


def reads_pages(sql, table):
    return table == "wagtailcore_page" or f'"wagtailcore_page" {table} ' in sql
