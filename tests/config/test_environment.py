"""A production start with a variable missing or wrong stops with one clear line."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import ConnectionHandler

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


# A Python that has imported what the settings import, and forks for each script: to import it anew takes half a second.
FORKS = """
import json, os, sys
import config.environment, django_structlog.middlewares, structlog.dev
for line in sys.stdin:
    script, variables, *outputs = json.loads(line)
    process = os.fork()
    if not process:
        os.environ.clear()
        os.environ.update(variables)
        for number, path in enumerate(outputs, 1):
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
        exec(script, {"__name__": "__main__"})
        sys.exit()
    print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), flush=True)
"""


def variables_of(without: str, changed: dict[str, str]) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    variables = {**kept, **GOOD, **changed, "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}"}
    variables.pop(without, None)
    return variables


def start(*command: str, without: str = "", **variables: str) -> subprocess.CompletedProcess:
    env = variables_of(without, variables)
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)


@pytest.fixture(scope="module")
def forks():
    command, env = [sys.executable, "-c", FORKS], variables_of("", {})
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=env, **pipes) as process:
        yield process
        process.stdin.close()


@pytest.fixture
def run(forks, tmp_path):
    """``run(script, …)`` is ``start("-c", script, …)``, in a process that has imported what the settings import."""

    def run(script: str, without: str = "", **variables: str) -> subprocess.CompletedProcess:
        outputs = [tmp_path / "out", tmp_path / "err"]
        for output in outputs:
            output.write_text("")
        forks.stdin.write(json.dumps([script, variables_of(without, variables), *map(str, outputs)]) + "\n")
        forks.stdin.flush()
        status = int(forks.stdout.readline())
        return subprocess.CompletedProcess(script, status, *(output.read_text() for output in outputs))

    return run


def assert_refused(outcome: subprocess.CompletedProcess, name: str) -> None:
    assert outcome.returncode == environment.REFUSED
    assert outcome.stdout == ""
    assert outcome.stderr.count("\n") == 1
    assert outcome.stderr.startswith(f"Le site ne démarre pas : la variable {name} ")


def test_production_starts_with_good_variables():
    outcome = start("-c", IMPORT_SETTINGS)
    assert (outcome.returncode, outcome.stderr) == (0, "")


def test_production_is_closed_by_default(run):
    names = ["DEBUG", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"]
    names += ["SESSION_COOKIE_NAME", "RALLYNOV_MFA_REQUIRED", "SECURE_PROXY_SSL_HEADER", "RALLYNOV_DEMO"]
    script = f"import json, config.settings.production as p; print(json.dumps([getattr(p, n) for n in {names}]))"
    assert json.loads(run(script).stdout) == [
        False,
        True,
        31536000,
        True,
        True,
        "__Host-session",
        True,
        None,
        False,
    ]


@pytest.mark.parametrize(("asked", "preloaded"), [("", "False"), ("1", "True")])
def test_browsers_are_asked_to_preload_the_domain_only_where_the_operator_says_so(run, asked, preloaded):
    script = "import config.settings.production as p; print(p.SECURE_HSTS_PRELOAD)"
    assert run(script, RALLYNOV_HSTS_PRELOAD=asked).stdout.strip() == preloaded


@pytest.mark.parametrize(("cache", "kept"), [("", "tmp_file"), ("valkey://cache.example:6379/0", "cache")])
def test_an_import_of_redirects_goes_on_on_another_server_where_there_are_several(run, cache, kept):
    script = "import config.settings.production as p; print(p.WAGTAIL_REDIRECTS_FILE_STORAGE)"
    assert run(script, CACHE_URL=cache).stdout.strip() == kept


@pytest.mark.parametrize("password", ["a#b", "a/b", "a?b", "a@b", "a#@/?b", "#", "a/b@c"])
@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("DATABASE_URL", "postgres://site:{}@127.0.0.1:5432/site"),
        ("RALLYNOV_DIRECT_DATABASE_URL", "postgres://site:{}@127.0.0.1/site"),
        ("EMAIL_URL", "smtp+tls://site@mail.example:{}@mail.example:587"),
        ("CACHE_URL", "valkey://:{}@127.0.0.1:6379/0"),
        ("STORAGE_URL", "s3://key:{}@pictures?endpoint=https://s3.example"),
    ],
)
def test_a_password_that_an_address_cannot_hold_as_it_is_stops_the_start_and_says_how_to_write_it(
    name, address, password, monkeypatch, capsys
):
    read = {"EMAIL_URL": environment.mail, "CACHE_URL": environment.cache}.get(name, environment.database)
    monkeypatch.setenv(name, address.format(password))
    with pytest.raises(SystemExit) as stop:
        environment.storages(name, "m", "p") if name == "STORAGE_URL" else read(name)
    stderr = capsys.readouterr().err
    assert stop.value.code == environment.REFUSED
    assert stderr == (
        f"Le site ne démarre pas : la variable {name} contient un mot de passe avec « # », « / », « ? » ou « @ » : écrivez %23, "
        "%2F, %3F ou %40 à leur place, ou choisissez un mot de passe de lettres et de chiffres.\n"
    )


def test_a_password_that_is_written_so_is_the_one_that_was_chosen(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://site:p%23q%40r%2Fs%3Ft@127.0.0.1:5432/site")
    assert environment.database("DATABASE_URL")["PASSWORD"] == "p#q@r/s?t"
    monkeypatch.setenv("DATABASE_URL", "sqlite:////srv/a:b@c/d.sqlite3")
    assert environment.database("DATABASE_URL")["NAME"] == "/srv/a:b@c/d.sqlite3"


@pytest.mark.parametrize(
    ("name", "value", "package", "part"),
    [
        ("DATABASE_URL", GOOD["DATABASE_URL"], "psycopg", "postgresql"),
        ("STORAGE_URL", "s3://key:secret@pictures?endpoint=https://s3.example", "botocore", "s3"),
    ],
)
def test_a_part_of_the_site_that_is_not_installed_is_told_where_it_is_asked_for(name, value, package, part):
    absent = f"import sys; sys.modules['{package}'] = sys.modules['{package}.config'] = None; "
    outcome = start("-c", absent + IMPORT_SETTINGS, **{name: value})
    assert_refused(outcome, name)
    assert f"ajoutez {part} à EXTRAS" in outcome.stderr


def test_a_memory_that_cannot_be_written_is_told_in_one_line_and_done_without(capsys, tmp_path):
    assert environment.memory_folder(str(tmp_path)) == str(tmp_path)
    assert environment.memory_folder("/nonexistent") is None
    assert capsys.readouterr().err == ""
    assert environment.memory_folder("/proc") is None
    stderr = capsys.readouterr().err
    assert stderr.startswith("Rally’nov démarre sans /proc, où le site ne peut pas écrire (")
    assert stderr.endswith("Rendez /proc accessible en écriture (mode 1777).\n")
    assert stderr.count("\n") == 1


@pytest.mark.parametrize("name", GOOD)
def test_a_missing_variable_stops_the_production_start(run, name):
    assert_refused(run(IMPORT_SETTINGS, without=name), name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "too-short"),
        ("SECRET_KEY", "a" * 60),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "https://www.rallynov.example"),
        ("BASE_URL", "www.rallynov.example"),
        ("BASE_URL", "http://www.rallynov.example"),
        ("BASE_URL", "https://elsewhere.example"),
        ("DATABASE_URL", "mysql://site:secret@127.0.0.1/site"),
        ("DATABASE_URL", "postgres://site:secret@127.0.0.1:port/site"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_REPLICA_URL", "nonsense"),
        ("DATABASE_REPLICA_URL", "sqlite:////srv/replica.sqlite3"),
        ("CACHE_URL", "nonsense://127.0.0.1"),
        ("CACHE_URL", "valkey://"),
        ("STORAGE_URL", "ftp://files.example"),
        ("STORAGE_URL", "s3://key:secret@pictures?domaine=pictures.example"),
        ("EMAIL_URL", "carrier-pigeon://loft"),
        ("EMAIL_URL", "smtp+tls://"),
        ("PURGE_URL", "varnish"),
        ("SENTRY_DSN", "not an address"),
        ("RALLYNOV_MFA_REQUIRED", "perhaps"),
        ("RALLYNOV_TRUSTED_PROXIES", "-1"),
        ("RALLYNOV_TILES_URL", "tiles"),
        ("RALLYNOV_GEOCODER_URL", "geocoder"),
        ("ALLOWED_HOSTS", "www.rallynov.example:443"),
        ("ALLOWED_HOSTS", ".rallynov.example"),
        ("BASE_URL", "https://agent@www.rallynov.example"),
        ("DATABASE_URL", "sqlite:////nonexistent/db.sqlite3"),
        ("CACHE_URL", "dummycache://"),
        ("CACHE_URL", "valkey://127.0.0.1:6379/prod"),
        ("RALLYNOV_COUNTERS_FOLDER", "compteurs"),
        ("STORAGE_URL", "s3://key@pictures"),
        ("STORAGE_URL", "s3://x"),
        ("STORAGE_URL", "s3://key:secret@x"),
        ("STORAGE_URL", "s3://key:secret@Des_Images"),
        ("STORAGE_URL", "s3://pictures"),
        ("EMAIL_URL", "dummymail://"),
        ("EMAIL_URL", "consolemail://"),
        ("SENTRY_DSN", "https://sentry.example"),
        ("MEDIA_ROOT", "/nonexistent"),
        ("MEDIA_ROOT", "media"),
        ("MEDIA_ROOT", "/dev/null"),
        ("STATIC_ROOT", "/nonexistent/static"),
        ("RALLYNOV_PRIVATE_ROOT", "/nonexistent/prive"),
        ("RALLYNOV_LOCKS_FOLDER", "/nonexistent/verrous"),
        ("RALLYNOV_X_ACCEL", "media-interne"),
        ("RALLYNOV_RESPONSE_CACHE_MB", "beaucoup"),
        ("RALLYNOV_RESPONSE_CACHE_MB", "9999999"),
        ("RALLYNOV_HTTP_CACHE_SECONDS", "999999"),
        ("RALLYNOV_METRICS_TOKEN", "x"),
        ("RALLYNOV_METRICS_TOKEN", "x" * 40),
        ("RALLYNOV_DIRECT_DATABASE_URL", "direct"),
        ("RALLYNOV_FROM_EMAIL", "Rally’nov"),
        ("RALLYNOV_FROM_EMAIL", "Rally’nov <rallynov.example>"),
        ("RALLYNOV_ADMINS", "technique"),
        ("RALLYNOV_ADMINS", "technique@rallynov.example;autre@rallynov.example"),
        ("RALLYNOV_TEAM_EMAIL", "equipe"),
        ("RALLYNOV_SECURITY_CONTACT", "le maire"),
        ("RALLYNOV_TRUSTED_PROXIES", "99"),
        ("RALLYNOV_FRONT_URL", "front.example"),
        ("RALLYNOV_API_QUOTA", "9999999"),
        ("RALLYNOV_KEEP_DRAFTS_MONTHS", "0"),
        ("RALLYNOV_KEEP_REFUSED_MONTHS", "un an"),
        ("RALLYNOV_KEEP_UNDECIDED_MONTHS", "2400"),
        ("RALLYNOV_HSTS_SUBDOMAINS", "peut-être"),
        ("RALLYNOV_HSTS_PRELOAD", "peut-être"),
        ("RALLYNOV_TILES_URL", "https://tiles.example/a.png"),
        ("RALLYNOV_GEO_API_URL", "https://geo api.example"),
        ("RALLYNOV_LANGUAGES", "fr,it"),
        ("RALLYNOV_TERRITOIRE", "25,99"),
        ("RALLYNOV_TERRITOIRE", "Bretagne"),
        ("RALLYNOV_SIRET_URL", "https://"),
        ("RALLYNOV_BACKUPS", "parfois"),
        ("RALLYNOV_BACKUPS", "oui"),
        ("RALLYNOV_BACKUPS", "/var/backups"),
        ("RALLYNOV_MFA_REQUIRED", "true"),
        ("RALLYNOV_BIND", "xx"),
        ("RALLYNOV_BIND", "127.0.0.1:port"),
        ("RALLYNOV_BIND", "127.0.0.1:0"),
        ("RALLYNOV_WORKERS", "999"),
        ("RALLYNOV_BACKUP", "1"),
        ("RALLYNOV_N_IMPORTE_QUOI", "1"),
    ],
)
def test_a_wrong_variable_stops_the_production_start(run, name, value):
    assert_refused(run(IMPORT_SETTINGS, **{name: value}), name)


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("RALLYNOV_PRIVATE_ROOT", {"MEDIA_ROOT": "{}", "RALLYNOV_PRIVATE_ROOT": "{}/prive"}),
        ("RALLYNOV_PRIVATE_ROOT", {"MEDIA_ROOT": "{}", "RALLYNOV_PRIVATE_ROOT": "{}"}),
        ("MEDIA_ROOT", {"MEDIA_ROOT": "{}", "STATIC_ROOT": "{}"}),
        ("RALLYNOV_HSTS_PRELOAD", {"RALLYNOV_HSTS_PRELOAD": "1", "RALLYNOV_HSTS_SUBDOMAINS": "0"}),
    ],
)
def test_variables_that_contradict_one_another_stop_the_production_start(run, tmp_path, name, others):
    assert_refused(run(IMPORT_SETTINGS, **{key: value.format(tmp_path) for key, value in others.items()}), name)


def test_a_slip_in_a_name_is_told_with_the_name_that_was_meant(run):
    outcome = run(IMPORT_SETTINGS, RALLYNOV_BACKUP="1")
    assert outcome.stderr == (
        "Le site ne démarre pas : la variable RALLYNOV_BACKUP n’existe pas : vouliez-vous dire RALLYNOV_BACKUPS ?\n"
    )


def test_the_variables_of_the_servers_and_scripts_beside_the_site_are_no_slips(run):
    files = [path for path in (ROOT / "site/deploy").rglob("*") if path.is_file() and path.suffix != ".pyc"]
    named = {name for path in files for name in re.findall(r"RALLYNOV_[A-Z_]+[A-Z]", path.read_text())}
    tests = "".join(path.read_text() for path in (ROOT / "tests/services").rglob("*.py"))
    named |= set(re.findall(r"""environ\.get\("(RALLYNOV_[A-Z_]+)""", tests))
    outcome = run(IMPORT_SETTINGS, **dict.fromkeys(named, ""))
    assert (outcome.returncode, outcome.stderr) == (0, "")
    assert {"RALLYNOV_UPSTREAM", "RALLYNOV_INSTANCES", "RALLYNOV_BIND", "RALLYNOV_TOURS"} <= named


