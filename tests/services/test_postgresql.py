"""The suite really runs on PostgreSQL, and a server that goes away is a 503."""

from contextlib import closing

import pytest
from django.db import connection
from django.test import Client

from fiches.publications.words import POSTGRESQL, TABLE


@pytest.mark.django_db
def test_the_services_run_on_postgresql():
    assert connection.vendor == "postgresql"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_connection_that_the_server_closed_is_503_then_works_again(home_page):
    browser = Client(raise_request_exception=False)
    assert browser.get("/").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    with closing(connection.copy()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    assert browser.get("/").status_code == 503
    connection.close()
    assert browser.get("/").status_code == 200


def plan(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}", values)
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.django_db
def test_a_word_that_every_row_holds_is_read_from_the_index_all_the_same():
    with connection.cursor() as cursor:
        texts = "array_agg(DISTINCT '4_' || left(md5((row * n % 997)::text), 8)) || '4_commun'::text"
        rows = f"SELECT row, array_to_tsvector({texts}) FROM generate_series(1, 2000) row, generate_series(1, 50) n"
        cursor.execute(f"INSERT INTO {TABLE} (rowid, mots) {rows} GROUP BY row")
        cursor.execute(f"SELECT gin_clean_pending_list('{TABLE}_gin')")
        cursor.execute(f"ANALYZE {TABLE}")
    assert "Seq Scan" in plan(f"SELECT rowid FROM {TABLE} WHERE mots @@ %s::tsquery", "'4_commun'")
    asked = plan(f"{POSTGRESQL.format(table=TABLE)}", "'4_commun'")
    assert ("Seq Scan" in asked, f"Bitmap Index Scan on {TABLE}_gin" in asked) == (False, True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    ["/", "/fiches/", "/etapes/", "/contact/", "/palmares/", "/api/v1/fiches", "/admin/pages/"],
)
def test_an_address_with_a_character_that_no_text_holds_is_not_found(client, tree, path):
    statuses = {client.get(f"{path}{end}").status_code for end in ("%00", "a%00b/", "a%00b")}
    assert statuses <= {301, 302, 404}
