"""A production start with a variable missing or wrong stops with one clear line."""

import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from config import environment

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "SECRET_KEY": "k3Jx7wQz9vL2mN8bR5tY1uP4sD6fG0hAzXcVbNmQwErTyUiOpLk",
    "ALLOWED_HOSTS": "www.rallynov.example,rallynov.example",
    "BASE_URL": "https://www.rallynov.example",
    "DATABASE_URL": "postgres://site:secret@127.0.0.1:1/site",
    "EMAIL_URL": "smtp+tls://site:secret@mail.example:587",
}
SETTINGS = ROOT / "site/config/settings"
IMPORT_SETTINGS = "import config.settings.production"


def start(*command: str, without: str = "", **variables: str) -> subprocess.CompletedProcess:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    env = {**kept, **GOOD, **variables, "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}"}
    env.pop(without, None)
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)


class Production:
    """The settings of production, read in the tests' process from the good variables and those that a test changes."""

    def __init__(self, monkeypatch, capsys):
        self.monkeypatch, self.capsys = monkeypatch, capsys

    def settings(self, without: str = "", **variables: str):
        with self.monkeypatch.context() as patch:
            for name in [*os.environ]:
                if name not in ("PATH", "HOME", "LANG") and not name.startswith(("PYTEST", "PYTHON")):
                    patch.delenv(name)
            for name, value in {**GOOD, **variables}.items():
                if name != without:
                    patch.setenv(name, value)
            for module in ("config.settings.base", "config.settings.production"):
                patch.delitem(sys.modules, module, raising=False)
            return importlib.import_module("config.settings.production")

    def refuses(self, name: str, **variables: str) -> str:
        """The line that is written instead of a start: one, which begins with the variable's name."""
        with pytest.raises(SystemExit) as stop:
            self.settings(**variables)
        out, err = self.capsys.readouterr()
        assert (stop.value.code, out, err.count("\n")) == (environment.REFUSED, "", 1), variables
        assert err.startswith(f"Le site ne démarre pas : la variable {name} "), variables
        return err


@pytest.fixture
def production(monkeypatch, capsys):
    return Production(monkeypatch, capsys)


def assert_refused(outcome: subprocess.CompletedProcess, name: str) -> None:
    assert outcome.returncode == environment.REFUSED
    assert outcome.stdout == ""
    assert outcome.stderr.count("\n") == 1
    assert outcome.stderr.startswith(f"Le site ne démarre pas : la variable {name} ")


def test_production_starts_with_good_variables():
    outcome = start("-c", IMPORT_SETTINGS)
    assert (outcome.returncode, outcome.stderr) == (0, "")


def test_production_is_closed_by_default(production):
    settings = production.settings()
    assert (settings.DEBUG, settings.RALLYNOV_DEMO, settings.SECURE_PROXY_SSL_HEADER) == (False, False, None)
    assert (settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS) == (True, 31536000)
    assert (settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE) == (True, True)
    assert settings.SESSION_COOKIE_NAME == "__Host-session"
    assert settings.RALLYNOV_MFA_REQUIRED is True


@pytest.mark.parametrize(
    ("setting", "variable", "value", "read"),
    [
        ("WAGTAIL_REDIRECTS_FILE_STORAGE", "CACHE_URL", "", "tmp_file"),
        ("WAGTAIL_REDIRECTS_FILE_STORAGE", "CACHE_URL", "valkey://cache.example:6379/0", "cache"),
    ],
)
def test_a_variable_says_what_the_setting_is(production, setting, variable, value, read):
    assert getattr(production.settings(**{variable: value}), setting) == read


