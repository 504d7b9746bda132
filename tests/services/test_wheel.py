"""The plugin in somebody else's site: `wagtail start`, the wheel, the lines of the documentation, and nothing else."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.nightly

ROOT = Path(__file__).parents[2]
DOCUMENTATION = ROOT / "docs" / "plugin.en.md"
JOURNEY = (Path(__file__).parent / "hote" / "parcours.py", ROOT / "tests" / "formulaires.py")
OURS = {"etapes", "fiches"}
FOLDERS = {"candidatures", "carnets", "courriels", "diffusion", "etapes", "fiches", "palmares"}
"""Of templates and static files: what a host may override, and nothing that could cover its own."""
VERSIONS = os.environ.get("RALLYNOV_VERSIONS", "known")
"""Of what the wheel asks for: those of requirements.txt; or the oldest that pyproject.toml allows, or the registry's newest."""
OLDEST = (shutil.which("python3.11", path="/usr/bin") or sys.executable, "Django==5.2\nwagtail==8.0.1")
ROAD = re.compile(r'.*"etapes.*\n')


def run(*command, cwd, **environment):
    """What a command prints; what it says when it fails."""
    clean = {name: os.environ[name] for name in ("HOME", "LANG", "PATH", "PIP_INDEX_URL") if name in os.environ}
    done = subprocess.run(command, cwd=cwd, env={**clean, **environment}, capture_output=True, text=True, timeout=400)
    assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("hote")


@pytest.fixture(scope="module")
def wheel(folder):
    run("make", "wheel", f"DIST={folder / 'dist'}", cwd=ROOT)
    (built,) = (folder / "dist").iterdir()
    return built


@pytest.fixture(scope="module")
def python(folder, wheel):
    """The Python of an environment with the wheel and what it asks for, at ``VERSIONS``."""
    interpreter, bounds = OLDEST if VERSIONS == "oldest" else (sys.executable, "")
    if VERSIONS == "known":  # without the fingerprints, which the wheel has not
        bounds = "\n".join(re.findall(r"^[\w.-]+==[^\\\n]+", (ROOT / "requirements.txt").read_text(), re.MULTILINE))
    environment, constraints = folder / "v", folder / "versions.txt"
    constraints.write_text(bounds)
    run(interpreter, "-m", "venv", "--without-pip", environment, cwd=folder)
    python = environment / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check", "--quiet")
    run(*pip, "install", "--no-compile", "-c", constraints, wheel, cwd=folder)
    return python


def blocks():
    """``{file: lines}`` that the documentation adds: its blocks whose first line names the file."""
    found = re.findall(r"```python\n# (settings/base\.py|urls\.py)\n(.*?)```", DOCUMENTATION.read_text(), re.DOTALL)
    return {f"monsite/{name}": text for name, text in found}


class Host:
    """A site made by `wagtail start`, to which the documentation's lines are added."""

    def __init__(self, python, folder, lines):
        self.python, self.folder = python, folder
        folder.mkdir()
        run(python.parent / "wagtail", "start", "monsite", ".", cwd=folder)
        self.append("monsite/settings/base.py", lines["monsite/settings/base.py"])
        self.insert("monsite/urls.py", lines["monsite/urls.py"], before='    path("", include(wagtail_urls))')
        for file in JOURNEY:
            shutil.copy(file, folder)
        self.manage("migrate", "--verbosity", "0")

    def append(self, name, text):
        with (self.folder / name).open("a") as file:
            file.write(f"\n{text}")

    def insert(self, name, text, *, before):
        file = self.folder / name
        head, found, tail = file.read_text().rpartition(before)
        assert found
        file.write_text(f"{head}{text}{found}{tail}")

    def manage(self, *arguments):
        return run(self.python, "manage.py", *arguments, cwd=self.folder)

    def drive(self, *addresses):
        """What the journey saw, and what each address answers: ``[status, text]``."""
        said = run(self.python, "parcours.py", *addresses, cwd=self.folder, PYTHONIOENCODING="utf-8")
        return json.loads(said.splitlines()[-1])


ADDRESSES = (
    "/integration/",
    "/integration/liste/",
    "/api/v1/etapes",
    "/api/v1/openapi.json",
    "/api/v1/pages?chemin=/",
    "/innovations/flux.atom",
    "/innovations/donnees.csv",
    "/oembed?url=http://localhost/innovations/la-recette/",
    "/etapes-de-la-route/",
)


@pytest.fixture(scope="module")
def host(python, folder):
    return Host(python, folder / "entier", blocks())


@pytest.fixture(scope="module")
def seen(host):
    return host.drive(*ADDRESSES)


@pytest.fixture(scope="module")
def without_road(python, folder):
    """The same without étapes: their names are left out of the lines."""
    return Host(python, folder / "sans", {name: ROAD.sub("", text) for name, text in blocks().items()})


