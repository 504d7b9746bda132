"""Logs say what happened, never to whom."""

import contextlib
import json
import logging
import logging.config
import re
import threading
import time
from uuid import uuid4

import pytest
import structlog
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.signing import dumps
from django.db import OperationalError
from django.http import Http404
from django.test import Client

from config import error_mails
from config.logs import logging_config
from config.masking import mask
from fiches.forms.private_address import new_link_secret
from tests.addresses import patterns


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        (
            "/fiches/la-recette-d-une-organisation-partagee-2011/",
            "/fiches/la-recette-d-une-organisation-partagee-2011/",
        ),
        ("/candidature/Jx0mB7y3kq9Xc2vL5pQw8rT1uZ4aE6sD/", "/candidature/…/"),
        ("/candidature/5f3c1a2be4d94b6c8a7f9e0d1c2b3a49/", "/candidature/…/"),
        ("/inscription/eyJpZCI6N30:1rXbQz:Zk3J5x/", "/inscription/…/"),
        (
            "/admin/password_reset/confirm/MQ/d1k3ab-0123456789abcdef0123456789abcdef/",
            "/admin/password_reset/confirm/MQ/…/",
        ),
    ],
)
def test_the_secret_of_a_link_is_not_logged(path, logged):
    assert mask(path) == logged


@contextlib.contextmanager
def captured_log(capsys, *, as_json=True, level="INFO"):
    """A list, whose one item is afterwards what was written to the log meanwhile."""
    told = []
    logging.config.dictConfig(logging_config(as_json=as_json, level=level))
    capsys.readouterr()
    try:
        yield told
    finally:
        told.append(capsys.readouterr().err)
        with capsys.disabled():  # what is written later isn't for this test's stderr, which is closed
            logging.config.dictConfig(settings.LOGGING)


def test_a_request_s_line_is_json_without_personal_data(client, capsys):
    with captured_log(capsys) as log:
        client.post(
            "/sante/vivant?courriel=jeanne@exemple.fr",
            headers={"User-Agent": "Jeanne's browser"},
            REMOTE_ADDR="203.0.113.9",
        )
        structlog.get_logger("test").warning("refused", detail="no mail to jeanne@exemple.fr from 203.0.113.9")
    request, warning = (json.loads(line) for line in log[0].splitlines())
    assert (request["event"], request["request"], request["code"]) == ("request_finished", "POST /sante/vivant", 405)
    assert warning["detail"] == "no mail to [courriel] from [adresse]"
    for personal in ("jeanne", "Jeanne", "203.0.113.9"):
        assert personal not in log[0]


SECRET_PART = re.compile(r"<(?:\w+:)?(?:secret|jeton|token)>")
PART = re.compile(r"<(?:(?P<kind>\w+):)?\w+>")
PLAIN = {"int": "7", "uuid": "8b8e3f3a-57a0-4b8e-9d0c-0a5b6c7d8e9f", "slug": "structure", "str": "MQ", None: "MQ"}
MAIL, PHONES = (
    "jeanne.dupont@exemple.fr",
    ["06 12 34 56 78", "0612345678", "+33 6 12 34 56 78", "06\xa012\xa034\xa056\xa078"],
)
# An address that is no room of secrets, so that its line is masked by nothing else.
FAULTS = {
    "csrf": None,
    "suspicious": SuspiciousOperation,
    "fault": ValueError,
    "absent": Http404,
    "unreadable": BadRequest,
    "database": OperationalError,
}


def secret_addresses():
    """``(route, path, secret)`` of each address that holds a secret, made as the site makes them."""
    for route in patterns():
        if SECRET_PART.search(route):
            secret = new_link_secret()
            if "<str:jeton>" in route:
                secret = uuid4().hex + secret
            elif "<token>" in route:
                secret = "d1k3ab-" + uuid4().hex
            yield route, "/" + PART.sub(lambda part: PLAIN[part["kind"]], SECRET_PART.sub(secret, route)), secret


class Failing:
    """Fails in a view's place, as a library would: with what it was given in the message."""

    error = None

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if self.error:
            detail = f"Key (x)=({request.path.split('/')[2:]!r}, {MAIL}, {PHONES!r}) at {request.path}"
            raise self.error(detail) from KeyError(request.get_full_path())


def assert_nothing_told(log, *secrets):
    assert log
    for told in (*secrets, MAIL, *PHONES, "jeanne", "612345678", "12 34 56", "12\\xa034"):
        assert told not in log, told


@pytest.mark.django_db
@pytest.mark.parametrize("fault", FAULTS)
def test_no_fault_at_a_secret_address_writes_the_secret_a_mail_or_a_phone(fault, settings, capsys, monkeypatch):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.Failing"]
    monkeypatch.setattr(Failing, "error", FAULTS[fault])
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    addresses = [*secret_addresses()]
    assert len(addresses) > 15
    with captured_log(capsys) as log:
        for _route, path, _secret in addresses:
            answer = client.post(f"{path}?courriel={MAIL}") if fault == "csrf" else client.get(path)
            if fault != "csrf":
                assert answer.status_code >= 400
    assert_nothing_told(log[0], *(secret for _route, _path, secret in addresses))
    for line in log[0].splitlines():
        json.loads(line)
    if fault == "fault":
        assert "Traceback" in log[0] and "KeyError" in log[0]  # still of use to who looks for the fault
    if fault == "csrf":
        assert '"logger": "django.security.csrf"' in log[0]