def test_every_variable_that_is_read_stands_in_the_table():
    read = set(re.findall(r'environment\.\w+\(\s*"([A-Z_]+)"', "".join(p.read_text() for p in SETTINGS.glob("*.py"))))
    table = (ROOT / "docs/exploitation.md").read_text()
    assert len(read) > 25
    assert {name for name in read - {"TEST_DB", "TEST_TEMPLATE"} if f"`{name}`" not in table} == set()


def test_every_variable_of_the_table_is_read():
    table = (ROOT / "docs/exploitation.md").read_text().split("## Variables")[1].split("\n## ")[0]
    named = {
        name for line in table.splitlines() for name in re.findall(r"`(RALLYNOV_[A-Z_]+)`", str(line.split("|")[1:2]))
    }
    files = [p for p in (ROOT / "site").rglob("*") if p.suffix in {".py", ".template", ".yaml"}]
    read = set(re.findall(r"RALLYNOV_[A-Z_]+", "".join(path.read_text() for path in files)))
    assert len(named) > 25
    assert named - read == set()


def test_the_settings_of_the_plugin_are_those_that_it_reads():
    table = (ROOT / "docs/plugin.md").read_text().split("## Réglages")[1].split("\n## ")[0]
    named = {
        name for line in table.splitlines() for name in re.findall(r"`(RALLYNOV_[A-Z_]+)`", str(line.split("|")[1:2]))
    }
    code = "".join(path.read_text() for room in ("fiches", "etapes") for path in (ROOT / room).rglob("*.py"))
    read = set(re.findall(r"""(?:getattr\(settings, "|settings\.|= ")(RALLYNOV_[A-Z_]+)""", code))
    assert named == read


