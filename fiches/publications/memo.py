"""Values cached in each process until the version changes. :func:`memoize` is the only in-process cache of public content."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from typing import Any, TypeVar

from fiches.publications.version import current

Result = TypeVar("Result")

_memo: dict[Any, tuple[Any, Any]] = {}
# Functions that return what cached values depend on beside the version; an empty tuple, mostly.
_varying: list[Callable[[], tuple]] = []


def vary_by(shown: Callable[[], tuple]) -> None:
    """Registers ``shown()``, which returns what the cached values of the request depend on, such as its site. Called once, when
    Django starts."""
    _varying.append(shown)


def memoize(name: Hashable, make: Callable[[], Result]) -> Result:
    """The result of ``make()``, cached in this process under ``name`` until the version changes. Callers must not change it."""
    state = current()
    for shown in _varying:
        name = (name, special) if (special := shown()) else name
    key = (state.number, state.changed_at)
    known = _memo.get(name)
    if known is None or known[0] != key:
        known = _memo[name] = (key, make())
    return known[1]


def memoize_each(name: Hashable, key: Hashable, make: Callable[[], Result], *, most: int) -> Result:
    """:func:`memoize` for a value per ``key``; keeps the values of the ``most`` keys used last."""
    values: OrderedDict[Any, Any] = memoize(name, OrderedDict)
    try:
        value = values[key]
    except KeyError:
        value = values[key] = make()
    with suppress(KeyError):  # another thread removed it
        values.move_to_end(key)
        while len(values) > most:
            values.popitem(last=False)
    return value
