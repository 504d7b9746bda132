"""The journal that SQLite keeps beside its file: what was erased stands there until it is emptied."""

from django.db import OperationalError, connections, router

from fiches.models import Courriel
from fiches.models.bulk import short_lock_timeout

WORD_INDEXES = (
    "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%%' AND lower(sql) LIKE '%%using fts5%%'"
)


def empty_journal() -> bool:
    """Writes the journal into the database and cuts it to nothing; the indexes of words give up what left them. Another
    database than SQLite has no such file. Silent within a transaction and while somebody reads, whom it doesn't wait for: the
    periodic work ``journal`` does it later.

    :returns: whether it was done.
    """
    connection = connections[router.db_for_write(Courriel)]
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return False
    try:
        with short_lock_timeout(connection), connection.cursor() as cursor:
            for (table,) in cursor.execute(WORD_INDEXES, []).fetchall():
                name = connection.ops.quote_name(table)
                cursor.execute(f"INSERT INTO {name}({name}) VALUES ('optimize')")  # noqa: S608 - a name of the schema
            busy, _in_journal, _moved = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except OperationalError:
        return False
    return not busy
