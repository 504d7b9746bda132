"""Parameters of the query language that belong to rooms above this one (``etape``, ``prime``): they register here."""

from collections.abc import Callable, Iterable
from typing import NamedTuple


class Condition(NamedTuple):
    """``find(values)`` gives the keys of the fiches; ``describe(values)`` words for the sentence, such as
    « au programme de l’étape 3 », that agree with one fiche as with many. Either raises ValueError, with a message for
    people, on a value that it can't read."""

    find: Callable[[tuple[str, ...]], Iterable[int]]
    describe: Callable[[tuple[str, ...]], str]


_conditions: dict[str, Condition] = {}


def register_condition(name, find, describe):
    """Called from ``AppConfig.ready()``. The parameter must be one that ``fiches.models.characterisation`` reserves."""
    _conditions[name] = Condition(find, describe)


def conditions():
    return dict(_conditions)
