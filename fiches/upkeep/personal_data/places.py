"""Where staff read a row: what it is, its title, and the admin's page that shows it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.db.models import CASCADE, Model
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import Page


class Place(NamedTuple):
    """A row, as staff read it. ``title`` and ``address`` are ``""`` where the row and those that hold it have none."""

    kind: str
    title: str
    address: str
    pk: Any

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} «\u00a0{self.title}\u00a0»" if self.title else f"{self.kind} {self.pk}"


def place_of(row: Model, kind: str, reader: AbstractUser | None = None) -> Place:
    """Returns the place of a row: the title and the page are its own, or those of the row that holds it.

    :param kind: what staff call such a row.
    :param reader: the address is one that this user may open; None for any.
    """
    finder = AdminURLFinder()
    shown = next((each for each in _holders(row) if finder.get_edit_url(each)), row)
    return Place(kind, _title(shown), AdminURLFinder(reader).get_edit_url(shown) or "", row.pk)


def _title(row: Model) -> str:
    if isinstance(row, Page):
        return row.draft_title or row.title
    return "" if type(row).__str__ is Model.__str__ else str(row)


def _holders(row: Model) -> Iterator[Model]:
    """The row, then the rows with which it would be deleted, the nearest first; not the user who wrote it."""
    yield row
    for field in row._meta.concrete_fields:
        remote = field.remote_field
        if not remote or remote.on_delete is not CASCADE or remote.parent_link or remote.model is get_user_model():
            continue
        if (holder := getattr(row, field.name)) is not None:
            yield from _holders(holder)
