"""What site/deploy ships names what there is: variables, commands, figures, files."""

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

from tests.addresses import patterns

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "site/deploy"
CODE = "".join(path.read_text() for path in (ROOT / "site/config").rglob("*.py"))
SECRET_PART = re.compile(r"<(?:\w+:)?(?:secret|jeton|token)>")
OF_DJANGO_AND_SHELL = {"DJANGO_SETTINGS_MODULE", "PYTHONPATH"}


def test_each_variable_of_the_units_and_of_compose_is_one_that_the_site_reads():
    example = (DEPLOY / "systemd/rallynov.env.exemple").read_text()
    named = set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    named |= set(compose["x-site"]["environment"])
    for name in named - OF_DJANGO_AND_SHELL:
        assert f'"{name}"' in CODE, name


def test_each_command_that_is_run_exists():
    tracked = subprocess.check_output(["git", "ls-files", "--", DEPLOY], cwd=ROOT, text=True).split()
    texts = [(ROOT / path).read_text() for path in tracked if "nginx" not in path]
    named = {name for text in texts for name in re.findall(r"manage\.py[, ]+([a-z_]+)", text)}
    named |= set(re.findall(r"^gerer ([a-z]+)", (DEPLOY / "mettre-a-jour").read_text(), re.MULTILINE))
    assert {"migrate", "db_worker", "echeances", "sauvegarder", "collectstatic"} <= named <= set(get_commands())


def test_each_file_that_compose_mounts_is_shipped():
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    mounted = [
        volume.split(":")[0] for service in compose["services"].values() for volume in service.get("volumes", ())
    ]
    files = [path for path in mounted if path.startswith("./")]
    assert len(files) == 2
    assert [path for path in files if not (DEPLOY / path).is_file()] == []


def test_the_secret_of_no_link_stands_in_nginx_s_log():
    """A room whose links hold a secret has its line in the map, in every language."""
    template = (DEPLOY / "nginx/rallynov.conf.template").read_text()
    lines = template.split("map $uri $rallynov_path {")[1].split("}")[0].splitlines()
    masks = [re.compile(line.split()[0][1:].replace("?<", "?P<")) for line in lines if line.strip().startswith("~")]
    routes = [route for route in patterns() if SECRET_PART.search(route)]
    assert len(routes) > 15
    for prefix in ("/", "/en/"):
        told = [prefix + route for route in routes if not any(mask.match(prefix + route) for mask in masks)]
        assert [route for route in told if not route.startswith("/en/admin/")] == []


def test_the_image_holds_no_secret_of_who_builds_it():
    """`COPY . .` takes all that isn't named here: the compose file's variables and certificate stand beside it."""
    left_out = (ROOT / ".dockerignore").read_text().splitlines()
    assert {".git", "**/.env", "site/deploy/certificats", "donnees", "db.sqlite3*"} <= set(left_out)
    # Nor what a build of another machine left: make would take it for done.
    assert {".venv", "node_modules"} <= set(left_out)
    kept = (ROOT / ".gitignore").read_text().splitlines()
    assert {".env", "/site/deploy/certificats/"} <= set(kept)
    compose = (DEPLOY / "compose.yaml").read_text()
    assert "\n    - path: .env\n" in compose and ":-./certificats}:" in compose


def test_each_variable_of_the_operator_reaches_the_containers():
    for name, service in yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"].items():
        if service["image"] == "${IMAGE:-rallynov}":
            assert service["env_file"] == [{"path": ".env", "required": False}], name
        else:
            assert name in {"base", "cache", "nginx"}


