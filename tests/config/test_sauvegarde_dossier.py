"""A folder of backups holds whole ones, and the one that is being made."""

import errno
import os
import re
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from config.backup import backup_folder

pytestmark = pytest.mark.nightly


@pytest.mark.parametrize(("days", "stays"), [(1, True), (8, False)])
def test_what_a_killed_backup_left_goes_when_nobody_can_be_writing_it(tmp_path, monkeypatch, days, stays):
    left = tmp_path / f"{backup_folder.BEGUN}4242"
    (left / "fichiers").mkdir(parents=True)
    (left / "fichiers" / "photo.jpg").write_bytes(b"x")
    long_ago = time.time() - days * 24 * 3600
    os.utime(left, (long_ago, long_ago))
    monkeypatch.setattr(backup_folder.database, "dump", lambda folder: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        backup_folder.make(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ([left.name] if stays else [])


def test_the_first_release_saves_a_database_in_which_nothing_is(tmp_path):
    root = Path(__file__).resolve().parents[2]
    env = {
        "PATH": os.environ["PATH"], "PYTHONPATH": f"{root}:{root / 'site'}", "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'vide.sqlite3'}", "MEDIA_ROOT": str(tmp_path / "media"),
        "RALLYNOV_PRIVATE_ROOT": str(tmp_path / "prive"),
    }  # fmt: skip
    command = [sys.executable, "manage.py", "sauvegarder", tmp_path / "sauvegardes"]
    done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert len(backup_folder.all_in(tmp_path / "sauvegardes")) == 1


def test_a_backup_begun_in_the_second_of_another_is_refused_in_one_sentence(saved, monkeypatch):
    before = backup_folder.read(saved)
    monkeypatch.setattr(backup_folder.timezone, "now", lambda: backup_folder.start_of(before))
    with pytest.raises(CommandError, match=f"a commencé à la même seconde : {saved} existe déjà") as refused:
        call_command("sauvegarder", saved.parent)
    assert "Errno" not in str(refused.value)
    assert (backup_folder.read(saved), list(saved.parent.iterdir())) == (before, [saved])


@pytest.mark.parametrize(
    ("number", "line"),
    [
        (errno.EACCES, "Le compte du site n’a pas le droit de lire ou d’écrire {path} :"),
        (errno.EROFS, "Le compte du site n’a pas le droit de lire ou d’écrire {path} :"),
        (errno.ENOSPC, "Le disque est plein : faites de la place, puis relancez la commande."),
        (errno.EIO, "Le disque ou le seau ne répond pas comme il faut"),
    ],
)
def test_a_disk_that_fails_is_told_in_one_line(saved, monkeypatch, number, line):
    def fail(folder):
        raise OSError(number, os.strerror(number), str(folder / "prive" / "piece.pdf"))

    saved.rename(saved.parent / "2026-01-01-000000")
    monkeypatch.setattr(backup_folder.file_storages, "save", fail)
    with pytest.raises(CommandError, match=re.escape(line.format(path=saved.parent))) as refused:
        call_command("sauvegarder", saved.parent)
    assert "\n" not in str(refused.value)
    assert [path.name for path in saved.parent.iterdir()] == ["2026-01-01-000000"]


def test_a_backup_is_not_made_in_a_file(tmp_path, db):
    (tmp_path / "fichier").write_bytes(b"x")
    with pytest.raises(CommandError, match=f"^{tmp_path / 'fichier'} n’est pas un dossier.$"):
        call_command("sauvegarder", tmp_path / "fichier")


def test_another_backup_being_made_is_left_alone(saved, monkeypatch):
    other = saved.parent / f"{backup_folder.BEGUN}{os.getpid()}"  # in containers, two processes have the same number
    other.mkdir()
    saved.rename(saved.parent / "2026-01-01-000000")
    backup_folder.make(saved.parent)
    assert other.is_dir()


@pytest.fixture
def saved(tmp_path, monkeypatch, db):
    """A backup of a database and one picture."""
    monkeypatch.setattr(backup_folder.database, "dump", lambda folder: written(folder / "base.sql", b"INSERT"))
    monkeypatch.setattr(backup_folder.file_storages, "save", lambda folder: written(folder / "photo.jpg", b"une vache"))
    return backup_folder.make(tmp_path)


def written(path, data):
    path.write_bytes(data)
    return path


def test_a_backup_that_is_whole_is_read(saved):
    assert sorted(backup_folder.read(saved)["empreintes"]) == ["base.sql", f"{backup_folder.FILES}/photo.jpg"]


@pytest.mark.parametrize("name", ["base.sql", f"{backup_folder.FILES}/photo.jpg"])
@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(path.read_bytes()[:-1] + b"X"),
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b""),
    ],
    ids=["changed", "gone", "emptied"],
)
def test_a_backup_of_which_a_file_is_not_what_it_was_is_refused_and_the_file_named(saved, name, spoil):
    spoil(saved / name)
    with pytest.raises(backup_folder.BackupRefused, match=re.escape(f"abîmée, 1 fichier(s) : {name}")):
        backup_folder.read(saved)


def test_a_backup_to_which_a_file_was_added_is_refused_and_the_file_named(saved):
    written(saved / backup_folder.FILES / "ajout.jpg", b"x")
    with pytest.raises(backup_folder.BackupRefused, match="ajout.jpg"):
        backup_folder.read(saved)


def test_a_disk_that_sqlite_fills_is_told_as_one_that_we_fill():
    with (
        pytest.raises(OSError, match="full") as full,
        backup_folder.database._failures_of_sqlite(),
        closing(sqlite3.connect(":memory:")) as base,
    ):
        base.executescript("PRAGMA max_page_count=1; CREATE TABLE t (c)")
    assert full.value.errno == errno.ENOSPC


def test_a_base_that_sqlite_cannot_read_is_refused(tmp_path):
    (tmp_path / "base.sqlite3").write_bytes(b"rien" * 1024)
    with (
        pytest.raises(backup_folder.BackupRefused, match="^SQLite a échoué : file is not a database$"),
        backup_folder.database._failures_of_sqlite(),
        closing(sqlite3.connect(tmp_path / "base.sqlite3")) as base,
    ):
        base.execute("SELECT * FROM sqlite_master")


@pytest.mark.parametrize(
    ("told", "error", "line"),
    [
        ("pg_dump: error: No space left on device", OSError, "pg_dump"),
        ("pg_dump: error: rien", backup_folder.BackupRefused, "pg_dump a échoué : pg_dump: error: rien"),
    ],
)
def test_a_disk_that_postgresql_fills_is_told_as_one_that_we_fill(tmp_path, monkeypatch, told, error, line):
    program = tmp_path / "pg_dump"
    program.write_text(f"#!/bin/sh\necho '{told}' >&2\nexit 1\n")
    program.chmod(0o700)
    monkeypatch.setattr(backup_folder.database, "find", lambda name: str(program))
    with pytest.raises(error, match=line):
        backup_folder.database.run("pg_dump")
