"""The database in a file, and back."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection


class Refused(Exception):  # noqa: N818 - what is told to the operator
    """The message says what to do."""


def server() -> dict[str, Any]:
    """``{"moteur", "version"}``: the engine, and the major version that a dump can be read by."""
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        return {"moteur": "postgresql", "version": connection.pg_version // 10_000}  # type: ignore[attr-defined]
    return {"moteur": "sqlite", "version": 3}


def dump(folder: Path) -> Path:
    """Writes the database into ``folder``, as it stood at one instant; returns the file."""
    if connection.vendor == "postgresql":
        refuse_a_pool()
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
    """True for a database in which nobody ever migrated anything."""
    return "django_migrations" not in connection.introspection.table_names()


def load(dumped: Path) -> None:
    """Puts the database back as it was dumped, in the place of whatever it holds."""
    if connection.vendor == "postgresql":
        refuse_a_pool()
        connection.close()
        empty()
        run("pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", str(dumped))
        return
    connection.ensure_connection()
    with closing(sqlite3.connect(f"file:{dumped}?mode=ro", uri=True)) as source:
        source.backup(connection.connection)
    connection.close()


def refuse_a_pool() -> None:
    """PostgreSQL's programs leave a connection without its search path: whom the pool gives it to finds no table."""
    if connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]:
        raise Refused("DATABASE_URL passe par PgBouncer : donnez l’adresse directe dans RALLYNOV_BASE_DIRECTE.")


def empty() -> None:
    """Drops all that the public schema holds; its tables may be others than those of the dump."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    connection.close()


def run(program: str, *arguments: str) -> None:
    """One of PostgreSQL's programs on the site's database; the password never stands among its arguments."""
    settings = connection.settings_dict
    secrets = {"PGPASSWORD": settings["PASSWORD"], "PGSSLMODE": settings.get("OPTIONS", {}).get("sslmode", "")}
    where = [
        f"--dbname={settings['NAME']}",
        *(f"--{name}={value}" for name, value in _address(settings).items() if value),
        "--no-password",
    ]
    done = subprocess.run(
        [find(program), *where, *arguments],
        env=os.environ | {name: value for name, value in secrets.items() if value},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise Refused(f"{program} a échoué : {done.stderr.strip()[-1000:]}")


def _address(settings: dict[str, Any]) -> dict[str, Any]:
    return {"host": settings["HOST"], "port": settings["PORT"], "username": settings["USER"]}


def find(program: str) -> str:
    """The program of the server's own major version, else the one on the PATH."""
    for folder in (f"/usr/lib/postgresql/{server()['version']}/bin", None):
        found = shutil.which(program, path=folder)
        if found:
            return found
    raise Refused(f"Il manque {program} : apt-get install postgresql-client-{server()['version']}")
