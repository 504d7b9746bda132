#!/usr/bin/env python
"""The project's command line: `python manage.py help`."""

import gc
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "site"))

OBJECTS = 50_000
"""Made between two looks for unreachable cycles. Python's own rule looks at each 700: a tenth of the start of a command."""


def main() -> None:
    gc.set_threshold(OBJECTS)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    from django.core.management import execute_from_command_line
    from django.db import InterfaceError, OperationalError

    try:
        execute_from_command_line(sys.argv)
    except (OperationalError, InterfaceError):
        if database_answers():
            raise
        sys.exit("La base de données ne répond pas : vérifiez DATABASE_URL et le serveur, puis relancez la commande.")


def database_answers() -> bool:
    """Whether a new connection to the database can be opened: else a command's error is an outage, not a fault."""
    from django.db import Error, connection

    connection.close()
    try:
        connection.ensure_connection()
    except Error:
        return False
    return True


if __name__ == "__main__":
    main()
