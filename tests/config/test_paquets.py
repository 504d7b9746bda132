"""What a server installs: the packages that the site runs on, all of them, and none that only tests need."""

import ast
import os
import re
import subprocess
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.licences import python_packages

ROOT = Path(__file__).resolve().parents[2]
FOR_TESTS = {
    canonicalize_name(name): for_tests
    for name, for_tests in python_packages((ROOT / "requirements.txt").read_text()).items()
}


def imported(path):
    """The packages that a module names, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def test_what_the_site_imports_is_among_what_it_runs_on():
    modules = [path for room in ("site", "home", "search", "etapes", "fiches") for path in (ROOT / room).rglob("*.py")]
    named = {name for path in modules if path.name != "test.py" for name in imported(path)}
    of_whom = packages_distributions()
    brought = {name: {canonicalize_name(each) for each in of_whom[name]} for name in named if name in of_whom}
    assert len(brought) > 30
    assert [name for name, those in sorted(brought.items()) if all(FOR_TESTS.get(each, False) for each in those)] == []


def test_what_these_need_in_turn_is_there_too():
    to_run = [name for name, for_tests in FOR_TESTS.items() if not for_tests]
    needs = [(name, Requirement(told)) for name in to_run for told in requires(name) or ()]
    needed = {
        (name, canonicalize_name(need.name))
        for name, need in needs
        if not need.marker or need.marker.evaluate({"extra": ""})
    }
    assert len(needed) > 60
    assert [(name, need) for name, need in sorted(needed) if FOR_TESTS.get(need, False)] == []


@pytest.mark.parametrize(("packages", "told"), [("site", {"Django"}), ("", {"Django", "pytest"})])
def test_a_server_installs_what_the_site_runs_on_and_a_workstation_all(tmp_path, packages, told):
    (tmp_path / "requirements.txt").write_text("# --- To run\nDjango==5\n\n# --- To develop and test\npytest==9\n")
    python = tmp_path / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\nif [ "$2" = pip ]; then for last; do :; done; cat "$last" > asked; fi\n')
    python.chmod(0o755)
    subprocess.run(
        ["sh", ROOT / "tools/environment.sh"], cwd=tmp_path, check=True, capture_output=True,
        env={"PATH": os.environ["PATH"], "PAQUETS": packages},
    )  # fmt: skip
    assert set(re.findall(r"^(\w+)==", (tmp_path / "asked").read_text(), re.MULTILINE)) == told


def test_the_image_is_made_as_a_server_is():
    assert "\nRUN PAQUETS=site make locale assets " in (ROOT / "site/deploy/Dockerfile").read_text()
    assert "`PAQUETS=site make locale assets`" in (ROOT / "docs/exploitation.md").read_text()