@pytest.mark.parametrize(
    ("name", "months"),
    [
        ("RALLYNOV_KEEP_DRAFTS_MONTHS", 6),
        ("RALLYNOV_KEEP_REFUSED_MONTHS", 12),
        ("RALLYNOV_KEEP_UNDECIDED_MONTHS", 24),
    ],
)
def test_how_long_dossiers_are_kept_is_what_the_operator_says(run, name, months):
    script = f"import config.settings.production as p; print(p.{name})"
    assert run(script).stdout.strip() == str(months)
    assert run(script, **{name: "3"}).stdout.strip() == "3"


@pytest.mark.parametrize(
    ("name", "value"),
    [*(("RALLYNOV_WORKERS", value) for value in ("beaucoup", "0", "-1", "1.5")), ("RALLYNOV_BIND", "xx:yy")],
)
def test_a_wrong_variable_of_the_server_stops_it_with_one_line(name, value):
    outcome = start(
        "-m", "gunicorn", "--check-config", "--config", "site/deploy/gunicorn.conf.py", "config.wsgi",
        PYTHONDONTWRITEBYTECODE="1", **{name: value},
    )  # fmt: skip
    assert_refused(outcome, name)


@pytest.mark.parametrize(
    "command",
    [("manage.py", "check"), ("-c", "import config.wsgi"), ("-c", "import config.asgi")],
    ids=["manage.py", "wsgi", "asgi"],
)
def test_every_way_to_start_refuses_without_a_traceback(command):
    outcome = start(*command, without="SECRET_KEY", DJANGO_SETTINGS_MODULE="config.settings.production")
    assert_refused(outcome, "SECRET_KEY")


