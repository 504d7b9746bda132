"""What the modules ``personal_data`` of the apps declare. A model is a class, or ``"app.Model"``, passed over if not installed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import Model, QuerySet


@dataclass
class Columns:
    """The columns of one model, by how they forget a person."""

    contacts: list[tuple[str, ...]] = field(default_factory=list)
    mentions: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    by_hand: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    derived: list[str] = field(default_factory=list)
    not_personal: list[str] = field(default_factory=list)

    @property
    def searched(self) -> list[str]:
        return [*(name for group in self.contacts for name in group), *self.mentions, *self.rows, *self.by_hand]

    @property
    def declared(self) -> list[str]:
        return [*self.searched, *self.derived, *self.not_personal]


class Owned(NamedTuple):
    """Rows that are a person's own.

    ``find(courriel)`` returns a queryset; ``erase(row)`` takes one away; ``tell(row)`` is what the person gets of it, as JSON
    can hold it; ``names(row)`` and ``phones(row)`` are how the row names the person; ``beside(row)`` returns
    ``[(name, phone, address)]`` of those whom it names beside, who are the person when they are called the same.
    """

    label: Any
    find: Callable[[str], QuerySet[Any]]
    tell: Callable[[Any], Any]
    erase: Callable[[Any], Any]
    names: Callable[[Any], Iterable[str]]
    phones: Callable[[Any], Iterable[str]]
    beside: Callable[[Any], Iterable[tuple[str, str, str]]]


COLUMNS: dict[type[Model], Columns] = {}
OWNED: list[Owned] = []
BEFORE: list[Callable[[], int]] = []
"""Called before a person is looked for, to have read what was not: each returns how many texts are still waited for."""
AFTER: list[Callable[[Any], Any]] = []
"""Called with the Person once their data are erased: ``AFTER.append(function)`` for what is kept outside the tables."""


def owned(
    label,
    find,
    *,
    tell,
    erase=lambda row: row.delete(),
    names=lambda row: (),
    phones=lambda row: (),
    beside=lambda row: (),
):
    """Rows found by the person's address, which go with the person. See :class:`Owned`."""
    OWNED.append(Owned(label, find, tell, erase, names, phones, beside))


def contact(model, *names):
    """Columns that name one person together (name, position, phone, e-mail): emptied together."""
    if columns := _of(model):
        columns.contacts.append(names)


def mentions(model, *names):
    """Texts, JSON or StreamFields that may name a person: a dash takes the place of the name, the address or the phone."""
    if columns := _of(model):
        columns.mentions.extend(names)


def rows(model, *names):
    """Texts whose row is deleted when it names the person: drafts of forms, logs."""
    if columns := _of(model):
        columns.rows.extend(names)


def labels(model, *names):
    """Of the columns declared above, the short ones (titles, credits, tags, searches, logs) where a surname alone names the
    person: it is forgotten there too."""
    if columns := _of(model):
        columns.labels.extend(names)


def by_hand(model, *names):
    """Names and texts of files, which are shown to the staff: only they can replace a file. A row that names the person in
    another column is shown to them too, since its file may."""
    if columns := _of(model):
        columns.by_hand.extend(names)


def derived(model, *names):
    """Made again from other columns when those change."""
    if columns := _of(model):
        columns.derived.extend(names)


def not_personal(model, *names):
    """Codes, addresses of pages, fingerprints, settings: nothing of a person is written there."""
    if columns := _of(model):
        columns.not_personal.extend(names)


def _of(model):
    if isinstance(model, str):
        app, _dot, name = model.partition(".")
        if app not in apps.app_configs:
            return None
        model = apps.get_model(app, name)
    return COLUMNS.setdefault(model, Columns())
