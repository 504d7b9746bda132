"""Finds a person: what stands beside their address, their own rows, and each column of the database that names them."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from unicodedata import normalize

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.db.models import CASCADE, F, FileField, Model, Value
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.blocks import StreamValue
from wagtail.documents import get_document_model
from wagtail.models import Page, Revision

from fiches.models.publications import TexteDeDocument
from fiches.upkeep.personal_data.person import OF_ITS_OWN, Person, addresses_in, part_of_contact
from fiches.upkeep.personal_data.registry import COLUMNS, OWNED, Columns

# Rows whose texts are held in memory at a time.
CHUNK = 500
# What stands between the words of the address of a page, or of the name of a file.
SEPARATORS = re.compile(r"[\W_]+")


def find_person(courriel: str = "", *names: str) -> Person:
    """Returns the Person of an address, of full names, or both, with the names and phones that stand beside the address."""
    person = Person(courriel)
    found, phones = set(names), set[str]()
    for each in OWNED if person.courriel else ():
        for row in each.find(person.courriel):
            found.update(each.names(row))
            phones.update(each.phones(row))
    for name, phone, address in _declared_contacts() if person.courriel else ():
        if address.strip().casefold() == person.courriel:
            found.add(name)
            phones.add(phone)
    return Person(courriel, found, phones)


def _declared_contacts() -> Iterator[tuple[str, str, str]]:
    """The name, phone number and address of every contact that columns hold; ``""`` for what it doesn't give."""
    for model, columns in COLUMNS.items():
        for group in columns.contacts:
            beside = {part_of_contact(name): name for name in group}
            contact = (F(beside[end]) if end in beside else Value("") for end in ("nom", "telephone", "courriel"))
            for values in model._base_manager.values_list(*contact).iterator(chunk_size=CHUNK):
                name, phone, address = (value or "" for value in values)
                yield name, phone, address


def _rows() -> Iterator[tuple[Any, Columns]]:
    """Every row of every table with declared columns."""
    for model, columns in COLUMNS.items():
        for row in model._base_manager.order_by("pk").iterator(chunk_size=CHUNK) if columns.searched else ():
            yield row, columns


def addresses_in_texts() -> Iterator[str]:
    """Every e-mail address in a declared column, in lower case; one may come several times."""
    for row, columns in _rows():
        for name in columns.searched:
            yield from addresses_in(value_of(row, name))


class Named(NamedTuple):
    """A row that names the person. Attributes: row, columns (declared), names (of the columns that name the person, and of the file
    beside them, which may too), is_theirs (the row bears the address or a phone of the person)."""

    row: Any
    columns: Columns
    names: list[str]
    is_theirs: bool


def rows_naming(person: Person) -> list[Named]:
    """The rows of all tables that name the person. All the tables of a page are one row."""
    found, theirs = [], set()
    for row, columns in _rows():
        names = [name for name in columns.searched if person.is_in(_read(row, columns, name))]
        if names:
            files = [name for name in columns.by_hand if isinstance(row._meta.get_field(name), FileField)]
            found.append((row, columns, [*names, *(name for name in files if name not in names)]))
            if any(person.without_names.is_in(value_of(row, name)) for name in names):
                theirs.add(_identity(row))
    return [Named(row, columns, names, _identity(row) in theirs) for row, columns, names in found]


def _read(row: Any, columns: Columns, name: str) -> Any:
    """A column as text or JSON; one that staff change by hand, such as the address of a page, also with spaces between its words."""
    value = value_of(row, name)
    return f"{value} {SEPARATORS.sub(' ', normalize('NFC', str(value)))}" if name in columns.by_hand else value


def _identity(row: Any) -> tuple[type, Any]:
    """The table and the key of a row; one for all the tables of a page."""
    return (Page if isinstance(row, Page) else type(row), row.pk)


def value_of(row: Any, name: str) -> Any:
    """Returns a column as text or JSON."""
    value = getattr(row, name)
    if isinstance(value, StreamValue):
        return value.get_prep_value()
    return value if isinstance(value, list | dict) else str(value or "")