def test_a_secret_is_never_repeated_in_the_line(run):
    outcome = run(IMPORT_SETTINGS, DATABASE_URL="mysql://site:hunter2@127.0.0.1/site")
    assert "hunter2" not in outcome.stderr


def test_sqlite_waits_for_its_turn_and_keeps_reading_while_someone_writes(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "sqlite:////srv/site.sqlite3")
    config = environment.database("DATABASE_URL")
    assert config["NAME"] == "/srv/site.sqlite3"
    assert config["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in config["OPTIONS"]["init_command"]


def test_the_file_of_a_database_is_for_the_site_s_account_alone(monkeypatch, tmp_path, db):
    """Whatever the umask, and where an earlier version left it to all."""
    file = tmp_path / "site.sqlite3"
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}")
    for _start in ("new", "left to all"):
        connection = ConnectionHandler({"default": environment.database("DATABASE_URL")})["default"]
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS t (x)")
            cursor.execute("INSERT INTO t VALUES (1)")
            assert {path.name: oct(path.stat().st_mode & 0o077) for path in tmp_path.glob("site.sqlite3*")} == {
                "site.sqlite3": "0o0", "site.sqlite3-shm": "0o0", "site.sqlite3-wal": "0o0"
            }  # fmt: skip
        connection.close()
        file.chmod(0o644)


