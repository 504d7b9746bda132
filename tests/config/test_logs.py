"""Logs say what happened, never to whom."""

import json
import logging
import logging.config

import pytest
import structlog

from config.logs import logging_config, path_without_secrets


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
    assert path_without_secrets(path) == logged


def test_a_process_that_is_alive_has_no_line_each_second(client, capsys):
    """Varnish asks each instance every second: two instances would write 170,000 lines a day."""
    logging.config.dictConfig(logging_config(as_json=True))
    try:
        client.get("/sante/vivant")
        assert "request_id" not in structlog.contextvars.get_contextvars()
        client.post("/sante/vivant")
    finally:
        logging.config.dictConfig(logging_config(as_json=False))
    told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["request"], line["code"]) for line in told] == [("POST /sante/vivant", 405)]


def test_a_request_s_line_is_json_without_personal_data(client, capsys):
    logging.config.dictConfig(logging_config(as_json=True))
    try:
        client.post(
            "/sante/vivant?courriel=jeanne@exemple.fr",
            headers={"User-Agent": "Jeanne's browser"},
            REMOTE_ADDR="203.0.113.9",
        )
        structlog.get_logger("test").warning("refused", detail="no mail to jeanne@exemple.fr from 203.0.113.9")
    finally:
        logging.config.dictConfig(logging_config(as_json=False))
    written = capsys.readouterr().err
    request, warning = (json.loads(line) for line in written.splitlines())
    assert (request["event"], request["request"], request["code"]) == ("request_finished", "POST /sante/vivant", 405)
    assert warning["detail"] == "no mail to [courriel] from [adresse]"
    for personal in ("jeanne", "Jeanne", "203.0.113.9"):
        assert personal not in written
