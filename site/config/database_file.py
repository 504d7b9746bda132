"""Keeps the file of a SQLite database to the account of the site: it holds password hashes, second factors and dossiers."""

import os
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.backends.sqlite3.base import DatabaseWrapper

GROUP_AND_OTHERS = 0o077


def connect() -> None:
    connection_created.connect(_restrict, dispatch_uid="database_file")


def _restrict(sender: type, connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """SQLite creates the file as the umask says; the files beside it then take its mode."""
    if not isinstance(connection, DatabaseWrapper) or connection.is_in_memory_db():
        return
    for suffix in ("", "-wal", "-shm"):
        file = Path(f"{connection.settings_dict['NAME']}{suffix}")
        if file.exists() and (found := file.stat()).st_mode & GROUP_AND_OTHERS and os.geteuid() in {0, found.st_uid}:
            file.chmod(found.st_mode & ~GROUP_AND_OTHERS & 0o777)
