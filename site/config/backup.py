"""Backup and restoration of the database and the files in one folder, with checksums.

A backup is a folder that is complete or does not exist, with a manifest. A restoration leaves a mark until it is whole: until then, the
database may hold persons who were erased since the backup.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.checks import Error
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

from config.environment import REFUSED
from fiches.models import Echeance
from fiches.upkeep.erasure_log import FOLDER as ERASURES

MANIFEST = "sauvegarde.json"
FILES = "fichiers"
# Name of a backup's folder: when it was begun, in the site's time zone.
NAME = "%Y-%m-%d-%H%M%S"
# Prefix of a backup still being written, or of one that was killed.
BEGUN = ".en-cours-"
# Name of the `Echeance` row that stores when the latest known backup was begun.
MEMORY = "sauvegarde"
# Folder of the backup: alias of the storage.
ROOMS = {"public": "default", "prive": "private"}
# Name of the mark in the private storage; neither saved nor deleted with the other files.
MARK = "restauration-en-cours"
UNFINISHED = (
    "Une restauration n’est pas allée à son terme : relancez restaurer, site arrêté (docs/exploitation.md,"
    " « Sauvegarder et restaurer »)."
)


class BackupError(CommandError):
    """A backup or restoration is not possible. ``str()`` is the line for the operator."""


@contextmanager
def failures_as_one_line() -> Iterator[None]:
    """Context manager: an error of the disk, the bucket or SQLite ends the command with one line."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise BackupError(
            f"Le disque, le seau ou la base ne répond pas comme il faut ({error}) : relancez la commande quand cela va mieux."
        ) from None


# --- The folder ------------------------------------------------------------------------------------------------------


def make(parent: Path) -> Path:
    """Creates a backup in ``parent``, named after its date; returns its folder. Leaves nothing if it fails.

    :raises BackupError: the database can't be dumped, or the folders don't fit.
    :raises OSError: the disk or the bucket fails.
    """
    check_apart(parent)
    parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    start = timezone.now()
    begun = Path(tempfile.mkdtemp(prefix=BEGUN, dir=parent))
    try:
        # The database before the files: files that it refers to still exist a moment later.
        manifest = {"debut": start.isoformat(), "base": dump(begun).name, **server()}
        save_files(begun / FILES)
        manifest["empreintes"] = fingerprints(begun)
        (begun / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1))
        return begun.rename(parent / timezone.localtime(start).strftime(NAME))
    finally:
        shutil.rmtree(begun, ignore_errors=True)


def read(folder: Path) -> dict[str, Any]:
    """Returns the manifest of a backup, after verifying the checksum of each file.

    :raises BackupError: it is no backup, is damaged, or is of another database engine or major version.
    """
    check_apart(folder)
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
        start, expected, made_by = start_of(manifest), manifest["empreintes"], (manifest["moteur"], manifest["version"])
    except (OSError, ValueError, TypeError, KeyError):
        raise BackupError(f"{folder} n’est pas une sauvegarde : {MANIFEST} manque ou ne se lit pas.") from None
    actual = fingerprints(folder)
    wrong = sorted(name for name in {*actual, *expected} if actual.get(name) != expected.get(name))
    if wrong or manifest["base"] not in expected or start.tzinfo is None:
        raise BackupError(f"La sauvegarde est abîmée, {len(wrong)} fichier(s) : {', '.join(wrong[:5])}")
    current = server()
    if made_by != (current["moteur"], current["version"]):
        raise BackupError(
            f"La sauvegarde vient de {made_by[0]} {made_by[1]}, la base est {current['moteur']} {current['version']} :"
            " restaurez sur la même version majeure, puis changez de version."
        )
    return manifest