def test_the_wheel_holds_our_packages_and_no_other_name(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == OURS
    for kind in ("templates", "static"):
        inside = {re.search(rf"/{kind}/([^/]+)/", name) for name in names if f"/{kind}/" in name}
        assert {match[1] for match in inside if match} <= FOLDERS
    assert not [name for name in names if "/tests/" in name or name.endswith((".po", ".pyc", ".sqlite3"))]


def test_the_wheel_brings_built_assets_translations_data_and_types(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        "etapes/py.typed",
        "fiches/py.typed",
        "fiches/locale/fr/LC_MESSAGES/django.mo",
        "fiches/diffusion/locale/fr/LC_MESSAGES/django.mo",
        "etapes/locale/fr/LC_MESSAGES/django.mo",
        "fiches/locale/en/LC_MESSAGES/django.mo",
        "fiches/static/fiches/vendor/leaflet/leaflet.js",
        "fiches/diffusion/static/diffusion/integration/rallynov.js",
        "fiches/diffusion/templates/diffusion/integration/atelier.html",
    }
    assert wanted <= names
    assert [name for name in names if "vendor/leaflet/" in name and "LICENSE" in name.upper()]


WEIGHT = """
import re
from importlib.metadata import distributions, requires
from pathlib import Path

named = lambda text: re.match(r"[\\w.-]+", text)[0].lower().replace("_", "-")
here, wanted, seen = {named(each.name): each for each in distributions()}, ["wagtail"], set()
for name in wanted:  # what Wagtail brings by itself, its extras included
    seen.add(name)
    needs = [named(need) for need in requires(name) or () if not re.search("win", need, re.I)]
    wanted += [need for need in needs if need in here and need not in wanted]
ours = [each for name, each in here.items() if name not in seen]
print(len(ours), sum(Path(file.locate()).stat().st_size for each in ours for file in each.files))
"""


def test_the_package_brings_at_most_twelve_packages_and_forty_megabytes(python, folder):
    number, size = map(int, run(python, "-c", WEIGHT, cwd=folder).split())
    # The python-dateutil of requirements.txt asks for six; the registry's newest, which a host gets, no more.
    assert 8 < number <= (12 if VERSIONS == "newest" else 13)
    assert 10_000_000 < size < 40_000_000


def test_the_documentation_adds_ten_lines(host):
    lines = [line for text in blocks().values() for line in text.splitlines() if line.strip()]
    assert len(lines) == 10


def test_no_migration_is_missing_in_the_host(host):
    assert "No changes detected" in host.manage("makemigrations", "--check", "--dry-run")
    assert "no issues" in host.manage("check")


def test_a_fiche_is_written_moderated_and_shown_through_the_host_s_admin(seen):
    assert seen["avant"] == [False, True, 404]
    assert seen["approbations"] == [False, True]
    status, page = seen["page"]
    assert (status, "Tout le monde goûte." in page, "Agrodoubs" in page) == (200, True, True)
    assert "monsite.css" in page  # the host's own base.html
    assert ".pdf" not in page  # the host has not the extra `pdf`
    assert seen["liste"][0] == 200
    assert "La recette d’une organisation partagée" in seen["liste"][1]
    assert "QZX" not in json.dumps(seen)


def test_the_host_answers_the_partner_api(seen):
    (fiche,) = seen["api"]["items"]
    assert (fiche["titre"], fiche["code_insee"]) == ("La recette d’une organisation partagée", "25056")
    assert (fiche["url"], fiche["contact"]) == ("http://localhost/innovations/la-recette/", None)
    assert seen["adresses"]["/api/v1/etapes"][0] == 200


def test_what_leaves_the_host_follows_its_own_addresses(seen):
    found = {
        address: answer[0] for address, answer in seen["adresses"].items()
    }  # its home page was there before the package
    assert found == {address: 404 if address == "/etapes-de-la-route/" else 200 for address in ADDRESSES}
    assert "http://localhost/innovations/la-recette/" in seen["adresses"]["/innovations/flux.atom"][1]
    assert '<iframe src=\\"http://localhost/integration/fiche/' in json.dumps(
        json.loads(seen["adresses"]["/oembed?url=http://localhost/innovations/la-recette/"][1])
    )


def test_fiches_live_without_etapes(without_road):
    assert "No changes detected" in without_road.manage("makemigrations", "--check", "--dry-run")
    seen = without_road.drive("/api/v1/etapes", "/integration/", "/api/v1/facettes")
    assert seen["approbations"] == [False, True]
    assert seen["page"][0] == 200
    assert seen["api"]["items"][0]["etapes"] == []
    assert {address: answer[0] for address, answer in seen["adresses"].items()} == {
        "/api/v1/etapes": 404,
        "/integration/": 200,
        "/api/v1/facettes": 200,
    }


def test_the_package_leaves_as_the_documentation_says(python, folder):
    host = Host(python, folder / "parti", blocks())
    host.drive()
    host.manage("desinstaller", "--oui")
    section = (ROOT / "docs" / "plugin.en.md").read_text().partition("## Uninstall")[2].partition("\n## ")[0]
    for app in re.findall(r"`(rallynov_\w+)`", section):
        host.manage("migrate", app, "zero")
    assert "`python manage.py desinstaller --oui`" in section
    with sqlite3.connect(host.folder / "db.sqlite3") as base:
        assert (
            base.execute("SELECT name FROM sqlite_master WHERE name LIKE 'rallynov%' AND type = 'table'").fetchall()
            == []
        )