def values_without(person: Person, row: Any, columns: Columns) -> dict[str, Any]:
    """Returns the new values, as text or JSON, of the columns of a row from which the person can be taken.

    A contact of theirs is emptied, with the agreements to show it. Of another contact, the name, the phone and the address stay.
    """
    values: dict[str, Any] = {}
    shown: dict[str, bool] = {}
    for group in columns.contacts:
        parts = {part_of_contact(name): value_of(row, name) for name in group}
        if person.owns(parts.get("nom", ""), parts.get("courriel", "")):
            values |= dict.fromkeys(group, "")
            shown |= {flag: False for name in group if getattr(row, flag := f"{name}_public", False)}
        else:
            texts = [name for name in group if part_of_contact(name) not in OF_ITS_OWN]
            values |= {name: person.forget_in(value_of(row, name)) for name in texts}
    values |= {name: person.forget_in(value_of(row, name)) for name in columns.mentions}
    return {name: value for name, value in values.items() if value != value_of(row, name)} | shown


class Mention(NamedTuple):
    """A column of a row that names the person.

    row: the row that staff open: the page, for one of its versions; the document, for its text.
    is_theirs: an erasure takes it from there. by_hand: nothing can be replaced there: a file, the address of a page, the name of an
    organisation, a contact with another e-mail.
    """

    row: Any
    column: str
    excerpt: str
    is_theirs: bool
    by_hand: bool


def mentions_of(person: Person) -> Iterator[Mention]:
    """Where the person is named."""
    for row, columns, names, is_theirs in rows_naming(person):
        replaced = {*values_without(person, row, columns), *columns.rows}
        for name in names:
            value = value_of(row, name)
            column = str(getattr(row._meta.get_field(name), "verbose_name", name))
            by_hand = name not in replaced
            yield Mention(_opened(row), column, person.excerpt(value) or str(value), is_theirs and not by_hand, by_hand)


def _opened(row: Any) -> Any:
    if isinstance(row, Revision):
        return row.content_object or row
    if isinstance(row, TexteDeDocument):
        return get_document_model()._default_manager.filter(pk=row.document).first() or row
    return row


class Place(NamedTuple):
    """Where staff read a row. ``title`` and ``address`` are ``""`` where the row and those that hold it have none."""

    kind: str
    title: str
    address: str

    def __str__(self) -> str:
        return f"{self.kind} «\u00a0{self.title}\u00a0»"


def place_of(row: Any, reader: AbstractUser | None = None) -> Place:
    """Returns the place of a row: the title and the page are its own, or those of the row that holds it.

    :param reader: the address is one that this user may open; None for any.
    """
    model = row.specific_class if isinstance(row, Page) else None
    finder = AdminURLFinder()
    shown = next((each for each in _holders(row) if finder.get_edit_url(each)), row)
    title = shown.draft_title or shown.title if isinstance(shown, Page) else str(shown)
    return Place(str((model or row)._meta.verbose_name), title, AdminURLFinder(reader).get_edit_url(shown) or "")


def _holders(row: Model) -> Iterator[Model]:
    """The row, then the rows with which it would be deleted, the nearest first; not the user who wrote it."""
    yield row
    for field in row._meta.concrete_fields:
        remote = field.remote_field
        if not remote or remote.on_delete is not CASCADE or remote.parent_link or remote.model is get_user_model():
            continue
        if (holder := getattr(row, field.name)) is not None:
            yield from _holders(holder)


def held_rows(person: Person) -> list[tuple[str, int, list[str]]]:
    """Returns ``[(label, number, addresses)]`` of the person's own rows: how many, and the admin's pages where they are read."""
    rows_by_label = [(str(each.label), each, list(each.find(person.courriel))) for each in OWNED if person.courriel]
    return [
        (label, len(rows), list(filter(None, map(each.address, rows)))) for label, each, rows in rows_by_label if rows
    ]


def export_data(courriel: str, nom: str = "") -> dict[str, list[Any]]:
    """Returns ``{label: [data of each row]}`` of the person's own rows, as JSON can hold it, and under ``mentions`` the texts
    that bear the address or a phone of the person, or ``nom``, their full name: one read beside the address may be somebody else's."""
    person, named = find_person(courriel, nom), Person(names={nom})
    own = {str(each.label): list(map(each.export, each.find(person.courriel))) for each in OWNED if person.courriel}
    mentions = [each for each in mentions_of(person) if each.is_theirs or named.is_in(each.excerpt)]
    return {
        **own,
        "mentions": [
            {"quoi": str(each.row._meta.verbose_name), "rubrique": each.column, "extrait": each.excerpt}
            for each in mentions
        ],
    }
