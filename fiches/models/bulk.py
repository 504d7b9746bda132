"""Rows in bulk, written straight to their table: no instance, no signal, and no column prepared for each that all share.

And what a reader's page writes in passing, without which it can do.
"""

import logging
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

from django.db import DatabaseError, InterfaceError, connections, router, transaction
from django.db.models import CharField, Model, QuerySet, SlugField, TextField
from django.dispatch import Signal

logger = logging.getLogger(__name__)

WRITTEN_AS_THEY_ARE = (CharField, SlugField, TextField)
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


def write_rows(example, rows, *, replacing=None):
    """Inserts ``rows``, ``{attribute: value}`` with the same attributes in each; in the columns that they don't name, each
    has what ``example`` has.

    Django prepares every column of every row anew, which takes longer than the database does.

    :param replacing: the attribute by which a row that is there already is known; it becomes as the new one.
    """
    if not rows:
        return
    model, connection = type(example), connections[router.db_for_write(type(example))]
    fields = {field.attname: field for field in model._meta.local_concrete_fields}
    told = [field for name, field in fields.items() if name in rows[0]]
    others = [field for name, field in fields.items() if field not in told and (name != "id" or name in rows[0])]
    same = [field.get_db_prep_save(field.pre_save(example, add=True), connection) for field in others]
    sql = _insert(connection, model, told + others)
    if replacing:
        sql += _where_known(connection, fields[replacing], told + others)
    prepared = [_prepared(field, [row[field.attname] for row in rows], connection) for field in told]
    with connection.cursor() as cursor:
        cursor.executemany(sql, [[*row, *same] for row in zip(*prepared, strict=True)])


def _insert(connection, model, fields):
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608 - names of the models


def _where_known(connection, known_by, replaced):
    quote = connection.ops.quote_name
    news = ", ".join(f"{quote(field.column)} = excluded.{quote(field.column)}" for field in replaced)
    return f" ON CONFLICT ({quote(known_by.column)}) DO UPDATE SET {news}"


def _prepared(field, values, connection):
    """As Django would write each, but strings stay what they are, and what several rows share is prepared once."""
    if type(field) in WRITTEN_AS_THEY_ARE and set(map(type, values)) == {str}:
        return values
    if not all(isinstance(value, Hashable) for value in values):
        return [field.get_db_prep_save(value, connection) for value in values]
    known = {value: field.get_db_prep_save(value, connection) for value in set(values)}
    return [known[value] for value in values]
