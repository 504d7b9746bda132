"""Finds a person: what stands beside their address, their own rows, and each column of the database that names them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.db.models import CASCADE, F, FileField, Model, Value
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.blocks import StreamValue
from wagtail.documents import get_document_model
from wagtail.models import Page, Revision

from fiches.models.search_tables import TexteDeDocument
from fiches.upkeep.personal_data.person import Person, addresses_in
from fiches.upkeep.personal_data.registry import COLUMNS, FILES, OWNED, Columns, Owned

# Rows whose texts are held in memory at a time.
CHUNK = 500


# --- Who it is -----------------------------------------------------------------------------------------------------------


def find_person(courriel: str = "", *names: str) -> Person:
    """Returns the Person of an address, of full names, or both.

    For an address, adds the phone numbers stored with it, as :attr:`Person.learnt` the names, and for a name given too, the other
    addresses that the person's own rows give for it.
    """
    person = Person(courriel, set(filter(None, names)))
    if not person.courriel:
        return person
    learnt: set[str] = set()
    phones: set[str] = set()
    beside: list[tuple[str, str, str]] = []
    for each in OWNED:
        for row in each.find(person.courriel):
            learnt.update(each.names(row))
            phones.update(each.phones(row))
            beside.extend(each.beside(row))
    for name, phone, address in _declared_contacts():
        if address.strip().casefold() == person.courriel:
            learnt.add(name)
            phones.add(phone)
    same = [(phone, address) for name, phone, address in beside if person.is_called(name)]
    return replace(
        person,
        learnt=learnt,
        phones=phones | {phone for phone, _address in same},
        others={address for _phone, address in same},
    )


def _declared_contacts() -> Iterator[tuple[str, str, str]]:
    """The name, phone number and address of every contact that columns hold; ``""`` for what it doesn't give."""
    for model, columns in COLUMNS.items():
        for group in columns.contacts:
            beside = {name.rpartition("_")[2]: name for name in group}
            contact = (F(beside[end]) if end in beside else Value("") for end in ("nom", "telephone", "courriel"))
            for values in model._base_manager.values_list(*contact).iterator(chunk_size=CHUNK):
                name, phone, address = (value or "" for value in values)
                yield name, phone, address


def _values() -> Iterator[tuple[type[Model], str, Any]]:
    """Every value of every declared column, with its model and the name of the column."""
    for model, columns in COLUMNS.items():
        for row in model._base_manager.order_by("pk").iterator(chunk_size=CHUNK) if columns.searched else ():
            for name in columns.searched:
                yield model, name, value_of(row, name)


def addresses_in_texts() -> Iterator[str]:
    """Every e-mail address in a declared column, in lower case; one may come several times."""
    for _model, _name, value in _values():
        yield from addresses_in(value)


# --- Where they are ------------------------------------------------------------------------------------------------------


class Named(NamedTuple):
    """A row that names the person, or may.

    values: ``{column: value}`` as text or JSON.
    person: with the names of :attr:`Person.learnt`.
    is_theirs: the row bears an address or a phone of the person, since it is about them.
    has_file: the row has a file, which staff have to look at.
    """

    row: Any
    columns: Columns
    values: dict[str, Any]
    person: Person
    is_theirs: bool
    has_file: bool

    def contact_of(self, name: str) -> tuple[str, str]:
        """The name and the address of the contact that a column belongs to; ``""`` for what it doesn't give."""
        group = next((group for group in self.columns.contacts if name in group), ())
        nom, courriel = (
            next((self.values[each] for each in group if each.endswith(end)), "") for end in ("nom", "courriel")
        )
        return nom, courriel

    def is_exact(self, name: str) -> bool:
        """Whether a column holds what is exactly the person's, in a text that can be replaced."""
        contact, value = self.contact_of(name), self.values[name]
        if name in self.columns.by_hand or not value:
            return False
        if self.person.is_another(*contact):
            return self.person.is_named_in(value) and not self.person.is_named_in(contact[0])
        return self.person.forget_in(value) != value or self.person.has_contact(*contact)

    def is_named(self, name: str) -> bool:
        """Whether a column names the person, or may."""
        value = self.values[name]
        may_be_meant = self.is_exact(name) or self.person.may_be_meant_in(value)
        return may_be_meant or (self.has_file and self.person.has_address_start_in(value))


def rows_naming(model: type[Model], columns: Columns, person: Person) -> Iterator[Named]:
    """The rows of a table that name the person, or may."""
    if columns.searched:
        for row in model._base_manager.order_by("pk").iterator(chunk_size=CHUNK):
            named = named_row(row, model, columns, person)
            if any(map(named.is_named, columns.searched)):
                yield named


def named_row(row: Model, model: type[Model], columns: Columns, person: Person) -> Named:
    values = {name: value_of(row, name) for name in columns.searched}
    is_theirs = any(map(person.without_names.is_in, values.values()))
    has_file = any(isinstance(model._meta.get_field(name), FileField) for name in columns.by_hand)
    return Named(row, columns, values, person.with_learnt, is_theirs, has_file)


def value_of(row: Any, name: str) -> Any:
    """Returns a column as text or JSON."""
    value = getattr(row, name)
    if isinstance(value, StreamValue):
        return value.get_prep_value()
    return value if isinstance(value, list | dict) else str(value or "")