def start_of(manifest: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(manifest["debut"])


def fingerprints(folder: Path) -> dict[str, str]:
    """``{path: SHA-256}`` of the files of a backup, without its manifest."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / MANIFEST)
    return {path.relative_to(folder).as_posix(): _fingerprint(path) for path in files}


def _fingerprint(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def all_in(parent: Path) -> list[Path]:
    """The complete backups of a folder, the oldest first."""
    return sorted(path.parent for path in parent.glob(f"[!.]*/{MANIFEST}"))


def forget_old(parent: Path, kept: int) -> list[Path]:
    """Deletes all but the ``kept`` newest backups (none if 0); returns the folders deleted."""
    old = all_in(parent)[:-kept] if kept else []
    for folder in old:
        shutil.rmtree(folder)
    return old


def remember(manifest: dict[str, Any]) -> None:
    """Stores the date of a verified backup in the database, so that every server knows its age; not before the first migration."""
    if Echeance._meta.db_table in connection.introspection.table_names():
        Echeance.objects.update_or_create(nom=MEMORY, defaults={"prochaine": start_of(manifest)})


def latest() -> datetime | None:
    """When the latest known backup was begun; None if there is none, for instance if backups are made by other means."""
    return Echeance.objects.filter(nom=MEMORY).values_list("prochaine", flat=True).first()


# --- The files -------------------------------------------------------------------------------------------------------


def check_apart(folder: Path) -> None:
    """:raises BackupError: a backup in ``folder`` would copy itself, or a restoration would delete it."""
    folder = folder.resolve()
    for alias in ROOMS.values():
        storage = storages[alias]
        if isinstance(storage, FileSystemStorage):
            root = Path(storage.location).resolve()
            if folder.is_relative_to(root) or root.is_relative_to(folder):
                raise BackupError(f"{folder} et {root} sont l’un dans l’autre : donnez deux dossiers séparés.")


def names(storage: Storage, folder: str = "") -> Iterator[str]:
    """Yields the names of all files of a storage, recursively, without the mark of a restoration."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    prefix = f"{folder}/" if folder else ""
    yield from (prefix + name for name in files if name and name != MARK)
    for name in folders:
        yield from names(storage, prefix + name)


def save_files(folder: Path) -> None:
    """Copies both storages into ``folder``. Files deleted meanwhile are left out."""
    for room, alias in ROOMS.items():
        for name in names(storages[alias]):
            target = folder / room / name
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                with storages[alias].open(name) as source, target.open("wb") as copy:
                    shutil.copyfileobj(source, copy)
            except FileNotFoundError:
                target.unlink(missing_ok=True)


def load_files(folder: Path) -> None:
    """Replaces the contents of both storages by those of the backup, except the list of erasures, to which it adds."""
    for room, alias in ROOMS.items():
        storage = storages[alias]
        for name in list(names(storage)):
            if not name.startswith(f"{ERASURES}/"):
                storage.delete(name)
        for path in (folder / room).rglob("*"):
            if path.is_file():
                _add(storage, path.relative_to(folder / room).as_posix(), path)


def add_notes(folder: Path) -> None:
    """Adds the records of erasures of a backup that the site lacks."""
    for path in notes_in(folder):
        _add(storages["private"], f"{ERASURES}/{path.name}", path)


def notes_in(folder: Path) -> list[Path]:
    """The records of erasures of a backup."""
    return sorted((folder / FILES / "prive" / ERASURES).glob("*.json"))


def _add(storage: Storage, name: str, path: Path) -> None:
    if not storage.exists(name):
        with path.open("rb") as source:
            storage.save(name, File(source, name=name))


# --- The database ----------------------------------------------------------------------------------------------------


def server() -> dict[str, Any]:
    """Returns ``{"moteur", "version"}``: the database engine and its major version."""
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        version: int = connection.pg_version  # type: ignore[attr-defined]  # of the backend for PostgreSQL alone
        return {"moteur": "postgresql", "version": version // 10_000}
    return {"moteur": "sqlite", "version": 3}


def dump(folder: Path) -> Path:
    """Dumps a consistent snapshot of the database into ``folder``; returns the file."""
    if connection.vendor == "postgresql":
        target = folder / "base.dump"
        run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")
        return target
    target = folder / "base.sqlite3"
    connection.ensure_connection()
    with closing(sqlite3.connect(target)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    return target


def is_empty() -> bool:
    """Whether the database was never migrated."""
    return "django_migrations" not in connection.introspection.table_names()


def load(dumped: Path) -> None:
    """Replaces the database's contents by the dump."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # the whole schema, since its tables may differ from those of the dump
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        connection.close()
        run("pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", str(dumped))
        return
    connection.ensure_connection()
    with closing(sqlite3.connect(f"file:{dumped}?mode=ro", uri=True)) as source:
        source.backup(connection.connection)
    connection.close()


def run(program: str, *arguments: str) -> None:
    """Runs one of PostgreSQL's programs on the site's database. The password is passed in the environment, not as an argument.

    :raises BackupError: it failed, or is not installed.
    """
    path = shutil.which(program, path=f"/usr/lib/postgresql/{server()['version']}/bin") or shutil.which(program)
    if not path:
        raise BackupError(f"Il manque {program} : apt-get install postgresql-client-{server()['version']}")
    settings = connection.settings_dict
    secrets = {"PGPASSWORD": settings["PASSWORD"], "PGSSLMODE": settings.get("OPTIONS", {}).get("sslmode", "")}
    address = {
        "dbname": settings["NAME"],
        "host": settings["HOST"],
        "port": settings["PORT"],
        "username": settings["USER"],
    }
    process = subprocess.run(
        [path, *(f"--{name}={value}" for name, value in address.items() if value), "--no-password", *arguments],
        env=os.environ | {name: value for name, value in secrets.items() if value},
        capture_output=True,
        text=True,
    )
    if process.returncode:
        raise BackupError(f"{program} a échoué : {process.stderr.strip()[-1000:]}")


# --- The mark of a restoration under way -----------------------------------------------------------------------------


def begin_restoration() -> None:
    """Writes the mark; to be called before anything is changed."""
    if not is_unfinished():
        storages["private"].save(MARK, ContentFile(b""))


def end_restoration() -> None:
    """Removes the mark; to be called once the erasures are repeated."""
    storages["private"].delete(MARK)


def is_unfinished() -> bool:
    """Whether a restoration was begun and not ended; False if the storage does not answer (`/sante/pret` reports that)."""
    try:
        return storages["private"].exists(MARK)
    except OSError:
        return False


def no_restoration_is_unfinished(**kwargs: Any) -> list[Error]:
    """System check. Stops every command but `restaurer` after a killed restoration: who was erased since the backup may be back."""
    return [Error(UNFINISHED, id="rallynov.E002")] if is_unfinished() else []


def refuse_start() -> None:
    """Writes one line to stderr and exits with code ``REFUSED`` after an unfinished restoration."""
    if is_unfinished():
        sys.stderr.write(f"Le site ne démarre pas. {UNFINISHED}\n")
        raise SystemExit(REFUSED)
