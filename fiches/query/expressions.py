"""SQL expressions that the ORM lacks, for SQLite and PostgreSQL."""

import json
from collections.abc import Iterable
from typing import Any

from django.db import connections, router
from django.db.models import Func, Q
from django.db.models.expressions import RawSQL

from fiches.models import Publication

PLACE = ("latitude", "longitude")


class Bytewise(Func):
    """Sorts a folded text by code points, whatever the collation of the database."""

    template = "%(expressions)s"

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template='%(expressions)s COLLATE "C"', **context)


def among(keys: Iterable[int]) -> RawSQL:
    """A list of keys as a single SQL parameter, for ``pk__in=…``: databases limit the number of parameters."""
    listed = json.dumps(list(keys))
    if connections[router.db_for_read(Publication)].vendor == "postgresql":
        return RawSQL("SELECT value::bigint FROM json_array_elements_text(%s::json)", [listed])
    return RawSQL("SELECT value FROM json_each(%s)", [listed])


def in_box(west: float, south: float, east: float, north: float) -> Q:
    """The condition on rows located in a bounding box, in degrees, edges included."""
    return Q(latitude__range=(south, north), longitude__range=(west, east))