def test_a_password_that_is_written_so_is_the_one_that_was_chosen(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://site:p%23q%40r%2Fs%3Ft@127.0.0.1:5432/site")
    assert environment.database("DATABASE_URL")["PASSWORD"] == "p#q@r/s?t"
    monkeypatch.setenv("DATABASE_URL", "sqlite:////srv/a:b@c/d.sqlite3")
    assert environment.database("DATABASE_URL")["NAME"] == "/srv/a:b@c/d.sqlite3"


@pytest.mark.parametrize("name", GOOD)
def test_a_missing_variable_stops_the_production_start(production, name):
    production.refuses(name, without=name)


WRONG = {
    "SECRET_KEY": ["too-short"],
    "ALLOWED_HOSTS": ["*"],
    "BASE_URL": ["www.rallynov.example", "http://www.rallynov.example", "https://elsewhere.example"],
    "DATABASE_URL": ["mysql://site:secret@127.0.0.1/site", "postgres://site:secret@127.0.0.1:port/site", "nonsense"],
    "CACHE_URL": ["nonsense://127.0.0.1", "dummycache://"],
    "STORAGE_URL": ["ftp://files.example", "s3://key:secret@pictures?domaine=pictures.example"],
    "EMAIL_URL": ["carrier-pigeon://loft", "dummymail://", "consolemail://"],
    "RALLYNOV_MFA_REQUIRED": ["perhaps", "true"],
    "RALLYNOV_TRUSTED_PROXIES": ["-1", "deux"],
    "RALLYNOV_TILES_URL": ["tiles"],
    "RALLYNOV_GEOCODER_URL": ["geocoder"],
    "RALLYNOV_DONNEES": ["/nonexistent", "donnees", "/dev/null"],
    "RALLYNOV_ADMINS": ["technique", "technique@rallynov.example;autre@rallynov.example"],
    "RALLYNOV_FRONT_URL": ["front.example"],
    "RALLYNOV_API_QUOTA": ["beaucoup"],
    "RALLYNOV_LANGUAGES": ["fr,it"],
    "RALLYNOV_TERRITOIRE": ["25,99", "Bretagne"],
    "RALLYNOV_SIRET_URL": ["https://"],
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_variable_stops_the_production_start(production, name):
    for value in WRONG[name]:
        production.refuses(name, **{name: value})


def test_every_variable_that_is_read_stands_in_the_table():
    read = set(re.findall(r'environment\.\w+\(\s*"([A-Z_]+)"', "".join(p.read_text() for p in SETTINGS.glob("*.py"))))
    table = (ROOT / "docs/exploitation.md").read_text()
    assert len(read) > 20
    assert {name for name in read - {"TEST_DB", "TEST_TEMPLATE"} if f"`{name}`" not in table} == set()


@pytest.mark.parametrize(
    "command",
    [("manage.py", "check"), ("-c", "import config.wsgi"), ("-c", "import config.asgi")],
    ids=["manage.py", "wsgi", "asgi"],
)
def test_every_way_to_start_refuses_without_a_traceback(command):
    outcome = start(*command, without="SECRET_KEY", DJANGO_SETTINGS_MODULE="config.settings.production")
    assert_refused(outcome, "SECRET_KEY")


def test_a_secret_is_never_repeated_in_the_line(production):
    assert "hunter2" not in production.refuses("DATABASE_URL", DATABASE_URL="mysql://site:hunter2@127.0.0.1/site")


def test_sqlite_waits_for_its_turn_and_keeps_reading_while_someone_writes(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "sqlite:////srv/site.sqlite3")
    config = environment.database("DATABASE_URL")
    assert config["NAME"] == "/srv/site.sqlite3"
    assert config["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in config["OPTIONS"]["init_command"]


def test_a_bucket_is_private_and_its_files_have_the_site_s_own_addresses(monkeypatch):
    monkeypatch.setenv("STORAGE_URL", "s3://key:s%2Fecret@pictures/site?endpoint=https://s3.example&region=fr")
    found = environment.storages("STORAGE_URL", Path("/data"))
    public, private = found["default"]["OPTIONS"], found["private"]["OPTIONS"]
    assert (public["bucket_name"], public["secret_key"], public["default_acl"]) == ("pictures", "s/ecret", None)
    assert (public["location"], private["location"]) == ("site/media", "site/prive")


@pytest.mark.parametrize(
    ("value", "location"),
    [
        ("valkey://:secret@cache.example:6379/2", "redis://:secret@cache.example:6379/2"),
        ("valkeys://cache.example", "rediss://cache.example"),
        ("redis://cache.example:6379/0", "redis://cache.example:6379/0"),
    ],
)
def test_a_shared_cache_is_asked_whole_by_the_client_that_there_is(monkeypatch, value, location):
    monkeypatch.setenv("CACHE_URL", value)
    assert environment.caches("CACHE_URL")["default"]["LOCATION"] == location


@pytest.mark.parametrize(
    ("value", "codes"), [("", ["fr"]), ("fr", ["fr"]), ("de,en", ["fr", "en", "de"]), ("en", ["fr", "en"])]
)
def test_french_is_always_among_the_languages_and_first(monkeypatch, value, codes):
    monkeypatch.setenv("RALLYNOV_LANGUAGES", value)
    known = [("fr", "français"), ("en", "anglais"), ("de", "allemand")]
    assert [code for code, _name in environment.languages("RALLYNOV_LANGUAGES", "fr", known)] == codes
