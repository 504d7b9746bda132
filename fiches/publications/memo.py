"""Values cached in each process until the version changes.

:func:`memoize` is the only in-process cache of public content; its :class:`~fiches.publications.version.Reach` says which
changes matter to a value.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from typing import Any, TypeVar

from fiches.publications.version import DATES, Reach, current

Result = TypeVar("Result")

_memo: dict[Any, tuple[Any, Any]] = {}
# Functions that return what cached values depend on beside the version; an empty tuple, mostly.
_varying: list[Callable[[], tuple]] = []


def vary_by(shown: Callable[[], tuple]) -> None:
    """Registers ``shown()``, which returns what the cached values of the request depend on, such as its site. Called once, when
    Django starts."""
    _varying.append(shown)


def memoize(name: Hashable, make: Callable[[], Result], *, reach: Reach = Reach.ROW) -> Result:
    """The result of ``make()``, cached in this process until the version changes. Callers must not change it.

    :param name: the cache key.
    :param reach: the value is made again only after a change of this reach or more; smaller changes must not affect it.
    """
    state = current()
    for shown in _varying:
        name = (name, special) if (special := shown()) else name
    key = getattr(state, DATES[reach]) if reach in DATES else (state.number, state.changed_at)
    known = _memo.get(name)
    if known is None or known[0] != key:
        known = _memo[name] = (key, make())
    return known[1]


def memoize_each(
    name: Hashable, key: Hashable, make: Callable[[], Result], *, most: int, reach: Reach = Reach.ROW
) -> Result:
    """:func:`memoize` for a value per ``key``; keeps the values of the ``most`` keys used last."""
    values: OrderedDict[Any, Any] = memoize(name, OrderedDict, reach=reach)
    try:
        value = values[key]
    except KeyError:
        value = values[key] = make()
    with suppress(KeyError):  # another thread removed it
        values.move_to_end(key)
        while len(values) > most:
            values.popitem(last=False)
    return value
