"""Creates, reads and deletes backups. A backup is a folder that is complete or does not exist, with a manifest."""

import errno
import json
import shutil
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from config.backup import database, file_storages
from config.backup.database import BackupRefused
from fiches.models import Echeance

FORMAT = 1
MANIFEST = "sauvegarde.json"
FILES = "fichiers"
# Prefix of a backup still being written.
BEGUN = ".en-cours-"
# Seconds after which such a backup is abandoned.
UNFINISHED = 7 * 24 * 3600
# Name of the `Echeance` row that stores when the latest known backup was begun.
MEMORY = "sauvegarde"


def make(parent: Path) -> Path:
    """Creates a backup in ``parent``, named after its date; returns its folder. Leaves nothing if it fails.

    :raises BackupRefused: the database can't be dumped, or another backup was begun in the same second.
    """
    parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    forget_unfinished(parent)
    start = timezone.now()
    whole = parent / timezone.localtime(start).strftime("%Y-%m-%d-%H%M%S")
    begun = Path(tempfile.mkdtemp(prefix=BEGUN, dir=parent))
    try:
        # The database before the files: files that it refers to still exist a moment later.
        dumped = database.dump(begun)
        (begun / FILES).mkdir()
        file_storages.save(begun / FILES)
        manifest = {"format": FORMAT, "debut": start.isoformat(), "base": dumped.name, **database.server(), **content()}
        manifest["empreintes"] = fingerprints(begun)
        (begun / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1))
        begun.rename(whole)
    except OSError as error:
        if error.errno not in {errno.EEXIST, errno.ENOTEMPTY}:
            raise
        raise BackupRefused(
            f"Une autre sauvegarde a commencé à la même seconde : {whole} existe déjà et n’a pas changé."
            " Relancez la commande."
        ) from None
    finally:
        shutil.rmtree(begun, ignore_errors=True)
    return whole


def forget_unfinished(parent: Path) -> None:
    """Deletes unfinished backups that killed processes left: they may be as large as the site."""
    long_ago = time.time() - UNFINISHED
    for folder in parent.glob(f"{BEGUN}*"):
        if folder.stat().st_mtime < long_ago:
            shutil.rmtree(folder, ignore_errors=True)


def content() -> dict[str, Any]:
    """Manifest entries about the contents: the applied migrations, which tell whether another version can read it."""
    applied = MigrationRecorder(connection).applied_migrations()
    return {"migrations": sorted(f"{app}.{name}" for app, name in applied)}


def fingerprints(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): file_storages.file_fingerprint(path)
        for path in file_storages.under(folder)
        if path.name != MANIFEST or path.parent != folder
    }


def read(folder: Path) -> dict[str, Any]:
    """Returns the manifest of a backup, after verifying the checksum of each file.

    :raises BackupRefused: it is no backup, of another format, or damaged.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError):
        raise BackupRefused(f"{folder} n’est pas une sauvegarde : {MANIFEST} manque ou ne se lit pas.") from None
    if manifest.get("format") != FORMAT:
        raise BackupRefused(f"Cette sauvegarde est d’un autre format ({manifest.get('format')}).")
    actual, expected = fingerprints(folder), manifest["empreintes"]
    wrong = sorted(name for name in {*actual, *expected} if actual.get(name) != expected.get(name))
    if wrong:
        raise BackupRefused(f"La sauvegarde est abîmée, {len(wrong)} fichier(s) : {', '.join(wrong[:5])}")
    return manifest


def check_server(manifest: dict[str, Any]) -> None:
    """:raises BackupRefused: the backup is of another database engine or major version."""
    current = database.server()
    if (manifest["moteur"], manifest["version"]) != (current["moteur"], current["version"]):
        raise BackupRefused(
            f"La sauvegarde vient de {manifest['moteur']} {manifest['version']}, la base est {current['moteur']} {current['version']} :"
            " restaurez sur la même version majeure, puis changez de version."
        )


def start_of(manifest: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(manifest["debut"])


def remember(manifest: dict[str, Any]) -> None:
    """Stores the date of a verified backup in the database, so that every server knows its age.

    Does nothing before the first migration, when the table does not exist.
    """
    if Echeance._meta.db_table not in connection.introspection.table_names():
        return
    Echeance.objects.update_or_create(nom=MEMORY, defaults={"prochaine": start_of(manifest)})


def latest() -> datetime | None:
    """When the latest known backup was begun; None if there is none, for instance if backups are made by other means."""
    return Echeance.objects.filter(nom=MEMORY).values_list("prochaine", flat=True).first()


def all_in(parent: Path) -> list[Path]:
    """The complete backups of a folder, the oldest first."""
    return sorted(path.parent for path in parent.glob(f"[!.]*/{MANIFEST}"))


def forget_old(parent: Path, kept: int) -> list[Path]:
    """Deletes all but the ``kept`` newest backups (none if 0); returns the folders deleted."""
    old = all_in(parent)[:-kept] if kept else []
    for folder in old:
        shutil.rmtree(folder)
    return old
