"""Pieces of SQL that the ORM has no word for, the same on SQLite and on PostgreSQL."""

import json
from collections.abc import Iterable

from django.db import connections, router
from django.db.models import Func, Q
from django.db.models.expressions import RawSQL

from fiches.models import Publication

PLACE = ("latitude", "longitude")


class Bytewise(Func):
    """Sorts a text by its characters' numbers, whatever the language of the database server: folded texts need no other order."""

    template = "%(expressions)s"

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template='%(expressions)s COLLATE "C"', **context)


def among(keys: Iterable[int]) -> RawSQL:
    """These keys, for ``pk__in=…``: as one value, whatever their number."""
    return listed(json.dumps(list(keys)), "bigint")


def listed(values: str, kind: str) -> RawSQL:
    """The values of a JSON list, for ``…__in=``; ``kind`` is their type on PostgreSQL."""
    if connections[router.db_for_read(Publication)].vendor == "postgresql":
        return RawSQL(f"SELECT value::{kind} FROM json_array_elements_text(%s::json)", [values])
    return RawSQL("SELECT value FROM json_each(%s)", [values])


def in_box(west: float, south: float, east: float, north: float) -> Q:
    """Located between these degrees."""
    return Q(latitude__range=(south, north), longitude__range=(west, east))
