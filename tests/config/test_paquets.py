"""What a machine installs: the packages that the site runs on there, all of them, and none that only tests need."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest
from django.apps import apps
from django.core.checks import run_checks
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from fiches.checks import the_package_is_built
from tools.licences import parts
from tools.lock import LEFT_OUT, PARTS

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "requirements.txt").read_text()
LOCKED_PACKAGES = {part: {canonicalize_name(each.name) for each in asked} for part, asked in parts(LOCK).items()}
CHOSEN = {"pdf": "weasyprint", "heic": "pillow_heif", "postgresql": "psycopg", "s3": "boto3"}
"""What a part is for, as it is imported: the site starts without it."""


def imported(path):
    """The packages that a module names, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def packages_by_import(*rooms):
    """``{name imported in these rooms: the packages that bring it}``."""
    modules = [path for room in rooms for path in (ROOT / room).rglob("*.py")]
    named = {name for path in modules if path.name not in {"test.py", "s3_storage.py"} for name in imported(path)}
    named -= {"etapes", "fiches"}  # a package too, where a wheel was built
    of_whom = packages_distributions()
    found = {name: {canonicalize_name(each) for each in of_whom[name]} for name in named if name in of_whom}
    assert len(found) > 15
    return found


@pytest.mark.nightly
def test_what_the_site_imports_is_among_what_it_runs_on():
    of_whom = packages_by_import("site", "home", "search", "etapes", "fiches")
    come_with = {"botocore", "fontTools"}  # boto3, WeasyPrint
    assert {name for name, those in of_whom.items() if not those & LOCKED_PACKAGES["site"]} <= {
        *CHOSEN.values(),
        *come_with,
    }


def requirements_of(packages, extras):
    """``{(who asks, what is asked for)}`` of these packages on this machine, by way of each one's extras too."""
    found = set()
    for name in packages:
        for told in map(Requirement, requires(name) or ()):
            if not told.marker or any(told.marker.evaluate({"extra": extra}) for extra in ("", *extras.get(name, ()))):
                found.add((name, canonicalize_name(told.name)))
                extras.setdefault(canonicalize_name(told.name), set()).update(told.extras)
    return found


@pytest.mark.parametrize("part", [*LOCKED_PACKAGES])
def test_what_these_need_in_turn_is_there_too(part):
    there = (
        set().union(*LOCKED_PACKAGES.values()) if part == "tests" else LOCKED_PACKAGES["site"] | LOCKED_PACKAGES[part]
    )
    extras = {}
    requirements_of(there, extras)  # which extras the others ask for
    needed = requirements_of(there, extras)
    assert len(needed) > 60
    assert [(name, need) for name, need in sorted(needed) if need not in there and need not in LEFT_OUT] == []


def test_the_lock_holds_what_the_project_asks_for_in_the_part_that_it_is_asked_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = {"site": project["project"]["dependencies"], **project["project"]["optional-dependencies"]}
    for part, told in project["dependency-groups"].items():
        asked[part] = [*asked.get(part, ()), *told]
    asked["site"] += asked.pop("headless")
    assert set(asked) == set(PARTS)
    held = {
        part: {canonicalize_name(each.name): each.specifier for each in those} for part, those in parts(LOCK).items()
    }
    for part, those in held.items():
        for each in map(Requirement, asked[part]):
            (version,) = those[canonicalize_name(each.name)]
            assert each.specifier.contains(version.version), (part, str(each), str(version))


def test_each_package_has_its_fingerprint_and_none_an_address():
    for lock in (LOCK, (ROOT / "tools/dist.txt").read_text()):
        heads = re.findall(r"^[a-z0-9.-]+==\S+.*\\\n {4}--hash=sha256:[0-9a-f]{64}", lock, re.MULTILINE)
        assert len(heads) == len(re.findall(r"^\w.*", lock, re.MULTILINE)) > 30
        assert "//" not in lock


@pytest.fixture
def install(tmp_path):
    """Runs the script that makes the environment; ``(what it ends with, what it says, the file that pip is given)``."""

    def run(*chosen, lock, python, **environment):
        (tmp_path / "requirements.txt").write_text(lock)
        program = tmp_path / ".venv/bin/python"
        program.parent.mkdir(parents=True)
        program.write_text(f"#!/bin/sh\n{python}\n")
        program.chmod(0o755)
        done = subprocess.run(
            ["sh", ROOT / "tools/environment.sh", *chosen], cwd=tmp_path, capture_output=True, text=True, timeout=60,
            env={"PATH": os.environ["PATH"], **environment},
        )  # fmt: skip
        return done.returncode, done.stderr, (tmp_path / ".venv/requirements.txt").read_text()

    return run


