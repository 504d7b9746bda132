"""What a machine installs: the packages that the site runs on there, all of them, and none that only tests need."""

import ast
import re
import tomllib
from importlib.metadata import packages_distributions, requires
from pathlib import Path

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


def test_the_site_runs_without_the_library_under_the_gpl_that_wagtail_asks_for():
    assert [part for part, packages in locked().items() if "pillow-heif" in packages] == ["heic"]


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
