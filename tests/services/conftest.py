"""Tests that need another server. `make services` gives them PostgreSQL through DATABASE_URL."""

import os
import shutil
import socket
from contextlib import closing
from pathlib import Path
from unittest import mock

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings as site_settings
from django.db import connection, connections
from django.test import TransactionTestCase

from tests.services.front_servers import filled
from tests.services.pannes.serveurs import Site

HERE = Path(__file__).parent
ROUNDS = int(os.environ.get("RALLYNOV_TOURS", "0"))
"""How often the tests of faults do what they do; 0: each as often as the continuous integration has time for."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.services)


@pytest.fixture(scope="session", autouse=True)
def _base_copied_again():
    """After a test that commits, the base is a new copy of the migrated one, where there is one: a tenth of the time that it takes
    to empty each table and to write again what migrations had put there."""
    if not site_settings.TEST_TEMPLATE:
        yield
        return
    with mock.patch.multiple(TransactionTestCase, _fixture_setup=lambda *_: None, _fixture_teardown=copy_base):
        yield


def copy_base(_case):
    """Makes the tests' database again, from ``TEST_TEMPLATE``."""
    connections.close_all()
    name = connection.settings_dict["NAME"]
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{site_settings.TEST_TEMPLATE}"')


class Mailbox:
    """An SMTP server's handler: keeps what it takes, refuses when told to."""

    refuses = False

    def __init__(self):
        self.mails = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.refuses:
            return "450 4.2.0 jeanne@tilleuls.test: try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        envelope.peer = session.peer
        self.mails.append(envelope)
        return "250 OK"


@pytest.fixture
def mailbox(settings):
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_PORT = controller.port
    yield mailbox
    controller.stop()


@pytest.fixture
def rounds():
    """``rounds(few)``: few in the continuous integration, ``RALLYNOV_TOURS`` where somebody takes the time."""
    return lambda few: ROUNDS or few


@pytest.fixture(scope="session")
def migrated_sqlite(migrated_database):
    """``copy(folder)``: a site in that folder whose base, a file, has its tables and nothing more."""

    def copy(folder):
        shutil.copy(migrated_database, folder / "site.sqlite3")
        return Site(folder, f"sqlite:///{folder / 'site.sqlite3'}")

    return copy


@pytest.fixture(scope="session")
def model(make_once, migrated_sqlite):
    """``(folder of a site with a few pages, addresses of its picture)``, to be copied with `front_servers.copy_of`."""
    return make_once("pages", lambda folder: filled(migrated_sqlite(folder)))


def free_port():
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
