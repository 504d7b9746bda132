"""Bulk insertion without model instances and signals; columns with the same value in all rows are prepared once.

`bulk_create` prepares every column of every row, which takes longer than the insertion itself.
"""

from collections.abc import Hashable

from django.db import connections, router
from django.db.models import CharField, SlugField, TextField

WRITTEN_AS_THEY_ARE = (CharField, SlugField, TextField)


def write_rows(example, rows):
    """Inserts ``rows``, a list of ``{attribute: value}`` with the same attributes. Other columns take the values of
    ``example``, an instance of the model."""
    if not rows:
        return
    model, connection = type(example), connections[router.db_for_write(type(example))]
    fields = {field.attname: field for field in model._meta.local_concrete_fields}
    given = [field for name, field in fields.items() if name in rows[0]]
    others = [field for name, field in fields.items() if field not in given and (name != "id" or name in rows[0])]
    same = [field.get_db_prep_save(field.pre_save(example, add=True), connection) for field in others]
    prepared = [_prepared(field, [row[field.attname] for row in rows], connection) for field in given]
    with connection.cursor() as cursor:
        cursor.executemany(
            _insert(connection, model, given + others), [[*row, *same] for row in zip(*prepared, strict=True)]
        )


def _insert(connection, model, fields):
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})"


def _prepared(field, values, connection):
    """Prepares a column's values for the database; equal values once, and strings not at all."""
    if type(field) in WRITTEN_AS_THEY_ARE and set(map(type, values)) == {str}:
        return values
    if not all(isinstance(value, Hashable) for value in values):
        return [field.get_db_prep_save(value, connection) for value in values]
    prepared = {value: field.get_db_prep_save(value, connection) for value in set(values)}
    return [prepared[value] for value in values]
