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
    """Called from ``AppConfig.ready()``. The parameter must be one that ``fiches.grille`` reserves."""
    _conditions[name] = Condition(find, describe)


def conditions():
    return dict(_conditions)


_changes: list[Callable] = []


def register_changes(find):
    """A room that knows better when what it shows of a fiche changed (a partner's name, a criterion's): ``find(instant)``
    gives the keys of the fiches that changed then or later, for ``depuis``."""
    _changes.append(find)


def changed_since(instant):
    from fiches.models import Ligne

    published = Ligne.objects.filter(modifie_le__gte=instant).values_list("pk", flat=True)
    return {key for find in (lambda _instant: published, *_changes) for key in find(instant)}
