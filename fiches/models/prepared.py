"""A query whose SQL is written once, and run with other values each time: writing it costs more than running it."""

from copy import copy
from datetime import datetime

from django.db import connections, router
from django.utils.functional import cached_property


class Prepared:
    """``Prepared(build, **examples)``: ``build(**examples)`` is a queryset of records or of ``values_list()``, written for those
    values.

    Calling it with other values of the same types returns a list of what the queryset would have held, joined records
    included. The examples are unlike each other and unlike anything else in the query, and each stands in it as it is:
    ``slug=slug``, not ``path__startswith=path``.
    """

    def __init__(self, build, **examples):
        self.build = build
        self.examples = examples
        self._written = {}

    def __call__(self, **values):
        using = router.db_for_read(self.model)
        if using not in self._written:
            self._written[using] = _Written(self.build(**self.examples), using, self.examples)
        return self._written[using].run(values)

    @cached_property
    def model(self):
        return self.build(**self.examples).model


class _Written:
    """The query for one database: its SQL, and which of its parameters are the caller's."""

    def __init__(self, queryset, using, examples):
        self.queryset = queryset
        self.using = using
        self.compiler = queryset.query.get_compiler(using)
        self.sql, params = self.compiler.as_sql()
        names = {_as_driven(value, connections[using]): name for name, value in examples.items()}
        self.params = [(names.get(param), param) for param in params]
        converters = self.compiler.get_converters([column[0] for column in self.compiler.select])
        self.compiler.get_converters = lambda fields: converters
        missing = set(examples) - {name for name, _param in self.params}
        assert not missing, f"not in the query as they are: {missing}"

    def run(self, values):
        connection = connections[self.using]
        driven = {name: _as_driven(value, connection) for name, value in values.items()}
        params = tuple(driven[name] if name else param for name, param in self.params)
        compiler = copy(self.compiler)
        compiler.connection = connection
        compiler.as_sql = lambda *args, **kwargs: (self.sql, params)
        if self.queryset._fields is not None:
            return list(compiler.results_iter(tuple_expected=True))
        return list(type(self.queryset)(self.queryset.model, _Query(compiler), self.using))


class _Query:
    """All that a queryset asks of its query while it is read."""

    def __init__(self, compiler):
        self.compiler = compiler

    def get_compiler(self, using):
        return self.compiler


def _as_driven(value, connection):
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
