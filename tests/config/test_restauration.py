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

from config.backup import backup_folder, database, file_storages, restoration_mark
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
    with pytest.raises(CommandError, match="abîmée"):
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


@pytest.mark.nightly
@pytest.mark.parametrize("entry", ["config.wsgi", "config.asgi"])
def test_the_site_does_not_start_after_an_unfinished_restoration(tmp_path, entry):
    (tmp_path / restoration_mark.MARK).write_bytes(b"")
    env = {
        **os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}", "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "RALLYNOV_PRIVATE_ROOT": str(tmp_path),
    }  # fmt: skip
    done = subprocess.run([sys.executable, "-c", f"import {entry}"], env=env, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (3, f"Le site ne démarre pas. {restoration_mark.UNFINISHED}\n")


def rewritten(**entries):
    """Returns what changes entries of a backup's manifest; None removes one."""

    def rewrite(backup):
        manifest = json.loads((backup / backup_folder.MANIFEST).read_text()) | entries
        kept = {name: value for name, value in manifest.items() if value is not None}
        (backup / backup_folder.MANIFEST).write_text(json.dumps(kept))

    return rewrite


def replaced_by_manifest(text):
    return lambda backup: (backup / backup_folder.MANIFEST).write_text(text)


def with_base_elsewhere(backup):
    (backup.parent / "autre.sql").write_bytes(b"DELETE")
    rewritten(base="../autre.sql")(backup)


def with_base_not_listed(backup):
    (backup / "fichiers" / "base.sql").write_bytes(b"DELETE")
    manifest = json.loads((backup / backup_folder.MANIFEST).read_text())
    rewritten(base="fichiers/base.sql", empreintes=manifest["empreintes"] | backup_folder.fingerprints(backup))(backup)


def with_file_replaced_by_link(backup):
    same = backup.parent / "vache.jpg"
    (backup / "fichiers/public/original_images/vache.jpg").rename(same)
    (backup / "fichiers/public/original_images/vache.jpg").symlink_to(same)


UNFIT = {
    "version": (rewritten(version=99), "restaurez sur la même version majeure"),
    "newer": (rewritten(migrations=["home.9999_de_demain"]), "version plus récente du logiciel : home.9999_de_demain"),
    "base_elsewhere": (with_base_elsewhere, "sa base, ../autre.sql, n’est pas un de ses fichiers"),
    "base_gone": (rewritten(base="rien.sql"), "sa base, rien.sql, n’est pas un de ses fichiers"),
    "base_among_files": (with_base_not_listed, "sa base, fichiers/base.sql, n’est pas un de ses fichiers"),
    "link": (with_file_replaced_by_link, "1 lien(s) symbolique(s) : fichiers/public/original_images/vache.jpg"),
    "no_fingerprints": (rewritten(empreintes=None), "dans sauvegarde.json, empreintes manque ou ne se lit pas"),
    "list_of_fingerprints": (rewritten(empreintes=[]), "dans sauvegarde.json, empreintes manque ou ne se lit pas"),
    "no_date": (rewritten(debut="hier"), "dans sauvegarde.json, debut manque ou ne se lit pas"),
    "local_date": (rewritten(debut="2026-11-26T02:30:12"), "dans sauvegarde.json, debut manque ou ne se lit pas"),
    "list": (replaced_by_manifest("[]"), "n’est pas du format 1"),
    "other_format": (rewritten(format=2), "n’est pas du format 1"),
    "no_json": (replaced_by_manifest("{"), "sauvegarde.json manque ou ne se lit pas"),
}


@pytest.mark.parametrize("option", ["--verifier", "--ecraser"])
@pytest.mark.parametrize("name", UNFIT)
def test_a_check_refuses_what_a_restoration_refuses(saved, monkeypatch, option, name):
    spoil, why = UNFIT[name]
    spoil(saved)
    monkeypatch.setattr(database, "load", lambda dumped: pytest.fail("The database was replaced."))
    with pytest.raises(CommandError, match=re.escape(why)):
        call_command("restaurer", saved, option)
    assert not restoration_mark.is_unfinished()


@pytest.mark.parametrize(("alias", "variable"), [("default", "MEDIA_ROOT"), ("private", "RALLYNOV_PRIVATE_ROOT")])
def test_a_backup_and_the_files_of_the_site_are_apart(saved, folders, alias, variable):
    inside = folders[alias] / "sauvegardes"
    for folder in (inside, folders[alias], folders[alias].parent):
        with pytest.raises(
            CommandError, match=f"^{folder} et {variable if folder == inside else ''}.*l’un dans l’autre"
        ):
            call_command("sauvegarder", folder)
    assert not inside.exists()
    inside.parent.mkdir(exist_ok=True)
    moved = saved.rename(inside)
    with pytest.raises(CommandError, match=f"{moved} et {variable} sont l’un dans l’autre"):
        call_command("restaurer", moved, "--ecraser")


@pytest.mark.parametrize(("alias", "variable"), [("default", "MEDIA_ROOT"), ("private", "RALLYNOV_PRIVATE_ROOT")])
@pytest.mark.parametrize("target", ["/etc/passwd", "/etc"])
def test_no_link_is_followed_out_of_the_files_of_the_site(saved, folders, alias, variable, target):
    (folders[alias] / "dossiers").mkdir(parents=True, exist_ok=True)
    (folders[alias] / "dossiers" / "lien").symlink_to(target)
    for command in (["sauvegarder", saved.parent], ["restaurer", saved, "--ecraser"]):
        with pytest.raises(
            CommandError, match=rf"^{variable} \(.*\) contient 1 lien\(s\) symbolique\(s\) : dossiers/lien\."
        ):
            call_command(*command)
    assert backup_folder.all_in(saved.parent) == [saved]


def test_a_note_of_an_erasure_that_cannot_be_read_stops_a_restoration_before_any_change(saved):
    """It would stop it at the replay, each time that it is run again: the copy of the other backup was interrupted."""
    half = saved.parent / "2026-11-30-120000"
    note = half / backup_folder.FILES / "prive" / erasure_log.FOLDER / "20261130T090000-aa.json"
    note.parent.mkdir(parents=True)
    note.write_bytes(b"")
    (half / backup_folder.MANIFEST).write_text("{}")
    for option in ("--verifier", "--ecraser"):
        with pytest.raises(CommandError, match=f"La note d’effacement {note} ne se lit pas"):
            call_command("restaurer", saved, option)
    assert not restoration_mark.is_unfinished()
    note.unlink()
    storages["private"].save(f"{erasure_log.FOLDER}/a.json", ContentFile(b"[]"))
    with pytest.raises(CommandError, match="La note d’effacement a.json ne se lit pas"):
        call_command("restaurer", saved, "--ecraser")


def test_a_backup_begun_at_another_instant_than_its_name_says_is_damaged(saved):
    """Erasures since its beginning are repeated: a later one would leave some out."""
    manifest = json.loads((saved / backup_folder.MANIFEST).read_text())
    (saved / backup_folder.MANIFEST).write_text(json.dumps(manifest | {"debut": "2999" + manifest["debut"][4:]}))
    with pytest.raises(CommandError, match="La sauvegarde est abîmée .* debut"):
        call_command("restaurer", saved, "--ecraser")


def test_no_backup_is_deleted_for_a_number_below_zero(saved):
    with pytest.raises(CommandError, match="--garder attend le nombre de sauvegardes à garder"):
        call_command("sauvegarder", saved.parent, "--garder", "-1")
    assert list(saved.parent.iterdir()) == [saved]
