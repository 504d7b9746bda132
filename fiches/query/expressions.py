"""SQL expressions that the ORM lacks, for SQLite and PostgreSQL."""

from typing import Any

from django.db.models import Func, Q

PLACE = ("latitude", "longitude")


class Bytewise(Func):
    """Sorts a folded text by code points, whatever the collation of the database."""

    template = "%(expressions)s"

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template='%(expressions)s COLLATE "C"', **context)


def in_box(west: float, south: float, east: float, north: float) -> Q:
    """The condition on rows located in a bounding box, in degrees, edges included."""
    return Q(latitude__range=(south, north), longitude__range=(west, east))
