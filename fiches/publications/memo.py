"""Values cached in each process until the version changes. :func:`memoize` is the only in-process cache of public content."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from fiches import content_site
from fiches.publications.version import State, current

Result = TypeVar("Result")

# The version, and its values. Another dictionary for another version: what is still being made for the one before stays there.
_memo: tuple[State | None, dict[Any, Any]] = (None, {})


def memoize(name: Hashable, make: Callable[[], Result]) -> Result:
    """The result of ``make()``, cached in this process under ``name`` for the site of the request, until the version
    changes. Callers must not change it."""
    global _memo
    state = current()
    if _memo[0] is None or _memo[0][:2] != state[:2]:
        _memo = (state, {})
    values = _memo[1]
    name = (name, content_site.homes())
    if name not in values:
        values[name] = make()
    return values[name]
