"""The registry of query parameters that other apps define (``etape``, ``prime``)."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple


class Condition(NamedTuple):
    """A query parameter of another app. Attributes:

    - ``find(values)`` returns the keys of the matching fiches;
    - ``describe(values)`` returns a phrase for the sentence, such as « au programme de l’étape 3 », valid for one or many fiches.

    Both raise ValueError, with a message for the user, for an invalid value.
    """

    find: Callable[[tuple[str, ...]], Iterable[int]]
    describe: Callable[[tuple[str, ...]], str]


_conditions: dict[str, Condition] = {}


def register_condition(name: str, find: Callable[..., Any], describe: Callable[..., Any]) -> None:
    """Registers the parameter ``name``, which must be in `fiches.models.characterisation.RESERVED_PARAMETERS`; see
    :class:`Condition`. Called from ``AppConfig.ready()``."""
    _conditions[name] = Condition(find, describe)


def conditions() -> dict[str, Condition]:
    """``{parameter: condition}`` of those that were registered."""
    return dict(_conditions)
