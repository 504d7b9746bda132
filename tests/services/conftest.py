"""Tests that need another server. `make services` gives them PostgreSQL through DATABASE_URL."""

import socket
from contextlib import closing
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.services)


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


def free_port():
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
