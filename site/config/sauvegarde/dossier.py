"""One backup: a folder that is whole, or isn't there, and that says what it holds."""

import json
import os
import shutil
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from config.sauvegarde import base, fichiers
from config.sauvegarde.base import Refused
from fiches.models import Echeance

FORMAT = 1
TOLD = "sauvegarde.json"
FILES = "fichiers"
BEGUN = ".en-cours-"
# Seconds after which nobody is still writing it.
UNFINISHED = 7 * 24 * 3600
# The name of the row that holds when the latest backup that the site knows of was begun.
MEMORY = "sauvegarde"


def make(parent: Path) -> Path:
    """A new backup in ``parent``, named after its date; nothing of that name when something fails."""
    parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    forget_unfinished(parent)
    start = timezone.now()
    begun = parent / f"{BEGUN}{os.getpid()}"
    shutil.rmtree(begun, ignore_errors=True)
    begun.mkdir(mode=0o700)
    try:
        # The database first: its files are only ever added to, so what it names is there a moment later.
        dumped = base.dump(begun)
        (begun / FILES).mkdir()
        fichiers.save(begun / FILES)
        told = {"format": FORMAT, "debut": start.isoformat(), "base": dumped.name, **base.server(), **content()}
        told["empreintes"] = fingerprints(begun)
        (begun / TOLD).write_text(json.dumps(told, ensure_ascii=False, indent=1))
        whole = parent / timezone.localtime(start).strftime("%Y-%m-%d-%H%M%S")
        begun.rename(whole)
    finally:
        shutil.rmtree(begun, ignore_errors=True)
    return whole


def forget_unfinished(parent: Path) -> None:
    """Deletes what a backup left that was killed on the way: it may be as large as the site."""
    long_ago = time.time() - UNFINISHED
    for folder in parent.glob(f"{BEGUN}*"):
        if folder.stat().st_mtime < long_ago:
            shutil.rmtree(folder, ignore_errors=True)


def content() -> dict[str, Any]:
    """What the code that made it had migrated, so that the code that reads it knows whether it can."""
    applied = MigrationRecorder(connection).applied_migrations()
    return {"migrations": sorted(f"{app}.{name}" for app, name in applied)}


def fingerprints(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): fichiers.fingerprint(path)
        for path in fichiers.under(folder)
        if path.name != TOLD or path.parent != folder
    }


def read(folder: Path) -> dict[str, Any]:
    """What a backup says of itself, once every file is what it was. Raises :class:`Refused`."""
    try:
        told = json.loads((folder / TOLD).read_text())
    except (OSError, ValueError):
        raise Refused(f"{folder} n’est pas une sauvegarde : {TOLD} manque ou ne se lit pas.") from None
    if told.get("format") != FORMAT:
        raise Refused(f"Cette sauvegarde est d’un autre format ({told.get('format')}).")
    found, wanted = fingerprints(folder), told["empreintes"]
    wrong = sorted(name for name in {*found, *wanted} if found.get(name) != wanted.get(name))
    if wrong:
        raise Refused(f"La sauvegarde est abîmée, {len(wrong)} fichier(s) : {', '.join(wrong[:5])}")
    return told


def check_server(told: dict[str, Any]) -> None:
    """The same engine, of the same major version; and no migration that this code doesn't know."""
    here = base.server()
    if (told["moteur"], told["version"]) != (here["moteur"], here["version"]):
        raise Refused(
            f"La sauvegarde vient de {told['moteur']} {told['version']}, la base est {here['moteur']} {here['version']} :"
            " restaurez sur la même version majeure, puis changez de version."
        )


def start_of(told: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(told["debut"])


def remember(told: dict[str, Any]) -> None:
    """That what a checked backup holds is safe; in the database, for every server to tell its age.

    The first release of all saves a database without a table.
    """
    if Echeance._meta.db_table not in connection.introspection.table_names():
        return
    Echeance.objects.update_or_create(nom=MEMORY, defaults={"prochaine": start_of(told)})


def latest() -> datetime | None:
    """When the latest was begun; None when none is known, as where backups are made by other means."""
    return Echeance.objects.filter(nom=MEMORY).values_list("prochaine", flat=True).first()


def all_in(parent: Path) -> list[Path]:
    """The whole backups of a folder, the oldest first."""
    return sorted(path.parent for path in parent.glob(f"[!.]*/{TOLD}"))


def forget_old(parent: Path, kept: int) -> list[Path]:
    """Deletes all but the ``kept`` newest; returns what went."""
    old = all_in(parent)[:-kept] if kept else []
    for folder in old:
        shutil.rmtree(folder)
    return old