def test_a_bucket_is_private_and_its_files_have_the_site_s_own_addresses(monkeypatch):
    monkeypatch.setenv("STORAGE_URL", "s3://key:s%2Fecret@pictures/site?endpoint=https://s3.example&region=fr")
    found = environment.storages("STORAGE_URL", "/media", "/private")
    public, private = found["default"]["OPTIONS"], found["private"]["OPTIONS"]
    assert (public["bucket_name"], public["secret_key"], public["default_acl"]) == ("pictures", "s/ecret", None)
    assert (public["location"], private["location"]) == ("site/media", "site/prive")
    assert environment.picture_origins() == []


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
    assert environment.cache("CACHE_URL")["LOCATION"] == location


def test_a_pooler_of_transactions_gets_no_cursor_that_outlives_one(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://site@127.0.0.1:6432/site?pgbouncer=1&sslmode=require")
    config = environment.database("DATABASE_URL")
    assert config["DISABLE_SERVER_SIDE_CURSORS"] is True
    assert config["OPTIONS"]["sslmode"] == "require" and "pgbouncer" not in config["OPTIONS"]
    monkeypatch.setenv("DATABASE_URL", "postgres://site@127.0.0.1:5432/site")
    assert environment.database("DATABASE_URL")["DISABLE_SERVER_SIDE_CURSORS"] is False


@pytest.mark.parametrize(
    ("value", "codes"), [("", ["fr"]), ("fr", ["fr"]), ("de,en", ["fr", "en", "de"]), ("en", ["fr", "en"])]
)
def test_french_is_always_among_the_languages_and_first(monkeypatch, value, codes):
    monkeypatch.setenv("RALLYNOV_LANGUAGES", value)
    known = [("fr", "français"), ("en", "anglais"), ("de", "allemand")]
    assert [code for code, _name in environment.languages("RALLYNOV_LANGUAGES", "fr", known)] == codes


def test_a_language_that_the_site_does_not_speak_is_refused(monkeypatch, capsys):
    monkeypatch.setenv("RALLYNOV_LANGUAGES", "fr,it")
    with pytest.raises(SystemExit):
        environment.languages("RALLYNOV_LANGUAGES", "fr", [("fr", "français"), ("en", "anglais")])
    assert "RALLYNOV_LANGUAGES nomme « it » : choisissez parmi fr, en" in capsys.readouterr().err
