"""Creates, reads and deletes backups. A backup is a folder that is complete or does not exist, with a manifest."""

import errno
import json
import re
import shutil
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from config.backup import database, file_storages
from config.backup.refusals import BackupRefused
from fiches.models import Echeance

FORMAT = 1
MANIFEST = "sauvegarde.json"
FILES = "fichiers"
# Name of a backup's folder: when it was begun, in the site's time zone.
NAME = "%Y-%m-%d-%H%M%S"
IS_NAMED = re.compile(r"\d{4}-\d\d-\d\d-\d{6}").fullmatch
# Entries of the manifest that a restoration reads.
ENTRIES = {"debut": str, "base": str, "moteur": str, "version": int, "migrations": list, "empreintes": dict}
# Prefix of a backup still being written.
BEGUN = ".en-cours-"
# Seconds after which such a backup is abandoned.
UNFINISHED = 7 * 24 * 3600
# Name of the `Echeance` row that stores when the latest known backup was begun.
MEMORY = "sauvegarde"


def make(parent: Path) -> Path:
    """Creates a backup in ``parent``, named after its date; returns its folder. Leaves nothing if it fails.

    :raises BackupRefused: the database can't be dumped, another backup was begun in the same second, or the folders don't fit.
    :raises OSError: the disk or the bucket fails.
    """
    file_storages.check_disks(parent)
    parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    forget_unfinished(parent)
    start = timezone.now()
    whole = parent / timezone.localtime(start).strftime(NAME)
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
    """Returns the manifest of a backup, after verifying its entries and the checksum of each file.

    :raises BackupRefused: it is no backup, of another format, or damaged.
    """
    manifest = _manifest(folder)
    file_storages.refuse_links(folder, "La sauvegarde")
    actual, expected = fingerprints(folder), manifest["empreintes"]
    wrong = sorted(name for name in {*actual, *expected} if actual.get(name) != expected.get(name))
    if wrong:
        raise BackupRefused(f"La sauvegarde est abîmée, {len(wrong)} fichier(s) : {', '.join(wrong[:5])}")
    if manifest["base"] not in expected or "/" in manifest["base"]:
        raise BackupRefused(f"La sauvegarde est abîmée : sa base, {manifest['base']}, n’est pas un de ses fichiers.")
    return manifest


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError):
        raise BackupRefused(f"{folder} n’est pas une sauvegarde : {MANIFEST} manque ou ne se lit pas.") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise BackupRefused(f"Cette sauvegarde n’est pas du format {FORMAT}, que cette version du logiciel lit.")
    wrong = [name for name, kind in ENTRIES.items() if not isinstance(manifest.get(name), kind)]
    if not wrong and not _is_start(manifest["debut"], folder.name):
        wrong = ["debut"]
    if wrong:
        raise BackupRefused(f"La sauvegarde est abîmée : dans {MANIFEST}, {', '.join(wrong)} manque ou ne se lit pas.")
    return manifest


def _is_start(text: str, name: str) -> bool:
    """Whether ``text`` is an instant, and the one that the name of the backup's folder says: erasures since then are repeated, so that a
    later one would leave some out. A folder that was renamed to something else says nothing."""
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        return False
    return start.tzinfo is not None and (not IS_NAMED(name) or timezone.localtime(start).strftime(NAME) == name)


def check_version(manifest: dict[str, Any]) -> None:
    """:raises BackupRefused: the backup is of a newer version of the software."""
    available = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    # After a rollback of the code, the tables keep the newer version's migrations; this version runs with them.
    available.update(content()["migrations"])
    apps = {name.partition(".")[0] for name in available}
    unknown = sorted(
        name for name in map(str, manifest["migrations"]) if name not in available and name.partition(".")[0] in apps
    )
    if unknown:
        raise BackupRefused(
            f"Cette sauvegarde vient d’une version plus récente du logiciel : {', '.join(unknown[:3])}."
            " Restaurez avec cette version-là, puis revenez en arrière."
        )


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
