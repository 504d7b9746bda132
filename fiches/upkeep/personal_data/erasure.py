"""Erases a person from every declared column, and replaces what staff say is the person."""

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext
from taggit.models import ItemBase
from wagtail.blocks import StreamValue
from wagtail.models import Page, Revision
from wagtail.search import index

from fiches.models import Courriel
from fiches.models.bulk import update
from fiches.upkeep.erasure_log import NAME, PERSON, address_fingerprint, note_erasure
from fiches.upkeep.personal_data.person import ERASED, WHOLE_ERASED, Person, plain_name
from fiches.upkeep.personal_data.registry import AFTER, COLUMNS, OWNED
from fiches.upkeep.personal_data.search import (
    Named,
    Place,
    find_person,
    mentions_of,
    named_row,
    own_rows,
    place_of,
    rows_naming,
)


class Erasure(NamedTuple):
    """What an erasure did.

    deleted, emptied: ``{label: number of rows}``; emptied are those that stay without the name.
    files: rows that named the person beside a file, which may name them too.
    """

    deleted: dict[str, int]
    emptied: dict[str, int]
    files: list[Any]

    def in_words(self) -> list[tuple[str, dict[str, int]]]:
        """The counts with their titles, for the receipt."""
        return [(gettext("What was deleted"), self.deleted), (gettext("Left in place, without the name"), self.emptied)]


@transaction.atomic
def erase(person: Person, *, everywhere: bool) -> Erasure:
    """Erases the person from their own rows and from each row that bears an address or a phone of theirs.

    :param everywhere: replaces the full names :attr:`Person.names` in all other texts too: staff say that they mean the person.
    """
    if person.courriel:
        note_erasure(PERSON, address_fingerprint(person.courriel))
        for name in sorted(person.names) if everywhere else ():
            note_erasure(NAME, fingerprint_of_name(person.courriel, name))
    deleted: dict[str, int] = {}
    emptied: dict[str, int] = {}
    mails = Courriel.objects.order_by().values_list("pk", flat=True)
    before = set(mails)
    theirs = {_identity(named.row) for named in _all_naming(person.without_names)}
    for each in OWNED:
        rows = [(row, row.pk) for row in own_rows(each, person)]
        for row, _pk in rows:
            each.erase(row)
        left = sum(type(row)._base_manager.filter(pk=pk).exists() for row, pk in rows)
        deleted[str(each.label)], emptied[str(each.label)] = len(rows) - left, left
    found = list(_all_naming(person))
    done = []
    for named in found:
        is_theirs = named.is_theirs or _identity(named.row) in theirs
        who = named.person if is_theirs else person if everywhere else person.without_names
        done.append(_forget(named._replace(person=who)))
    _delete_sessions(person if everywhere else person.without_names)
    deleted[gettext("records that named the person")] = done.count("deleted")
    emptied["mentions"] = done.count("emptied")
    # Most of the mails went with the record that they were about.
    deleted[gettext("mails")] = len(before.difference(mails.all()))
    for after in AFTER:
        after(person)
    deleted, emptied = ({label: number for label, number in each.items() if number} for each in (deleted, emptied))
    return Erasure(deleted, emptied, files=[named.row for named in found if named.has_file])


def _delete_sessions(person: Person) -> None:
    """Deletes the sessions that name the person: previews, half-filled forms. They are encoded, so all are decoded."""
    for session in Session.objects.iterator():
        if person.is_in({key: str(value) for key, value in session.get_decoded().items()}):
            session.delete()


def _all_naming(person: Person) -> Iterator[Named]:
    for model, columns in COLUMNS.items():
        yield from rows_naming(model, columns, person)


def _identity(row: Any) -> tuple[type, Any]:
    """The table and the key of a row; one for all the tables of a page."""
    return (Page if isinstance(row, Page) else type(row), row.pk)


def erase_and_list(
    person: Person, reader: AbstractUser | None = None, *, everywhere: bool
) -> tuple[list[Place], Erasure]:
    """Erases the person. Returns the rows that staff must look at by hand (those that still name the person or may, and files), and
    what :func:`erase` returns. A row that was deleted is not listed, nor is a title that names the person.

    :param reader: who will open the addresses.
    :param everywhere: see :func:`erase`.
    """
    erased = erase(person, everywhere=everywhere)
    left = {(type(row), row.pk): (str(row._meta.verbose_name), "") for row in erased.files}
    left |= {(type(m.row), m.pk): (m.model, m.unread) for m in mentions_of(person)}
    rows = ((model._base_manager.filter(pk=pk).first(), *told) for (model, pk), told in left.items())
    places = (place_of(row, kind, reader)._replace(why=why) for row, kind, why in rows if row)
    return sorted((_unnamed(person.with_learnt, place) for place in places), key=str), erased


