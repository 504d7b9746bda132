"""Copies the files of both storages (disk or bucket) to and from a backup."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages

from config.backup.refusals import BackupRefused
from config.backup.restoration_mark import MARK
from fiches.upkeep.erasure_log import FOLDER as ERASURES

# Folder of the backup: alias of the storage.
FOLDERS = {"public": "default", "prive": "private"}
# Alias of the storage: variable of its folder.
VARIABLES = {"default": "MEDIA_ROOT", "private": "RALLYNOV_PRIVATE_ROOT"}
CHUNK = 1024 * 1024


def names(storage: Storage, folder: str = "") -> Iterator[str]:
    """Yields the names of all files of a storage, recursively, without the mark of a restoration."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    prefix = f"{folder}/" if folder else ""
    yield from (prefix + name for name in sorted(files) if name and name != MARK)
    for name in sorted(folders):
        yield from names(storage, prefix + name)


def check_disks(folder: Path) -> None:
    """Checks that backups in ``folder`` and the storages on disk are apart, and that no symbolic link leads out of the storages.

    :raises BackupRefused: a backup would copy itself, a restoration would delete it, or either would follow a link.
    """
    folder = folder.resolve()
    for alias, variable in VARIABLES.items():
        storage = storages[alias]
        if not isinstance(storage, FileSystemStorage):
            continue
        root = Path(storage.location).resolve()
        if folder.is_relative_to(root) or root.is_relative_to(folder):
            raise BackupRefused(f"{folder} et {variable} sont l’un dans l’autre : donnez deux dossiers séparés.")
        refuse_links(root, f"{variable} ({root})")


def refuse_links(folder: Path, title: str) -> None:
    """:raises BackupRefused: a symbolic link is somewhere in ``folder``. ``title``: how the refusal calls the folder."""
    links = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_symlink())
    if links:
        raise BackupRefused(
            f"{title} contient {len(links)} lien(s) symbolique(s) : {', '.join(links[:5])}. Mettez à la place le fichier ou le"
            " dossier lui-même."
        )


def save(folder: Path) -> None:
    """Copies both storages into ``folder``. Files deleted meanwhile are left out."""
    for room, alias in FOLDERS.items():
        storage = storages[alias]
        for name in names(storage):
            target = folder / room / name
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                with storage.open(name) as source, target.open("wb") as copy:
                    for chunk in source.chunks(CHUNK):
                        copy.write(chunk)
            except FileNotFoundError:
                target.unlink(missing_ok=True)


def load(folder: Path) -> None:
    """Replaces the contents of both storages by those of the backup, except the list of erasures, to which it adds."""
    for room, alias in FOLDERS.items():
        storage = storages[alias]
        saved = {path.relative_to(folder / room).as_posix(): path for path in under(folder / room)}
        for name in list(names(storage)):
            if name not in saved and not name.startswith(f"{ERASURES}/"):
                storage.delete(name)
        for name, path in saved.items():
            if storage.exists(name):
                if name.startswith(f"{ERASURES}/"):
                    continue
                storage.delete(name)
            with path.open("rb") as source:
                storage.save(name, File(source, name=name))


def add_notes(folder: Path) -> None:
    """Adds the records of erasures of another backup that are missing."""
    storage = storages[FOLDERS["prive"]]
    for path in notes_in(folder):
        name = f"{ERASURES}/{path.name}"
        if not storage.exists(name):
            with path.open("rb") as source:
                storage.save(name, File(source, name=name))


def notes_in(folder: Path) -> list[Path]:
    """The records of erasures in the files of a backup."""
    return under(folder / "prive" / ERASURES)


def under(folder: Path) -> list[Path]:
    """All files below a folder, sorted, without symbolic links."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def file_fingerprint(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
