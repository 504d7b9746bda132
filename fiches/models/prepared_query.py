"""A query whose SQL is compiled once and run with different values: compiling it costs more than running it."""

from collections.abc import Callable
from copy import copy
from datetime import datetime
from typing import Any

from django.db import connections, router
from django.db.models import QuerySet
from django.utils.functional import cached_property


class PreparedQuery:
    """A queryset that is compiled once. ``build(**examples)`` returns it, of records or of ``values_list()``, for example values.

    Calling the object with other values of the same types returns the list of records, with those of ``select_related``. The
    example values must differ from one another and from all other parameters of the query, and each must be passed to the
    database unchanged: ``slug=slug``, not ``path__startswith=path``.
    """

    def __init__(self, build: Callable[..., Any], **examples: Any) -> None:
        self.build = build
        self.examples = examples
        self._compiled: dict[str, _CompiledQuery] = {}

    def __call__(self, **values: Any) -> list[Any]:
        using = router.db_for_read(self.model)
        if using not in self._compiled:
            self._compiled[using] = _CompiledQuery(self.build(**self.examples), using, self.examples)
        return self._compiled[using].run(values)

    @cached_property
    def model(self) -> Any:
        return self.build(**self.examples).model


class _CompiledQuery:
    """The compiled query for one database: its SQL, and its parameters with the names of those that the caller gives."""

    def __init__(self, queryset: QuerySet, using: str, examples: dict[str, Any]) -> None:
        self.queryset = queryset
        self.using = using
        self.compiler = queryset.query.get_compiler(using)
        self.sql, params = self.compiler.as_sql()
        names = {_adapted(value, connections[using]): name for name, value in examples.items()}
        self.params = [(names.get(param), param) for param in params]
        converters = self.compiler.get_converters([column[0] for column in self.compiler.select])
        self.compiler.get_converters = lambda fields: converters
        missing = set(examples) - {name for name, _param in self.params}
        assert not missing, f"not in the query as they are: {missing}"

    def run(self, values: dict[str, Any]) -> list[Any]:
        connection = connections[self.using]
        driven = {name: _adapted(value, connection) for name, value in values.items()}
        params = tuple(driven[name] if name else param for name, param in self.params)
        compiler = copy(self.compiler)
        compiler.connection = connection
        compiler.as_sql = lambda *args, **kwargs: (self.sql, params)
        if self.queryset._fields is not None:
            return list(compiler.results_iter(tuple_expected=True))
        return list(type(self.queryset)(self.queryset.model, _QueryProxy(compiler), self.using))


class _QueryProxy:
    """Stands for ``QuerySet.query`` while the queryset is iterated, and gives the compiler that was prepared."""

    def __init__(self, compiler: Any) -> None:
        self.compiler = compiler

    def get_compiler(self, using: str) -> Any:
        return self.compiler


def _adapted(value: datetime | int | str, connection: Any) -> int | str:
    """``value`` as the database driver receives it."""
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
