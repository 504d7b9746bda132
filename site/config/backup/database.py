"""Dumps and loads the database: PostgreSQL or SQLite."""

import errno
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from config.backup.refusals import BackupRefused


def server() -> dict[str, Any]:
    """Returns ``{"moteur", "version"}``: the database engine and its major version."""
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        return {"moteur": "postgresql", "version": connection.pg_version // 10_000}  # type: ignore[attr-defined]
    return {"moteur": "sqlite", "version": 3}


def dump(folder: Path) -> Path:
    """Dumps a consistent snapshot of the database into ``folder``; returns the file."""
    if connection.vendor == "postgresql":
        target = folder / "base.dump"
        run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")
        return target
    target = folder / "base.sqlite3"
    connection.ensure_connection()
    with _failures_of_sqlite(), closing(sqlite3.connect(target)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    return target


def is_empty() -> bool:
    """Whether the database was never migrated."""
    return "django_migrations" not in connection.introspection.table_names()


def load(dumped: Path) -> None:
    """Replaces the database's contents by the dump."""
    if connection.vendor == "postgresql":
        connection.close()
        empty()
        run("pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", str(dumped))
        return
    connection.ensure_connection()
    with _failures_of_sqlite(), closing(sqlite3.connect(f"file:{dumped}?mode=ro", uri=True)) as source:
        source.backup(connection.connection)
    connection.close()


@contextmanager
def _failures_of_sqlite() -> Iterator[None]:
    """:raises OSError: the disk is full. :raises BackupRefused: SQLite failed otherwise."""
    try:
        yield
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            raise OSError(errno.ENOSPC, str(error)) from None
        raise BackupRefused(f"SQLite a échoué : {error}") from None


def empty() -> None:
    """Drops the whole public schema, since its tables may differ from those of the dump."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    connection.close()


def run(program: str, *arguments: str) -> None:
    """Runs one of PostgreSQL's programs on the site's database. The password is passed in the environment, not as an argument.

    :raises BackupRefused: it failed, or is not installed.
    :raises OSError: the disk is full.
    """
    settings = connection.settings_dict
    secrets = {"PGPASSWORD": settings["PASSWORD"], "PGSSLMODE": settings.get("OPTIONS", {}).get("sslmode", "")}
    connection_arguments = [
        f"--dbname={settings['NAME']}",
        *(f"--{name}={value}" for name, value in _address(settings).items() if value),
        "--no-password",
    ]
    process = subprocess.run(
        [find(program), *connection_arguments, *arguments],
        env=os.environ | {name: value for name, value in secrets.items() if value},
        capture_output=True,
        text=True,
    )
    if process.returncode:
        if os.strerror(errno.ENOSPC) in process.stderr:
            raise OSError(errno.ENOSPC, program)
        raise BackupRefused(f"{program} a échoué : {process.stderr.strip()[-1000:]}")


def _address(settings: dict[str, Any]) -> dict[str, Any]:
    return {"host": settings["HOST"], "port": settings["PORT"], "username": settings["USER"]}


def find(program: str) -> str:
    """The path of the program of the server's major version, else of the one on the PATH."""
    for folder in (f"/usr/lib/postgresql/{server()['version']}/bin", None):
        path = shutil.which(program, path=folder)
        if path:
            return path
    raise BackupRefused(f"Il manque {program} : apt-get install postgresql-client-{server()['version']}")
