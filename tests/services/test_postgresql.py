"""The suite really runs on PostgreSQL, and a server that goes away is a 503."""

from contextlib import closing

import pytest
from django.db import connection
from django.test import Client


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
