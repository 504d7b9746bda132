"""What a machine installs: the packages that the site runs on there, all of them, and none that only tests need."""

import ast
import os
import re
import subprocess
import tomllib
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "requirements.txt").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
CHOSEN = {"pdf": "weasyprint", "heic": "pillow_heif", "postgresql": "psycopg", "s3": "boto3"}
"""What a part is for, as it is imported: the site starts without it."""


def locked():
    """``{part: {package: version}}``."""
    parts = {}
    for part in re.split(r"^# --- ", LOCK, flags=re.MULTILINE)[1:]:
        name, _, entries = part.partition("\n")
        parts[name] = dict(re.findall(r"^([\w.-]+)==([^ ]+)", entries, re.MULTILINE))
    return parts


def imported(path):
    """The packages that a module names, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def test_what_the_site_imports_is_among_what_it_runs_on():
    modules = [path for room in ("site", "home", "search", "etapes", "fiches") for path in (ROOT / room).rglob("*.py")]
    named = {name for path in modules if path.name not in {"test.py", "s3_storage.py"} for name in imported(path)}
    of_whom, site = packages_distributions(), locked()["site"]
    found = {name: {canonicalize_name(each) for each in of_whom[name]} for name in named & of_whom.keys()}
    assert len(found) > 15
    come_with = {"botocore", "fontTools"}  # boto3, WeasyPrint
    missing = {name for name, packages in found.items() if not packages & site.keys()} - {"etapes", "fiches"}
    assert missing <= {*CHOSEN.values(), *come_with}


def test_the_lock_holds_what_the_project_asks_for_in_the_part_that_it_is_asked_for():
    asked = {"site": PROJECT["project"]["dependencies"], **PROJECT["project"]["optional-dependencies"]}
    for part, requirements in PROJECT["dependency-groups"].items():
        asked[part] = [*asked.get(part, ()), *requirements]
    asked["site"] += asked.pop("headless")
    parts = locked()
    assert asked.keys() == parts.keys()
    for part, versions in parts.items():
        for each in map(Requirement, asked[part]):
            name = canonicalize_name(each.name)
            elsewhere = [other[name] for other in parts.values() if name in other] if part == "dist" else []
            assert each.specifier.contains(versions.get(name) or elsewhere[0]), (part, str(each))


def test_each_package_has_its_fingerprint_and_none_an_address():
    heads = re.findall(r"^[a-z0-9.-]+==\S+.*\\\n {4}--hash=sha256:[0-9a-f]{64}", LOCK, re.MULTILINE)
    assert len(heads) == len(re.findall(r"^\w.*", LOCK, re.MULTILINE)) > 100
    assert "//" not in LOCK


def test_the_site_runs_without_the_library_under_the_gpl_that_wagtail_asks_for():
    assert [part for part, packages in locked().items() if "pillow-heif" in packages] == ["heic"]


@pytest.fixture
def install(tmp_path):
    """Runs the script that makes the environment; ``(what it ends with, what it says, the file that pip is given)``."""

    def run(*chosen):
        (tmp_path / "requirements.txt").write_text(
            "# --- site\ndjango==5\n\n# --- pdf\nweasyprint==70\n\n# --- s3\nboto3==1\n\n# --- tests\npytest==9\n"
        )
        program = tmp_path / ".venv/bin/python"
        program.parent.mkdir(parents=True)
        program.write_text("#!/bin/sh\n:\n")
        program.chmod(0o755)
        done = subprocess.run(
            ["sh", ROOT / "tools/environment.sh", *chosen], cwd=tmp_path, capture_output=True, text=True, timeout=60,
            env={"PATH": os.environ["PATH"]},
        )  # fmt: skip
        return done.returncode, done.stderr, (tmp_path / ".venv/requirements.txt").read_text()

    return run


@pytest.mark.parametrize(
    ("chosen", "packages"),
    [
        ([], ["django"]),
        (["s3"], ["django", "boto3"]),
        (["pdf", "s3", "tests"], ["django", "weasyprint", "boto3", "pytest"]),
    ],
)
def test_a_machine_installs_what_the_site_runs_on_and_the_parts_that_it_names(install, chosen, packages):
    ended, said, given = install(*chosen)
    assert (ended, said, re.findall(r"^(\w+)==", given, re.MULTILINE)) == (0, "", packages)


def test_a_part_that_is_not_there_is_told_with_those_that_are(install):
    ended, said, _given = install("s4")
    assert (ended, said) == (1, "« s4 » n’existe pas : choisissez parmi site pdf s3 tests.\n")


def test_the_package_caps_no_dependency_that_a_host_may_have_newer():
    """Beyond Wagtail's own caps, those of Wagtail and of the map's widget, whose insides this code knows."""

    def capped(requirements):
        return {
            canonicalize_name(each.name)
            for each in map(Requirement, requirements)
            if any(part.operator.startswith("<") for part in each.specifier)
        }

    ours, wagtail = capped(PROJECT["project"]["dependencies"]), capped(requires("wagtail"))
    assert ours - wagtail == {"wagtail", "wagtailgeowidget"}
