"""What a database holds, by table: a fingerprint of each."""

import hashlib
from collections import Counter

OWN_BOOKS = {"django_migrations"}
"""Says when each migration ran, which is another time after each way back."""


def tables():
    """``{table: (names of its columns, its rows)}``."""
    from django.db import connection

    found = {}
    with connection.cursor() as cursor:
        for table in set(connection.introspection.table_names(cursor)) - OWN_BOOKS:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found[table] = ([column[0] for column in cursor.description], cursor.fetchall())
    return found


def only(names, table):
    """How often each row is there, in these columns: a ``Counter`` of texts."""
    had, rows = table
    at = [had.index(name) for name in sorted(names)]
    return Counter(repr([row[number] for number in at]) for row in rows)


def fingerprint(table):
    return hashlib.sha256("\n".join(sorted(only(table[0], table).elements())).encode()).hexdigest()


def fingerprints():
    """``{table: fingerprint of its rows}``."""
    return {name: fingerprint(table) for name, table in tables().items()}


def counts():
    """``{table: how many rows it has}``."""
    return {name: len(rows) for name, (_columns, rows) in tables().items()}