class LoggedObject:
    """An object that a library gives to the log."""

    def __init__(self, text):
        self.text = text

    def __repr__(self):
        return f"<Held: {self.text}>"


@pytest.mark.parametrize(
    "name", ["", "django.security.csrf", "gunicorn.error", "gunicorn.access", "django.request", "x.y"]
)
@pytest.mark.parametrize("as_json", [True, False])
def test_every_part_of_a_record_of_every_logger_is_masked(name, as_json, capsys):
    secret, signed = new_link_secret(), dumps({"courriel": MAIL}, salt="x")
    message = f"/abonnement/{secret}/ {signed} {MAIL} {PHONES}"
    logger = logging.getLogger(name)
    with captured_log(capsys, as_json=as_json) as log:
        logger.critical("message %s", message)
        logger.critical(message)
        logger.critical("an object %s and %r", LoggedObject(message), {"a": [message]})
        logger.critical("extra", extra={"held": LoggedObject(message), "depth": {"a": [{message: (message,)}]}})
        structlog.get_logger(name).critical("event", path=message, nested={"a": {message}}, held=LoggedObject(message))
        structlog.get_logger(name).critical(message, stack_info=True)
        with contextlib.suppress(ValueError):
            try:
                raise KeyError(message)
            except KeyError as error:
                error.add_note(message)
                logger.critical("traceback", exc_info=True)
                raise ValueError(message) from error
        logger.critical("wrong arguments %d", message)
    assert_nothing_told(log[0], secret, signed, signed.partition(":")[0], secret[:30])
    assert log[0].count("[courriel]") > 8


@pytest.mark.parametrize("part", ["a", "a.", "aB3", "a-", "0", "06 12 ", "a:", "a@", "+33", "/abonnement/"])
def test_a_long_text_of_a_visitor_s_is_masked_at_once(part):
    started = time.process_time()
    mask(part * 100_000)
    assert time.process_time() - started < 2


def test_a_reset_link_s_secret_is_masked_outside_an_address_too(db):
    from tests.factories import UserFactory

    token = default_token_generator.make_token(UserFactory())
    assert token.partition("-")[2] not in mask(f"token {token} was refused")


@pytest.mark.django_db
def test_a_link_s_secret_is_in_no_log_of_any_level(client, capsys):
    with captured_log(capsys, level="DEBUG") as log:
        for _route, path, _secret in (addresses := [*secret_addresses()]):
            client.get(path)
    assert_nothing_told(log[0], *(secret for _route, _path, secret in addresses))


@pytest.mark.django_db
def test_what_a_visitor_sent_wrong_has_no_traceback(settings, capsys, monkeypatch, client):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.Failing"]
    monkeypatch.setattr(Failing, "error", SuspiciousOperation)
    with captured_log(capsys) as log:
        client.get("/recherche/")
    lines = [json.loads(line) for line in log[0].splitlines()]
    assert [line["logger"] for line in lines] == [
        "django.security.SuspiciousOperation",
        "django_structlog.middlewares.request",
    ]
    assert "Traceback" not in log[0]


def mails_to_admins():
    """What ADMINS got; mails leave in threads of their own."""
    for thread in threading.enumerate():
        if thread.name == "config.error_mails":
            thread.join(10)
    return mail.outbox


@pytest.mark.django_db
def test_a_fault_is_mailed_to_admins_once_an_hour_with_the_reference_of_the_page(settings, capsys, monkeypatch):
    settings.ADMINS = [("", "technique@exemple.fr")]
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.Failing"]
    monkeypatch.setattr(Failing, "error", ZeroDivisionError)
    client, path = Client(raise_request_exception=False), f"/candidature/{new_link_secret()}/"
    with captured_log(capsys) as log:
        pages = [client.get(path).content.decode() for _ in range(5)]
        api = client.get("/api/v1/fiches/").json()
        logging.getLogger("x").error("another fault")
        logging.getLogger("x").warning("no fault")
        outbox = mails_to_admins()
    assert {message.subject for message in outbox} == {"[Rally’nov] another fault", "[Rally’nov] request_failed"}
    assert len(outbox) == 2
    (message,) = [message for message in outbox if "request_failed" in message.subject]
    assert message.to == ["technique@exemple.fr"] and "Traceback" in message.body
    assert_nothing_told(message.body + message.subject, path.split("/")[2])
    references = [re.search(r"<strong>([0-9a-f]{8})</strong>", page)[1] for page in pages]
    assert references[0] in message.body and len(set(references)) == 5
    for reference in [*references, api["instance"].rpartition(":")[2]]:
        assert f'"request_id": "{reference}' in log[0]
    assert "équipe est prévenue" not in pages[0]


def test_a_fault_is_mailed_once_while_the_cache_is_down(settings, monkeypatch):
    settings.ADMINS = [("", "technique@exemple.fr")]
    monkeypatch.setattr(error_mails.cache, "add", lambda *_args: True)
    handler = error_mails.AdminsHandler()
    for _ in range(3):
        handler.handle(logging.makeLogRecord({"name": "x", "msg": "the cache is down"}))
    assert len(mails_to_admins()) == 1