class Mention(NamedTuple):
    """A column of a row that names the person, or may.

    row: the row that staff open: the page, for one of its versions; the document, for its text.
    is_theirs: an erasure takes it from there: the row bears an address or a phone of the person.
    is_exact: the full name can be replaced there. Others are files, addresses, names of organisations, contacts with another e-mail.
    unread: why a file was not read whole, for one that staff have to open; else ``""``.
    """

    model: str
    row: Model
    column: str
    excerpt: str
    is_theirs: bool = False
    is_exact: bool = False
    unread: Any = ""

    @property
    def pk(self) -> Any:
        return self.row.pk

    @property
    def by_hand(self) -> bool:
        """Whether nothing can be replaced there."""
        return not self.is_exact


def mentions_of(person: Person) -> Iterator[Mention]:
    """Where the person is named, or may be; the texts of private files are read too, which takes time."""
    for model, columns in COLUMNS.items():
        for named in rows_naming(model, columns, person):
            for name in filter(named.is_named, columns.searched):
                excerpt = named.person.excerpt(named.values[name]) or str(named.values[name])
                is_exact = named.is_exact(name)
                yield _mention(named.row, name, excerpt, is_theirs=is_exact and named.is_theirs, is_exact=is_exact)
    anyone = person.with_learnt
    for read in FILES:
        for row, name, text, unread in read():
            if anyone.may_be_meant_in(text):
                yield _mention(row, name, anyone.excerpt(text))
            elif unread:
                yield _mention(row, name, str(unread), unread=unread)


def _mention(row: Any, name: str, excerpt: str, **known: Any) -> Mention:
    called, column = _names_of(type(row)), column_name(type(row), name)
    kind = called.get("model_")
    if isinstance(row, Revision):  # staff open the page, not one of its versions
        column = f"{column} ({kind})"
        row, kind = (row.content_object, None) if row.content_object else (row, kind)
    elif isinstance(row, TexteDeDocument):  # staff open the document, whose text this is
        kind = row._meta.verbose_name
        row = get_document_model()._default_manager.filter(pk=row.document).first() or row
    model = row.specific_class if isinstance(row, Page) else None
    return Mention(str(kind or (model or row)._meta.verbose_name), row, column, excerpt, **known)


def column_name(model: type[Model], name: str) -> str:
    """Returns what staff read as the name of a column."""
    return str(_names_of(model).get(name) or getattr(model._meta.get_field(name), "verbose_name", name))


def _names_of(model: type[Model]) -> dict[str, Any]:
    """The names that staff read of a model and its columns, those of its parents included."""
    names: dict[str, Any] = {}
    for each in reversed(model.mro()):
        names |= COLUMNS[each].names if each in COLUMNS else {}
    return names


class Place(NamedTuple):
    """Where staff read a row. ``title`` and ``address`` are ``""`` where the row and those that hold it have none.

    file: the name of the file, for a row with one that another row holds: a dossier may have several.
    why: what staff have to know of it.
    """

    kind: str
    title: str
    address: str
    pk: Any
    file: str = ""
    why: Any = ""

    def __str__(self) -> str:
        titles = "".join(f" «\u00a0{title}\u00a0»" for title in (self.file, self.title) if title)
        return f"{self.kind} {self.pk}{titles}{f' ({self.why})' if self.why else ''}"


def place_of(row: Model, kind: str, reader: AbstractUser | None = None) -> Place:
    """Returns the place of a row: the title and the page are its own, or those of the row that holds it.

    :param kind: what staff call such a row.
    :param reader: the address is one that this user may open; None for any.
    """
    finder = AdminURLFinder()
    shown = next((each for each in _holders(row) if finder.get_edit_url(each)), row)
    title = shown.draft_title or shown.title if isinstance(shown, Page) else str(shown)
    is_titled = type(shown).__str__ is not Model.__str__
    file = str(row) if shown is not row and any(isinstance(each, FileField) for each in row._meta.fields) else ""
    return Place(kind, title if is_titled else "", AdminURLFinder(reader).get_edit_url(shown) or "", row.pk, file)


def _holders(row: Model) -> Iterator[Model]:
    """The row, then the rows with which it would be deleted, the nearest first; not the user who wrote it."""
    yield row
    for field in row._meta.concrete_fields:
        remote = field.remote_field
        if not remote or remote.on_delete is not CASCADE or remote.parent_link or remote.model is get_user_model():
            continue
        if (holder := getattr(row, field.name)) is not None:
            yield from _holders(holder)


# --- What is theirs ------------------------------------------------------------------------------------------------------


def own_rows(each: Owned, person: Person) -> list[Any]:
    """The rows of the person's address."""
    return list(each.find(person.courriel)) if person.courriel else []


def held_rows(person: Person) -> list[tuple[str, int, list[str]]]:
    """Returns ``[(label, number, addresses)]`` of the person's own rows: how many, and the admin's pages where they are read."""
    rows_by_label = [(str(each.label), each, own_rows(each, person)) for each in OWNED]
    return [
        (label, len(rows), list(filter(None, map(each.address, rows)))) for label, each, rows in rows_by_label if rows
    ]


def export_data(person: Person) -> dict[str, list[Any]]:
    """Returns ``{label: [data of each row]}`` of the person's own rows, as JSON can hold it, and under ``mentions`` the texts
    elsewhere that name the person for sure."""
    own = {str(each.label): [each.export(row) for row in own_rows(each, person)] for each in OWNED}
    sure = [
        mention
        for mention in mentions_of(person)
        if mention.is_theirs or (mention.is_exact and person.is_in(mention.excerpt))
    ]
    return {**own, "mentions": [{"quoi": m.model, "rubrique": m.column, "extrait": m.excerpt} for m in sure]}
