"""`manage.py migrate`: Django's own command under a lock, so that two servers that start together do not both migrate. A new
site then gets its first page."""

import fcntl
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from typing import Any

from django.core.management.commands.migrate import Command as MigrateCommand
from django.db import DEFAULT_DB_ALIAS, connections
from django.utils.translation import gettext as _

from config.first_page import is_written, replace_welcome_page

KEY = 0x52414C4C59  # key of the advisory lock: "RALLY" in ASCII


class Command(MigrateCommand):
    def handle(self, *args: Any, **options: Any) -> None:
        is_dry_run = options["check_unapplied"] or options["plan"]
        with nullcontext() if is_dry_run else migration_lock(options["database"]):
            super().handle(*args, **options)
            if not is_dry_run and not options["app_label"] and options["database"] == DEFAULT_DB_ALIAS:
                replace_welcome_page()
                if options["verbosity"] and not is_written():
                    self.stdout.write(
                        _("This site is empty: `manage.py creer_site` makes its pages and its first account.")
                    )


@contextmanager
def migration_lock(alias: str) -> Iterator[None]:
    """Waits until no other migration of this database runs, and holds the lock. On PostgreSQL it is an advisory lock on a
    connection of its own."""
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
