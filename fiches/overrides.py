"""How a method of a library is replaced: with its reason, the digest of the source for which the replacement was written, and the test
of the new behaviour. The list is in `fiches.wagtail_overrides`."""

from collections.abc import Callable
from hashlib import sha256
from inspect import getsource
from types import ModuleType
from typing import Any, NamedTuple


class Override(NamedTuple):
    """A function or method of a library to replace. Fields:

    - ``holder``: the class or module that has it, and ``name``: its name there;
    - ``make``: takes the original and returns the replacement;
    - ``digest``: :func:`digest` of the original for which the replacement was written;
    - ``reason``: why no extension point of Wagtail's can be used;
    - ``promise``: path and name of the test of the new behaviour.
    """

    holder: type | ModuleType
    name: str
    make: Callable[[Any], Any]
    digest: str
    reason: str
    promise: str

    def __str__(self) -> str:
        return f"{self.holder.__name__}.{self.name}"


class Installed(NamedTuple):
    """An override that was installed, with the original function."""

    override: Override
    original: Any


INSTALLED: list[Installed] = []


def install(overrides: list[Override]) -> None:
    """Installs the overrides. Called once for each list, when Django starts."""
    for override in overrides:
        original = getattr(override.holder, override.name)
        setattr(override.holder, override.name, override.make(original))
        INSTALLED.append(Installed(override, original))


def digest(thing: Any) -> str:
    """The first 12 hexadecimal digits of the SHA-256 of the source of a function or class."""
    return sha256(getsource(thing).encode()).hexdigest()[:12]
