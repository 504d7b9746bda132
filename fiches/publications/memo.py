"""Values cached in each process until the version changes. :func:`memoize` is the only in-process cache of public content."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from fiches.publications.version import State, current

Result = TypeVar("Result")

# The version, and its values. Another dictionary for another version: what is still being made for the one before stays there.
_memo: tuple[State | None, dict[Any, Any]] = (None, {})
# Functions that return what cached values depend on beside the version; an empty tuple, mostly.
_varying: list[Callable[[], tuple]] = []


def vary_by(shown: Callable[[], tuple]) -> None:
    """Registers ``shown()``, which returns what the cached values of the request depend on, such as its site. Called once, when
    Django starts."""
    _varying.append(shown)


def memoize(name: Hashable, make: Callable[[], Result]) -> Result:
    """The result of ``make()``, cached in this process under ``name`` until the version changes. Callers must not change it."""
    global _memo
    state = current()
    if _memo[0] is None or _memo[0][:2] != state[:2]:
        _memo = (state, {})
    values = _memo[1]
    for shown in _varying:
        name = (name, special) if (special := shown()) else name
    if name not in values:
        values[name] = make()
    return values[name]


def memoize_each(name: Hashable, key: Hashable, make: Callable[[], Result], *, most: int) -> Result:
    """:func:`memoize` for a value per ``key``; all are forgotten when there are ``most``."""
    values: dict[Any, Any] = memoize(name, dict)
    if (value := values.get(key)) is None:
        value = make()
        if len(values) >= most:
            values.clear()
        values[key] = value
    return value
