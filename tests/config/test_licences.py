"""Licences and known holes of the packages: what the tools make of what registries say."""

import json

import pytest

from tools import audit, licences


def test_every_package_that_we_ask_for_may_be_taken():
    packages = licences.packages()
    assert {"django", "leaflet"} <= {name for name, _licence, _for_tests in packages}
    assert licences.refused(packages) == []


@pytest.mark.parametrize(
    ("licence", "to_run", "for_tests"),
    [
        ("MIT", True, True),
        ("MIT AND Apache-2.0", True, True),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", True, True),
        ("GPL-2.0-or-later OR MPL-1.1", True, True),
        ("GPL-3.0-or-later", False, True),
        ("MIT AND GPL-3.0-or-later", False, True),
        ("AGPL-3.0-only", False, False),
        ("SSPL-1.0", False, False),
        ("(MIT OR BUSL-1.1) AND SSPL-1.0", False, False),
        ("yes", False, False),
        ("", False, False),
        ("UNLICENSED", False, False),
    ],
)
def test_a_licence_is_taken_when_one_of_its_choices_may_be(licence, to_run, for_tests):
    refused = [licences.refused([("paquet", licence, each)]) == [] for each in (False, True)]
    assert refused == [to_run, for_tests]


def test_a_package_that_says_nothing_is_named():
    assert licences.refused([("paquet", "", False)]) == ["paquet : sans licence lisible"]


def test_what_only_tests_need_is_told_from_what_runs():
    text = "# --- site\ndjango==5\nother==1 ; sys_platform == 'win32'\n# --- s3\nboto3==1\n# --- tests\npytest==9\n"
    assert licences.python_packages(text) == {"django": False, "boto3": False, "pytest": True}


GPL = "                    GNU GENERAL PUBLIC LICENSE\n                       Version 2, June 1991\n"


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Installs a made-up wheel: its licence, and its other files."""

    def installed(licence, files):
        files = {
            "made_up-1.0.dist-info/METADATA": f"Name: made-up\nVersion: 1.0\nLicense-Expression: {licence}\n",
            **files,
        }
        files["made_up-1.0.dist-info/RECORD"] = "".join(f"{name},,\n" for name in files)
        for name, content in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(content)
        monkeypatch.syspath_prepend(tmp_path)
        return [(name, licence, False) for name, licence in licences.bundled("made-up")]

    return installed


def test_a_library_that_a_wheel_holds_is_judged_by_its_own_licence(install):
    libraries = ["libx265-4883ecb5.so.217", "libjpeg-6dc8d115.so.62.4.0", "libnew-1.so"]
    found = install("MIT", {f"made_up.libs/{library}": "" for library in libraries})
    assert licences.refused(found) == [
        "made-up (libnew) : sans licence lisible",
        "made-up (libx265) : GPL-2.0-or-later",
    ]


def test_a_text_of_the_gpl_among_a_wheel_s_licences_is_seen_unless_another_may_be_chosen(install):
    texts = {"made_up-1.0.dist-info/licenses/COPYING": GPL, "made_up-1.0.dist-info/licenses/LICENSE": "as the GPL is"}
    assert licences.refused(install("MIT", texts)) == ["made-up (COPYING) : GPL-2.0-or-later"]
    assert install("MIT OR GPL-2.0-or-later", texts) == []


def test_what_the_site_runs_on_holds_the_libraries_of_its_wheels():
    found = {name: licence for name, licence, _for_tests in licences.packages()}
    assert found["pillow (libjpeg)"] == "IJG AND BSD-3-Clause"
    assert "pillow-heif (libx265)" not in found


def test_packages_that_could_not_be_looked_up_are_not_said_to_be_sound():
    answer = {
        "dependencies": [
            {"name": "sound", "version": "1", "vulns": []},
            {"name": "unseen", "skip_reason": "Dependency not found on PyPI and could not be audited: unseen (1)"},
            {"name": "holed", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]},
        ]
    }
    assert audit.read_pip_audit(json.dumps(answer)) == (["holed 2 : PYSEC-1, corrigé en 3"], ["unseen"])


def test_npm_that_is_refused_is_not_npm_that_found_nothing():
    assert audit.read_npm_audit('{"vulnerabilities": {}}') == ([], [])
    assert audit.read_npm_audit('{"vulnerabilities": {"x": {"severity": "high"}}}') == (["x : high"], [])
    assert audit.read_npm_audit('{"message": "405 Method Not Allowed"}') == ([], ["405 Method Not Allowed"])


@pytest.mark.parametrize(
    ("python", "npm", "ended"),
    [
        ('{"dependencies": []}', '{"vulnerabilities": {}}', 0),
        ('{"dependencies": [{"name": "x", "skip_reason": "?"}]}', '{"vulnerabilities": {}}', 2),
        ('{"dependencies": [{"name": "x", "skip_reason": "?"}]}', '{"vulnerabilities": {"x": {"severity": "low"}}}', 1),
    ],
)
def test_it_ends_as_it_found(monkeypatch, python, npm, ended):
    monkeypatch.setattr(audit, "run_pip_audit", lambda: python)
    monkeypatch.setattr(audit, "run_npm_audit", lambda: npm)
    assert audit.main() == ended


def test_a_registry_out_of_reach_is_said(monkeypatch, capsys):
    def out_of_reach():
        raise OSError("Name or service not known")

    monkeypatch.setattr(audit, "run_pip_audit", out_of_reach)
    monkeypatch.setattr(audit, "run_npm_audit", lambda: '{"vulnerabilities": {}}')
    assert audit.main() == 2
    assert "Python : NON VÉRIFIÉ (1)" in capsys.readouterr().out
