"""Error pages are French, and 500 and 503 need nothing that may be broken."""

import json
import os
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from django.db import OperationalError
from django.test import Client

from tests.factories import UserFactory

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def client_with_error_pages():
    """A browser's eye: sees the error page instead of the exception."""
    return Client(raise_request_exception=False)


def break_view(monkeypatch, error: Exception) -> None:
    def fail():
        raise error

    monkeypatch.setattr("config.health.CHECKS", {"base_de_donnees": fail})
    monkeypatch.setattr("config.health.FAILURES", ())


def test_404_is_french(client, home_page):
    response = client.get("/nulle-part/")
    assert response.status_code == 404
    assert "Page introuvable" in response.content.decode()


def test_500_is_french_and_needs_no_database(client_with_error_pages, monkeypatch):
    break_view(monkeypatch, RuntimeError("secret detail"))
    response = client_with_error_pages.get("/sante/pret")
    page = response.content.decode()
    assert response.status_code == 500
    assert "Le site est en panne" in page
    assert "secret detail" not in page
    assert response.headers["Cache-Control"] == "no-store"


def test_a_database_that_fails_is_503_with_when_to_come_back(client_with_error_pages, monkeypatch):
    break_view(monkeypatch, OperationalError("server closed the connection at 10.0.0.7"))
    response = client_with_error_pages.get("/sante/pret")
    page = response.content.decode()
    assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
    assert "Site en maintenance" in page
    assert "10.0.0.7" not in page


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.nightly
def test_without_its_database_the_real_site_answers_503_and_stays_alive():
    script = """
        import django, json
        django.setup()
        from django.test import Client
        client = Client(raise_request_exception=False, SERVER_NAME="127.0.0.1")
        ask = lambda address: client.get(address)
        page, api, ready, alive = map(ask, ["/", "/api/v1/fiches", "/sante/pret", "/sante/vivant"])
        works = ask("/sante/travaux")
        cookie = Client(raise_request_exception=False, SERVER_NAME="127.0.0.1")
        cookie.cookies["sessionid"] = "a" * 32
        print(json.dumps({
            "page": [page.status_code, page["Retry-After"], "Site en maintenance" in page.content.decode()],
            "api": [api.status_code, api["Content-Type"]],
            "ready": [ready.status_code, ready.json()],
            "alive": [alive.status_code, alive.json()],
            "works": [works.status_code, works.json()],
            "with_session": cookie.get("/admin/").status_code,
        }))
    """
    env = {**os.environ, "DATABASE_URL": f"postgres://site:s3cret@127.0.0.1:{closed_port()}/site"}
    env |= {"DJANGO_SETTINGS_MODULE": "config.settings.dev", "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}"}
    outcome = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert json.loads(outcome.stdout) == {
        "page": [503, "60", True],
        "api": [503, "application/problem+json"],
        "ready": [
            503,
            {
                "pret": False,
                "base_de_donnees": False,
                "migrations": False,
                "cache": True,
                "fichiers": True,
                "restauration": True,
                "pages": False,
            },
        ],
        "alive": [200, {"vivant": True}],
        "works": [503, {"travaux": False, "base_de_donnees": False, "jamais": []}],
        "with_session": 503,
    }


def test_a_form_that_stayed_open_too_long_gives_back_what_was_typed(home_page):
    browser = Client(enforce_csrf_checks=True)
    typed = {"login": "Une longue histoire <b>", "password": "hunter2"}
    response = browser.post("/admin/login/", typed, headers={"Origin": "http://testserver"})
    page = response.content.decode()
    assert response.status_code == 403
    assert "Le formulaire n’est pas envoyé : renvoyez-le" in page
    assert "Une longue histoire &lt;b&gt;" in page
    assert "hunter2" not in page


def test_another_site_cannot_make_ours_show_its_text(home_page):
    browser = Client(enforce_csrf_checks=True)
    response = browser.post("/admin/login/", {"login": "Call 0899"}, headers={"Origin": "https://evil.example"})
    assert response.status_code == 403
    assert "Call 0899" not in response.content.decode()


def test_the_address_of_a_button_that_is_opened_leads_back_to_its_form(client, home_page):
    client.force_login(UserFactory(role="admin"))
    response = client.get("/admin/logout/")
    page = response.content.decode()
    assert (response.status_code, "elle ne se modifie pas" in page) == (405, False)
    assert "Revenez à la page du formulaire, et appuyez sur son bouton." in page


@pytest.mark.parametrize(
    ("copied", "page"),
    [
        *(("/fiches/.", "/fiches/"), ("/fiches.", "/fiches/"), ("/fiches/...", "/fiches/"), ("/.", "/")),
        *(("/%5Cevil.test/.", "/%5Cevil.test/"), ("/a//evil.test.", "/a/evil.test/")),
    ],
)
def test_an_address_copied_with_the_full_stop_of_its_sentence_leads_to_the_page(tree, client, copied, page):
    response = client.get(copied)
    assert (response.status_code, response["Location"]) == (302, page)
