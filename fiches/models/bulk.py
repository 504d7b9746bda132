"""Rows that are written at once where the public sees something of them, and what a reader's page writes in passing."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import DatabaseError, InterfaceError, connections, router, transaction
from django.db.models import Model, QuerySet
from django.dispatch import Signal

logger = logging.getLogger(__name__)

SHORT_WAIT = 250
"""Milliseconds that a reader waits for whoever writes."""

rewritten = Signal()
"""Sent by :func:`update` with ``sender``, a model, and ``pks``, the keys of its rows that were written."""


@transaction.atomic
def update(rows: QuerySet, **values) -> int:
    """``rows.update(**values)`` for a model that the public sees something of; returns the number of rows.

    Django sends no signal for an update: what is kept of these rows (the JSON of the API, the search, PDF files, whole
    responses) is renewed by the receivers of :data:`rewritten`. ``tests/test_public_updates.py`` refuses any other way.
    """
    pks = list(rows.order_by().values_list("pk", flat=True))
    number = rows.model._base_manager.filter(pk__in=pks).update(**values)
    if pks:
        rewritten.send(sender=rows.model, pks=pks)
    return number


def in_passing(model: type[Model], write: Callable[[], object]) -> None:
    """Does ``write()``, which writes rows of ``model`` that a reader's page can do without: a count, what the next reader finds
    made. A database that doesn't take them, or that somebody else is writing to for long, fails no reading. Each statement
    for itself; within a transaction, what fails is that one's matter."""
    connection = connections[router.db_for_write(model)]
    if connection.in_atomic_block:
        write()
        return
    try:
        with impatient(connection):
            write()
    except (DatabaseError, InterfaceError) as error:
        logger.warning("not_written_in_passing", extra={"table": model._meta.db_table, "error": type(error).__name__})


@contextmanager
def impatient(connection) -> Iterator[None]:
    """SQLite has one writer at a time, whom a form waits for, and a reader doesn't."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    usual = connection.connection.execute("PRAGMA busy_timeout").fetchone()[0]
    connection.connection.execute(f"PRAGMA busy_timeout = {SHORT_WAIT}")
    try:
        yield
    finally:
        connection.connection.execute(f"PRAGMA busy_timeout = {usual}")
