"""Reads every line that the suite would have written to the site's log, and fails the test that wrote a secret."""

import logging
import logging.config
import re
import secrets

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.signing import Signer

from config.logs import logging_config

WORD = re.compile(r"[\w-]{12,}")
MAIL = re.compile(r"[^\s\"'<>@]+@[^\s\"'<>@]+\.\w+")
PHONE = re.compile(r"(?<![\w.-])(?:\+33|0)\s?[1-9](?:[ .-]?\d\d){4}(?!\w)")


class Journal(logging.Handler):
    """Formats each record as production does. Attributes: known (the secrets that this process made), lines (those
    that hold one of them, an e-mail address or a telephone number)."""

    def __init__(self):
        super().__init__(logging.INFO)
        config = logging.config.DictConfigurator(logging_config(as_json=True))
        self.formatter = config.configure_formatter(config.config["formatters"]["structured"])
        self.known, self.lines = set(), []

    def emit(self, record):
        line = self.format(record)
        if MAIL.search(line) or PHONE.search(line) or not self.known.isdisjoint(WORD.findall(line)):
            self.lines.append(line)

    def learn(self, patch, owner, name):
        """Remembers what ``owner.name()`` returns; a signature also without the sign that parts it from its value."""
        made = getattr(owner, name)

        def remember(*arguments, **options):
            text = made(*arguments, **options)
            self.known |= {text, text.rpartition(":")[2], text.replace(":", "")}
            return text

        patch.setattr(owner, name, remember)


@pytest.fixture(scope="session")
def journal():
    journal = Journal()
    with pytest.MonkeyPatch.context() as patch:
        journal.learn(patch, secrets, "token_urlsafe")
        journal.learn(patch, Signer, "sign")
        journal.learn(patch, PasswordResetTokenGenerator, "_make_token_with_timestamp")
        yield journal
    logging.getLogger().removeHandler(journal)


@pytest.fixture(autouse=True)
def _no_secret_logged(request):
    """Not on each push (``-m "not nightly"``): each line is formatted as on the site."""
    if "not nightly" in request.config.option.markexpr:
        yield
        return
    journal = request.getfixturevalue("journal")
    logging.getLogger().addHandler(journal)  # a test that configures the logs takes it away
    yield
    lines, journal.lines = journal.lines, []
    assert lines == []
