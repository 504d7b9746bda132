"""The declarations that the apps' modules ``personal_data`` make.

A model is a class, or ``"app.Model"``, which is ignored if the app isn't installed.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import Model, QuerySet


@dataclass
class Columns:
    """The columns of one model, by the way a person is erased from them: see the functions below."""

    contacts: list[tuple[str, ...]] = field(default_factory=list)
    mentions: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    by_hand: list[str] = field(default_factory=list)
    derived: list[str] = field(default_factory=list)
    not_personal: list[str] = field(default_factory=list)

    @property
    def searched(self) -> list[str]:
        return [*chain.from_iterable(self.contacts), *self.mentions, *self.rows, *self.by_hand]

    @property
    def declared(self) -> list[str]:
        return [*self.searched, *self.derived, *self.not_personal]


class Owned(NamedTuple):
    """Rows that belong to a person.

    find: ``find(courriel)`` returns a queryset.
    export: ``export(row)`` returns the data that the person gets of a row, as JSON can hold it.
    erase: ``erase(row)`` deletes or anonymises a row.
    names, phones: ``names(row)`` and ``phones(row)`` return the names and phone numbers of the person in a row.
    address: ``address(row)`` returns the admin's page where the row is read, and what it holds can be withdrawn; ``""`` if none is.
    """

    label: Any
    find: Callable[[str], QuerySet[Any]]
    export: Callable[[Any], Any]
    erase: Callable[[Any], Any]
    names: Callable[[Any], Iterable[str]]
    phones: Callable[[Any], Iterable[str]]
    address: Callable[[Any], str]


COLUMNS: dict[type[Model], Columns] = {}
OWNED: list[Owned] = []
# Functions called with the Person after an erasure, for data stored outside the tables.
AFTER: list[Callable[[Any], Any]] = []
# Functions that return the number of files whose text the search doesn't know.
UNREAD: list[Callable[[], int]] = []


def owned(
    label: Any,
    find: Callable[..., Any],
    *,
    export: Callable[..., Any],
    erase: Callable[..., Any] = lambda row: row.delete(),
    names: Callable[..., Any] = lambda row: (),
    phones: Callable[..., Any] = lambda row: (),
    address: Callable[..., str] = lambda row: "",
) -> None:
    """Declares rows that belong to the person of an address, and are erased with them. See :class:`Owned`."""
    OWNED.append(Owned(label, find, export, erase, names, phones, address))


def contact(model: str | type, *names: str) -> None:
    """Declares columns that hold one person's contact details together (name, position, phone, e-mail): emptied together."""
    _columns_of(model).contacts.append(names)


def mentions(model: str | type, *names: str) -> None:
    """Declares texts, JSON or StreamFields that may name a person: the name, address or phone is replaced by a dash."""
    _columns_of(model).mentions.extend(names)


def rows(model: str, *names: str) -> None:
    """Declares texts whose row is deleted when it names the person: form drafts, logs."""
    _columns_of(model).rows.extend(names)


def by_hand(model: str | type, *names: str) -> None:
    """Declares names and texts of files, parts of addresses, names of organisations: they are listed for the staff, who replace the
    file, or decide, since other sites may link there and an organisation needs its name.

    A row with such a file that names the person in another column is listed too, since its file may name them.
    """
    _columns_of(model).by_hand.extend(names)


def derived(model: str | type, *names: str) -> None:
    """Declares columns that are computed from others, and recomputed when those change."""
    _columns_of(model).derived.extend(names)


def not_personal(model: str | type, *names: str) -> None:
    """Declares columns without personal data: codes, page addresses, fingerprints, settings."""
    _columns_of(model).not_personal.extend(names)


def _columns_of(model: str | type) -> Columns:
    """Returns the Columns of a model; others, which nobody reads, if its app isn't installed."""
    if isinstance(model, str):
        app, _dot, name = model.partition(".")
        if app not in apps.app_configs:
            return Columns()
        model = apps.get_model(app, name)
    return COLUMNS.setdefault(model, Columns())
