"""Depths of the stack at which pages are measured.

CPython gives memory to frames by chunks of 16 KB, and gives it back as soon as a chunk is empty: a page most of whose calls cross such
a border costs up to 60 % more, by the luck of its depth (https://github.com/python/cpython/issues/142183, mended in March 2026). The
mean over as many depths as a chunk holds leaves luck out.
"""

from collections.abc import Callable
from typing import Any

DEPTHS = range(0, 176, 16)


def deeper(depth: int, call: Callable[..., Any], *arguments: Any) -> Any:
    """Calls below ``depth`` frames more."""
    return deeper(depth - 1, call, *arguments) if depth else call(*arguments)