LOCK_IN_PARTS = "# --- site\ndjango==5\n\n# --- pdf\nweasyprint==70\n\n# --- s3\nboto3==1\n\n# --- tests\npytest==9\n"


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ([], ["django"]),
        (["s3"], ["django", "boto3"]),
        (["pdf", "s3", "tests"], ["django", "weasyprint", "boto3", "pytest"]),
    ],
)
def test_a_machine_installs_what_the_site_runs_on_and_the_parts_that_it_names(install, chosen, told):
    ended, said, given = install(*chosen, lock=LOCK_IN_PARTS, python=":")
    assert (ended, said, re.findall(r"^(\w+)==", given, re.MULTILINE)) == (0, "", told)


def test_a_part_that_is_not_there_is_told_with_those_that_are(install):
    ended, said, _given = install("s4", lock=LOCK_IN_PARTS, python=":")
    assert (ended, said) == (1, "« s4 » n’existe pas : choisissez parmi site pdf s3 tests.\n")


def python_stub(folder, name, *, version, venv=True):
    """A program named as a Python, which answers what the script asks of one, and makes an environment that installs nothing."""
    program = folder / name
    program.write_text(f"""#!/bin/sh
case "$*" in
  *version_info*) [ {version} -ge 11 ] ;;
  *ensurepip*) {venv and "exit 0" or "exit 1"} ;;
  --version) echo "Python 3.{version}" ;;
  "-m venv"*) mkdir -p .venv/bin && printf '#!/bin/sh\\n' >.venv/bin/python && chmod +x .venv/bin/python ;;
esac
""")
    program.chmod(0o755)


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("pythons", "said"),
    [
        ({"python3": {"version": 11}, "python3.13": {"version": 13}}, "avec Python 3.13"),
        ({"python3": {"version": 11}, "python3.13": {"version": 13, "venv": False}}, "avec Python 3.11"),
        ({"python3": {"version": 9}, "python3.12": {"version": 12}}, "avec Python 3.12"),
        ({"python3": {"version": 11, "venv": False}}, "Il manque le module venv de Python"),
        ({"python3": {"version": 9}}, "Python 3.11 ou plus récent est nécessaire"),
    ],
)
def test_the_environment_is_made_by_the_newest_python_that_the_tests_run_on(tmp_path, pythons, said):
    programs = tmp_path / "programs"
    programs.mkdir()
    for name, answers in pythons.items():
        python_stub(programs, name, **answers)
    for name in ("sh", "rm", "mkdir", "chmod", "awk", "grep"):
        (programs / name).symlink_to(shutil.which(name))
    (tmp_path / "requirements.txt").write_text(LOCK_IN_PARTS)
    done = subprocess.run(
        [programs / "sh", ROOT / "tools/environment.sh"], cwd=tmp_path, capture_output=True, text=True, timeout=60,
        env={"PATH": str(programs)},
    )  # fmt: skip
    assert said in done.stdout + done.stderr
    assert (done.returncode == 0) == ("avec" in said)


@pytest.mark.nightly
def test_without_network_one_line_says_so(install):
    lock = f"# --- site\nrallynov-that-nobody-has==1 --hash=sha256:{'0' * 64}\n"
    nowhere = {"PIP_INDEX_URL": "https://127.0.0.1:9/simple", "PIP_RETRIES": "1", "PIP_FIND_LINKS": ""}
    ended, said, _given = install(lock=lock, python=f'exec {sys.executable} "$@"', **nowhere)
    assert ended == 1
    assert (
        said
        == "Pas de réseau, ou pas d’accès aux paquets Python : connectez cette machine, puis relancez la commande.\n"
    )


def test_the_package_caps_no_dependency_that_a_host_may_have_newer():
    """Beyond Wagtail's own caps, those of Wagtail and of the map's widget, whose insides this code knows."""
    capped = {
        each.name
        for each in map(Requirement, tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"])
        if any(part.operator.startswith("<") for part in each.specifier)
    }
    wagtail = {
        canonicalize_name(each.name)
        for each in map(Requirement, requires("wagtail"))
        if any(part.operator.startswith("<") for part in each.specifier)
    }
    assert capped - wagtail == {"wagtail", "wagtailgeowidget"}


@pytest.mark.nightly
@pytest.mark.parametrize("lost", ["locale", "static"])
def test_sources_that_were_not_built_are_told_at_every_command(monkeypatch, tmp_path, lost):
    """git holds neither the compiled translations nor the browser's packages."""
    assert the_package_is_built() == []
    config = apps.get_app_config("rallynov_fiches")
    for name in {"locale", "static"} - {lost}:
        (tmp_path / name).symlink_to(Path(config.path, name))
    monkeypatch.setattr(config, "path", str(tmp_path))
    (problem,) = run_checks(tags=["rallynov"])
    assert (problem.id, "make wheel" in problem.hint, "make locale assets" in problem.hint) == (
        "rallynov.W003",
        True,
        True,
    )