def _unnamed(person: Person, place: Place) -> Place:
    """The place without a title that names the person: people keep the receipt."""
    named = {
        name: ERASED if name == "file" else ""
        for name in ("title", "file")
        if person.may_be_meant_in(getattr(place, name)) or person.has_address_start_in(getattr(place, name))
    }
    return place._replace(**named)


def erase_person(courriel: str, *names: str) -> Erasure:
    """Erases the person of an address, and full names everywhere: see :func:`find_person` and :func:`erase`."""
    return erase(find_person(courriel, *names), everywhere=bool(names))


def fingerprint_of_name(courriel: str, name: str) -> str:
    """Returns the keyed hash of a name that was erased with an address."""
    return address_fingerprint(f"{courriel} {plain_name(name)}")


def erase_again(courriel: str, is_noted: Callable[[str], bool]) -> Erasure:
    """Erases the person of an address after a restore, with the names that stand beside it again and whose fingerprint is noted."""
    learnt = find_person(courriel).learnt
    return erase_person(courriel, *(name for name in learnt if is_noted(fingerprint_of_name(courriel, name))))


# --- What staff decide ---------------------------------------------------------------------------------------------------


def key_of(row: Model) -> str:
    """Returns ``app.model:key`` of a row, the specific one of a page."""
    model = row.specific_class or Page if isinstance(row, Page) else type(row)
    return f"{model._meta.label_lower}:{row.pk}"


@transaction.atomic
def replace_in(person: Person, key: str) -> bool:
    """Replaces the full names of the person in a row and, for a page, in each of its versions: staff say that it is the person. A
    contact with another address stays. Returns whether something was replaced.

    :param key: see :func:`key_of`.
    """
    label, _colon, pk = key.rpartition(":")
    model = apps.get_model(label)
    row = model._base_manager.filter(pk=pk).first()
    if row is None:
        return False
    rows = [*(Revision.objects.for_instance(row) if isinstance(row, Page) else ()), row]
    known = [(each, model) for each in rows for model in type(each).mro() if model in COLUMNS]
    done = [_forget(named_row(each, model, COLUMNS[model], person)) for each, model in known]
    for after in AFTER:
        after(person)
    return any(done)


# --- How a row forgets ---------------------------------------------------------------------------------------------------


def _forget(named: Named) -> str:
    """Erases the person from a row: returns ``"deleted"``, ``"emptied"``, or ``""`` if nothing there is exactly theirs."""
    if any(named.person.is_in(named.values[name]) for name in named.columns.rows):
        _delete(named.row)
        return "deleted"
    values = _forgotten(named)
    if not values:
        return ""
    kind = named.row.specific_class if isinstance(named.row, Page) else type(named.row)
    update(kind._base_manager.filter(pk=named.row.pk), **values)
    return "emptied"


def _forgotten(named: Named) -> dict[str, Any]:
    """Returns the new values of the row's columns that name the person."""
    row, person = named.row, named.person
    values: dict[str, Any] = {}
    for group in named.columns.contacts:
        contact = named.contact_of(group[0])
        if person.has_contact(*contact):
            values |= {name: _empty(row, name) for name in group if named.values[name]}
            values |= {flag: False for name in group if getattr(row, flag := f"{name}_public", False)}
        elif not (person.is_another(*contact) and person.is_named_in(contact[0])):
            named_here = [name for name in group if person.is_named_in(named.values[name])]
            values |= _without(named, named_here)
    return values | _without(named, named.columns.mentions)


def _without(named: Named, names: list[str]) -> dict[str, Any]:
    left = {name: named.person.forget_in(named.values[name]) for name in names}
    if named.has_file:
        left |= {name: named.person.forget_in_file_name(text) for name, text in left.items() if isinstance(text, str)}
    return {name: _written(named.row, name, value) for name, value in left.items() if value != named.values[name]}


def _empty(row: Any, name: str) -> str:
    return "" if row._meta.get_field(name).blank else WHOLE_ERASED


def _written(row: Any, name: str, value: Any) -> Any:
    if isinstance(getattr(row, name), StreamValue):
        return row._meta.get_field(name).to_python(json.dumps(value))
    return value if value != "" else _empty(row, name)


def _delete(row: Any) -> None:
    """Deletes a row; the objects that had it as a tag are indexed again."""
    items = [
        relation.related_model for relation in row._meta.related_objects if issubclass(relation.related_model, ItemBase)
    ]
    bore = [item.content_object for model in items for item in model._base_manager.filter(tag=row)]
    row.delete()
    for each in bore:
        if each is not None and isinstance(each, index.Indexed):
            index.insert_or_update_object(type(each)._base_manager.get(pk=each.pk))
