"""Bulk updates of public models, bulk deletions, and optional writes during a page view."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import Error, connections, router, transaction
from django.db.models import Model, QuerySet
from django.dispatch import Signal

logger = logging.getLogger(__name__)

# Milliseconds that an optional write waits for a lock.
SHORT_WAIT = 250

# Sent by :func:`update` with ``sender``, a model, and ``pks``, the keys of its rows that were written.
rewritten = Signal()


@transaction.atomic
def update(rows: QuerySet, **values: Any) -> int:
    """``rows.update(**values)`` for a model whose contents are public; returns the number of rows.

    Django sends no signal for an update. This function sends :data:`rewritten`, whose receivers renew what is derived from the
    rows (API contents, search index, PDF files, cached responses). ``tests/test_public_updates.py`` refuses
    ``update`` on a public model named in the code.
    """
    pks = list(rows.order_by().values_list("pk", flat=True))
    number = rows.model._base_manager.filter(pk__in=pks).update(**values)
    if pks:
        rewritten.send(sender=rows.model, pks=pks)
    return number


def delete_rows(rows: QuerySet) -> None:
    """Deletes rows that no other row refers to, in one statement and without signals. ``QuerySet.delete()`` reads each row and
    sends its signals, since Wagtail's reference index listens to those of every model."""
    rows._raw_delete(router.db_for_write(rows.model))


def write_if_possible(model: type[Model], write: Callable[[], object]) -> None:
    """Calls ``write()``, which writes rows of ``model`` that the current page view doesn't need: a counter, a cached value.

    Errors of the database are logged and ignored, and SQLite waits a short time only for its lock. Inside a transaction, errors
    are raised as usual.
    """
    connection = connections[router.db_for_write(model)]
    if connection.in_atomic_block:
        write()
        return
    try:
        with short_lock_timeout(connection):
            write()
    except Error as error:
        logger.warning("not_written_in_passing", extra={"table": model._meta.db_table, "error": type(error).__name__})


@contextmanager
def short_lock_timeout(connection: Any) -> Iterator[None]:
    """Reduces SQLite's lock timeout (``busy_timeout``) to ``SHORT_WAIT``; does nothing on other databases."""
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
