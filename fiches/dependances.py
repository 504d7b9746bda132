"""What a response shows, said by who makes it, so that a kept copy goes when that changes and not before.

A response of which nobody says anything shows :data:`TOUT`: it goes with any change. A view that knows all that it
shows says :func:`shows_only`; a room that adds something to another's page says :func:`shows`.
"""

from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.db.models import Min, Q

TOUT = "tout"
"""Told with every change."""
FICHES = "fiches"
"""Which fiches can be seen, and what lists, facets and the map show of them."""
ETAPES = "etapes"
PAGES = "pages"
"""Any other page, road books included."""
REPERES = "reperes"
"""What fiches refer to: the grid, partners, editions, keywords, communes, synonyms."""
MEDIAS = "medias"
"""Pictures and documents."""


def of_page(pk):
    """The mark of one page."""
    return f"page-{pk}"


class Shown:
    """What one response was found to show while it was made."""

    def __init__(self):
        self.marks: set[str] = set()
        self.is_all = False
        self.wrote = False
        self.confirm: tuple[str, Callable[[], bool]] | None = None

    @property
    def known(self):
        return frozenset(self.marks) if self.is_all else frozenset([TOUT])


_shown: ContextVar[Shown | None] = ContextVar("shown", default=None)


@contextmanager
def noted():
    """Yields the :class:`Shown` of the response that is made inside."""
    shown = Shown()
    token = _shown.set(shown)
    try:
        yield shown
    finally:
        _shown.reset(token)


def shows(*marks):
    """The response that is being made shows this too."""
    shown = _shown.get()
    if shown is not None:
        shown.marks.update(marks)


def shows_only(*marks):
    """The response shows this, what else :func:`shows` says, and nothing else."""
    shown = _shown.get()
    if shown is not None:
        shown.marks.update(marks)
        shown.is_all = True


def shows_while(mark, is_so):
    """When nothing but ``mark`` changed, the response is still good if ``is_so()`` is true."""
    shown = _shown.get()
    if shown is not None:
        shown.confirm = (mark, is_so)


def wrote():
    """Something was written while the response was made: the next one must come through too."""
    shown = _shown.get()
    if shown is not None:
        shown.wrote = True


_moments: list[Callable[[datetime], datetime | None]] = []


def register_moments(next_after):
    """Called from ``AppConfig.ready()``: ``next_after(now)`` is when something next changes by itself, or ``None``."""
    _moments.append(next_after)


def register_dates(model, *names):
    """The same for columns of a model: each date still to come is such a moment."""

    def next_after(now):
        coming = {name: Min(name, filter=Q(**{f"{name}__gt": now})) for name in names}
        return min(filter(None, model._default_manager.order_by().aggregate(**coming).values()), default=None)

    register_moments(next_after)


def next_moment(now):
    """When something that responses show next changes by itself, nobody writing anything."""
    return min(filter(None, (next_after(now) for next_after in _moments)), default=None)
