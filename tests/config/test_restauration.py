"""A restoration that is killed shows until it is run again to its end; what cannot be restored is refused before any change."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command
from django.core.management.base import CommandError, SystemCheckError

from config import backup
from config.management.commands import restaurer
from fiches.upkeep import erasure_log

ROOT = Path(__file__).resolve().parents[2]


class Killed(BaseException):
    """The process ends here: nothing of ours catches it."""


@pytest.fixture
def folders(tmp_path, settings):
    """``{alias: folder}`` of two storages of this test alone."""
    paths = {"default": tmp_path / "media", "private": tmp_path / "prive"}
    disk = "django.core.files.storage.FileSystemStorage"
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

    monkeypatch.setattr(backup, "dump", dump)
    monkeypatch.setattr(backup, "load", lambda dumped: None)
    monkeypatch.setattr(restaurer, "call_command", lambda *args, **options: None)
    storages["default"].save("original_images/vache.jpg", ContentFile(b"une vache"))
    return backup.make(tmp_path / "sauvegardes")


def kill(step):
    def killed(*args, **options):
        raise Killed

    return lambda patch: patch.setattr(*step, killed)


STEPS = {
    "database": (backup, "load"),
    "files": (backup, "load_files"),
    "notes": (backup, "add_notes"),
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
    with pytest.raises(CommandError, match="abîmée"):
        call_command("restaurer", saved, "--ecraser")
    assert client.get("/sante/pret").json()["restauration"] is True


def test_an_unfinished_restoration_can_be_run_again_and_only_that(saved):
    backup.begin_restoration()
    assert restaurer.Command.requires_system_checks == []
    assert backup.read(saved)["empreintes"].keys() == {"base.sql", "fichiers/public/original_images/vache.jpg"}
    backup.load_files(saved / backup.FILES)
    assert backup.is_unfinished()
    made = backup.make(saved.parent / "ailleurs")
    assert not list(made.rglob(backup.MARK))


@pytest.mark.nightly
@pytest.mark.parametrize("entry", ["config.wsgi", "config.asgi"])
def test_the_site_does_not_start_after_an_unfinished_restoration(tmp_path, entry):
    (tmp_path / "prive").mkdir()
    (tmp_path / "prive" / backup.MARK).write_bytes(b"")
    env = {
        **os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}", "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "RALLYNOV_DONNEES": str(tmp_path),
    }  # fmt: skip
    done = subprocess.run([sys.executable, "-c", f"import {entry}"], env=env, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (3, f"Le site ne démarre pas. {backup.UNFINISHED}\n")


def rewritten(**entries):
    """Returns what changes entries of a backup's manifest; None removes one."""

    def rewrite(folder):
        manifest = json.loads((folder / backup.MANIFEST).read_text()) | entries
        kept = {name: value for name, value in manifest.items() if value is not None}
        (folder / backup.MANIFEST).write_text(json.dumps(kept))

    return rewrite


def with_base_elsewhere(folder):
    (folder.parent / "autre.sql").write_bytes(b"DELETE")
    rewritten(base="../autre.sql")(folder)


PICTURE = "fichiers/public/original_images/vache.jpg"
UNFIT = {
    "version": (rewritten(version=99), "restaurez sur la même version majeure"),
    "base_elsewhere": (with_base_elsewhere, "La sauvegarde est abîmée"),
    "base_gone": (rewritten(base="rien.sql"), "La sauvegarde est abîmée"),
    "file_changed": (lambda folder: (folder / PICTURE).write_bytes(b"un veau"), f"abîmée, 1 fichier(s) : {PICTURE}"),
    "file_gone": (lambda folder: (folder / "base.sql").unlink(), "abîmée, 1 fichier(s) : base.sql"),
    "file_added": (lambda folder: (folder / "fichiers/ajout").touch(), "abîmée, 1 fichier(s) : fichiers/ajout"),
    "no_fingerprints": (rewritten(empreintes=None), "sauvegarde.json manque ou ne se lit pas"),
    "no_date": (rewritten(debut="hier"), "sauvegarde.json manque ou ne se lit pas"),
    "no_json": (lambda folder: (folder / backup.MANIFEST).write_text("{"), "sauvegarde.json manque ou ne se lit pas"),
}


@pytest.mark.parametrize("option", ["--verifier", "--ecraser"])
@pytest.mark.parametrize("name", UNFIT)
def test_a_check_refuses_what_a_restoration_refuses(saved, monkeypatch, option, name):
    spoil, why = UNFIT[name]
    spoil(saved)
    monkeypatch.setattr(backup, "load", lambda dumped: pytest.fail("The database was replaced."))
    with pytest.raises(CommandError, match=re.escape(why)):
        call_command("restaurer", saved, option)
    assert not backup.is_unfinished()


@pytest.mark.parametrize("alias", ["default", "private"])
def test_a_backup_and_the_files_of_the_site_are_apart(saved, folders, alias):
    inside = folders[alias] / "sauvegardes"
    for folder in (inside, folders[alias], folders[alias].parent):
        with pytest.raises(CommandError, match=f"^{folder} et .*l’un dans l’autre"):
            call_command("sauvegarder", folder)
    assert not inside.exists()
    inside.parent.mkdir(exist_ok=True)
    moved = saved.rename(inside)
    with pytest.raises(CommandError, match=f"{moved} et {folders[alias]} sont l’un dans l’autre"):
        call_command("restaurer", moved, "--ecraser")


def test_a_note_of_an_erasure_that_cannot_be_read_stops_a_restoration_before_any_change(saved):
    """It would stop it at the replay, each time that it is run again: the copy of the other backup was interrupted."""
    half = saved.parent / "2026-11-30-120000"
    note = half / backup.FILES / "prive" / erasure_log.FOLDER / "20261130T090000-aa.json"
    note.parent.mkdir(parents=True)
    note.write_bytes(b"")
    (half / backup.MANIFEST).write_text("{}")
    for option in ("--verifier", "--ecraser"):
        with pytest.raises(CommandError, match=f"La note d’effacement {note} ne se lit pas"):
            call_command("restaurer", saved, option)
    assert not backup.is_unfinished()
    note.unlink()
    storages["private"].save(f"{erasure_log.FOLDER}/a.json", ContentFile(b"[]"))
    with pytest.raises(CommandError, match="La note d’effacement a.json ne se lit pas"):
        call_command("restaurer", saved, "--ecraser")


def test_a_disk_that_fails_is_told_in_one_line_and_leaves_no_half_backup(saved, monkeypatch):
    monkeypatch.setattr(backup, "save_files", lambda folder: os.mkdir("/proc/nulle-part"))
    with pytest.raises(CommandError, match="^Le disque, le seau ou la base ne répond pas comme il faut") as refused:
        call_command("sauvegarder", saved.parent)
    assert "\n" not in str(refused.value) and list(saved.parent.iterdir()) == [saved]


def test_no_backup_is_deleted_for_a_number_below_zero(saved):
    with pytest.raises(CommandError, match="--garder attend le nombre de sauvegardes à garder"):
        call_command("sauvegarder", saved.parent, "--garder", "-1")
    assert list(saved.parent.iterdir()) == [saved]
