"""A restoration that is killed shows until it is run again to its end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from config.backup import backup_folder, database, file_storages, restoration_mark
from config.disk_storage import BEGUN
from config.management.commands import restaurer
from fiches.upkeep import erasure_log

ROOT = Path(__file__).resolve().parents[2]


class Killed(BaseException):
    """The process ends here: nothing of ours catches it."""


@pytest.fixture
def folders(tmp_path, settings):
    """``{alias: folder}`` of two storages of this test alone."""
    paths = {"default": tmp_path / "media", "private": tmp_path / "prive"}
    disk = "config.disk_storage.WholeFileStorage"
    settings.STORAGES = settings.STORAGES | {
        alias: {"BACKEND": disk, "OPTIONS": {"location": str(path)}} for alias, path in paths.items()
    }
    return paths


@pytest.fixture
def saved(folders, tmp_path, monkeypatch, db):
    """A backup of a picture. The database is neither dumped nor loaded."""

    def dump(folder):
        (folder / "base.sql").write_bytes(b"INSERT")
        return folder / "base.sql"

    monkeypatch.setattr(database, "dump", dump)
    monkeypatch.setattr(database, "load", lambda dumped: None)
    monkeypatch.setattr(restaurer, "call_command", lambda *args, **options: None)
    storages["default"].save("original_images/vache.jpg", ContentFile(b"une vache"))
    return backup_folder.make(tmp_path / "sauvegardes")


def kill(step):
    def killed(*args, **options):
        raise Killed

    return lambda patch: patch.setattr(*step, killed)


STEPS = {
    "database": (database, "load"),
    "files": (file_storages, "load"),
    "notes": (file_storages, "add_notes"),
    "erasures": (erasure_log, "replay"),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_restoration_killed_midway_shows_until_it_is_run_to_its_end(saved, client, monkeypatch, step):
    with monkeypatch.context() as patch:
        kill(STEPS[step])(patch)
        with pytest.raises(Killed):
            call_command("restaurer", saved, "--ecraser")
    answer = client.get("/sante/pret")
    assert (answer.status_code, answer.json()["pret"], answer.json()["restauration"]) == (503, False, False)
    with pytest.raises(SystemCheckError, match=r"rallynov.E002\) Une restauration n’est pas allée à son terme"):
        call_command("check")
    call_command("restaurer", saved, "--ecraser")
    assert client.get("/sante/pret").json()["restauration"] is True
    call_command("check")


def test_a_restoration_that_is_refused_leaves_no_mark(saved, client):
    (saved / "base.sql").write_bytes(b"DELETE")
    with pytest.raises(restaurer.CommandError, match="abîmée"):
        call_command("restaurer", saved, "--ecraser")
    assert client.get("/sante/pret").json()["restauration"] is True


def test_an_unfinished_restoration_can_be_run_again_and_only_that(saved):
    restoration_mark.begin()
    assert restaurer.Command.requires_system_checks == []
    assert backup_folder.read(saved)["empreintes"].keys() == {"base.sql", "fichiers/public/original_images/vache.jpg"}
    file_storages.load(saved / backup_folder.FILES)
    assert restoration_mark.is_unfinished()
    made = backup_folder.make(saved.parent / "ailleurs")
    assert not list(made.rglob(restoration_mark.MARK))


def test_a_restoration_deletes_what_a_killed_one_was_writing(saved, folders):
    left = folders["default"] / "original_images" / f"{BEGUN}4242"
    left.write_bytes(b"une va")
    call_command("restaurer", saved, "--ecraser")
    assert [path.name for path in left.parent.iterdir()] == ["vache.jpg"]


@pytest.mark.parametrize("entry", ["config.wsgi", "config.asgi"])
def test_the_site_does_not_start_after_an_unfinished_restoration(tmp_path, entry):
    (tmp_path / restoration_mark.MARK).write_bytes(b"")
    env = {
        **os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}", "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "RALLYNOV_PRIVATE_ROOT": str(tmp_path),
    }  # fmt: skip
    done = subprocess.run([sys.executable, "-c", f"import {entry}"], env=env, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (3, f"Le site ne démarre pas. {restoration_mark.UNFINISHED}\n")
