"""`manage.py migrate`, Django's own, one at a time: two servers that start together don't both change the tables; a new site then gets
its first page."""

import fcntl
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from typing import Any

from django.core.management.commands.migrate import Command as MigrateCommand
from django.db import DEFAULT_DB_ALIAS, connections

from config.first_page import replace_welcome_page

KEY = 0x52414C4C59  # « RALLY »


class Command(MigrateCommand):
    def handle(self, *args: Any, **options: Any) -> None:
        only_looks = options["check_unapplied"] or options["plan"]
        with nullcontext() if only_looks else alone(options["database"]):
            super().handle(*args, **options)
            if not only_looks and not options["app_label"] and options["database"] == DEFAULT_DB_ALIAS:
                replace_welcome_page()


@contextmanager
def alone(alias: str) -> Iterator[None]:
    """Waits until no other migration of this database runs. Holds behind a pooler of transactions too: the lock is one
    of a transaction, on a connection of its own, and goes with it."""
    connection = connections[alias]
    if connection.vendor == "postgresql":
        with closing(connection.copy()) as other:
            other.set_autocommit(False)
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [KEY])
            yield
            other.rollback()
    elif connection.is_in_memory_db():  # type: ignore[attr-defined]
        yield
    else:
        with open(f"{connection.settings_dict['NAME']}.migrate", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