@pytest.fixture
def release(tmp_path):
    """``release(folder, **env)``: the script, run with commands that only note that they were called: (it, the notes)."""
    (tmp_path / "bin").mkdir()
    for name, more in (
        ("runuser", ""),
        ("systemctl", ""),
        ("sleep", ""),
        ("curl", '[ "$PORT_MUET" != "${5##*:}" ] || exit 22'),
    ):
        stub = tmp_path / "bin" / name
        stub.write_text(f'#!/bin/sh\necho "{name} $*" >> "$NOTES"\ncase "$*" in *"$ECHOUE"*) exit 1;; esac\n{more}\n')
        stub.chmod(0o755)
    (tmp_path / "env").write_text("DATABASE_URL=postgres://serveur/x\n")
    for version in ("1.0", "2.0"):
        python = tmp_path / version / ".venv/bin/python"
        python.parent.mkdir(parents=True)
        python.touch(mode=0o755)
        (tmp_path / version / "manage.py").touch()
    (tmp_path / "notes").touch()

    def run(folder=tmp_path / "2.0", **env):
        done = subprocess.run(
            ["sh", DEPLOY / "mettre-a-jour", folder], cwd=tmp_path,
            env={
                "PATH": f"{tmp_path}/bin:{os.environ['PATH']}", "NOTES": str(tmp_path / "notes"), "ECHOUE": "jamais",
                "PORT_MUET": "", "RALLYNOV_RACINE": str(tmp_path), "RALLYNOV_ENV": str(tmp_path / "env"), **env,
            },
            capture_output=True, text=True,
        )  # fmt: skip
        notes = (tmp_path / "notes").read_text().splitlines()
        return done, [
            re.sub(r"^runuser .*manage\.py ", "", line) for line in notes if not line.startswith(("curl", "sleep"))
        ]

    return run


@pytest.mark.nightly
def test_a_release_saves_migrates_then_restarts_one_after_the_other(release, tmp_path):
    done, notes = release()
    assert done.returncode == 0, done.stderr
    assert [note.split(" --")[0] for note in notes] == [
        "sauvegarder /var/backups/rallynov",
        "migrate",
        "collectstatic",
        "systemctl restart rallynov-worker",
        "systemctl restart rallynov-web@8001",
        "systemctl restart rallynov-web@8002",
    ]
    assert (tmp_path / "actuel").resolve() == tmp_path / "2.0"


@pytest.mark.nightly
@pytest.mark.parametrize(("step", "last"), [("sauvegarder", "sauvegarder"), ("migrate", "migrate")])
def test_a_release_that_fails_restarts_nothing(release, tmp_path, step, last):
    done, notes = release(ECHOUE=step)
    assert done.returncode != 0
    assert notes[-1].startswith(last)
    assert not (tmp_path / "actuel").exists()


@pytest.mark.nightly
def test_nginx_asks_an_instance_again_before_the_next_one_goes(release, tmp_path):
    """It leaves an instance that did not answer alone for three seconds: who reads would get a 503."""
    release()
    told = [line.partition(" http")[0].split(" --")[0] for line in (tmp_path / "notes").read_text().splitlines()]
    after = told[told.index("systemctl restart rallynov-web@8001") :]
    assert after == [
        "systemctl restart rallynov-web@8001", "curl", "sleep 5", "systemctl restart rallynov-web@8002", "curl", "sleep 5"
    ]  # fmt: skip


@pytest.mark.nightly
def test_an_instance_that_is_not_ready_leaves_the_others_as_they_are(release):
    done, notes = release(PORT_MUET="8001/sante/pret")
    assert done.returncode == 1 and "8001 n’est pas prête" in done.stderr
    assert "systemctl restart rallynov-web@8002" not in notes


@pytest.mark.nightly
def test_a_release_of_which_no_instance_is_ready_is_taken_out_of_service(release, tmp_path):
    """Otherwise the next start of the machine would give it to all instances."""
    (tmp_path / "actuel").symlink_to(tmp_path / "1.0")
    done, notes = release(PORT_MUET="8001/sante/pret")
    assert f"Retour à {tmp_path / '1.0'}." in done.stderr
    assert (tmp_path / "actuel").resolve() == tmp_path / "1.0"
    assert notes[-2:] == ["systemctl restart rallynov-worker", "systemctl restart rallynov-web@8001"]


@pytest.mark.nightly
def test_a_release_that_some_instance_serves_stays_in_service(release, tmp_path):
    (tmp_path / "actuel").symlink_to(tmp_path / "1.0")
    done, _notes = release(PORT_MUET="8002/sante/pret")
    assert done.returncode == 1
    assert (tmp_path / "actuel").resolve() == tmp_path / "2.0"


@pytest.mark.nightly
def test_the_folder_of_a_release_may_be_relative_and_must_hold_a_release(release, tmp_path):
    assert release("2.0")[0].returncode == 0
    assert (tmp_path / "actuel").readlink() == tmp_path / "2.0"
    for folder in ("absent", "bin"):
        (tmp_path / "notes").write_text("")
        done, notes = release(folder)
        assert (done.returncode, notes) == (1, [])
        assert f"{folder} n’est pas le dossier d’une version" in done.stderr
