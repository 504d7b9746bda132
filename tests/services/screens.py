"""What several test modules of this room do and read on its screens."""

from unittest import mock

import pytest
import requests
from urllib3.util import connection

from tests.services.front_servers import Nginx

HOST = Nginx.host


@pytest.fixture(scope="module", autouse=True)
def _name():
    """The host's name leads here."""
    known = connection.create_connection

    def create(address, *arguments, **options):
        return known(("127.0.0.1" if address[0] == HOST else address[0], address[1]), *arguments, **options)

    with mock.patch.object(connection, "create_connection", create):
        yield


def get(nginx, path, session=requests, **options):
    options["headers"] = {"Host": HOST, **options.get("headers", {})}
    return session.get(nginx.address + path, verify=False, timeout=60, allow_redirects=False, **options)
