"""Searches a person's data in every declared column, exports them and erases them."""

import json
import logging
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Model, Q, TextField
from django.db.models.functions import Cast
from wagtail.blocks import StreamValue
from wagtail.models import Page
from wagtail.search import index

from fiches.models.bulk import update
from fiches.upkeep.erasure_log import PERSON, fingerprint, note_erasure
from fiches.upkeep.personal_data.person import ASCII_RUN, ERASED, Person
from fiches.upkeep.personal_data.registry import AFTER, COLUMNS, OWNED, Columns

logger = logging.getLogger(__name__)


class Mention(NamedTuple):
    """A column of a row that names the person. ``by_hand``: staff must look at it, since it can't be erased automatically."""

    model: str
    pk: Any
    column: str
    excerpt: str
    by_hand: bool


def find_person(courriel: str = "", nom: str = "") -> Person:
    """Returns the Person of an address or a full name.

    For an address, adds the names and phone numbers stored with it; and the phone numbers and other addresses that their own rows
    give for a person of the same name.
    """
    person = Person(courriel, {nom} if nom else set())
    if not person.courriel:
        return person
    names: set[str] = set()
    phones: set[str] = set()
    named_beside: list[tuple[str, str, str]] = []
    for each in OWNED:
        for row in each.find(person.courriel):
            names.update(each.names(row))
            phones.update(each.phones(row))
            named_beside.extend(each.beside(row))
    for model, columns in COLUMNS.items():
        for group in columns.contacts:
            beside = {name.rpartition("_")[2]: name for name in group}
            if "courriel" in beside:
                for row in model._base_manager.filter(**{f"{beside['courriel']}__iexact": person.courriel}):
                    names.add(getattr(row, beside["nom"]))
                    phones.add(getattr(row, beside.get("telephone", ""), ""))
    person = person.with_details(names, phones)
    same = [(phone, address) for name, phone, address in named_beside if person.is_called(name)]
    return person.with_details((), [phone for phone, _address in same], [address for _phone, address in same])


def mentions_of(person: Person) -> Iterator[Mention]:
    """Yields the mentions of the person outside their own rows."""
    for model, columns in COLUMNS.items():
        for row in rows_naming(model, columns.searched, person):
            for name in columns.searched:
                value = _value(row, name)
                if person.is_in(value):
                    label = str(model._meta.verbose_name)
                    column = str(getattr(model._meta.get_field(name), "verbose_name", name))
                    yield Mention(label, row.pk, column, person.excerpt(value), bool(columns.by_hand))


def own_data(person: Person) -> dict[str, list[Any]]:
    """Returns ``{label: [data of each row]}`` of the person's own rows, as JSON can hold it."""
    return {str(each.label): [each.export(row) for row in _own_rows(each, person)] for each in OWNED}


def export_data(person: Person) -> dict[str, list[Any]]:
    """Returns :func:`own_data`, and under ``mentions`` the mentions of the person elsewhere."""
    mentions = [{"quoi": m.model, "rubrique": m.column, "extrait": m.excerpt} for m in mentions_of(person)]
    return {**own_data(person), "mentions": mentions}


@transaction.atomic
def erase(person: Person) -> dict[str, int]:
    """Erases the person everywhere; returns ``{label: number of rows}``."""
    if person.courriel:
        note_erasure(PERSON, fingerprint(person.courriel))
    counts = {}
    for each in OWNED:
        rows = list(_own_rows(each, person))
        for row in rows:
            each.erase(row)
        counts[str(each.label)] = len(rows)
    counts["mentions"] = sum(_forget(model, columns, person) for model, columns in COLUMNS.items())
    counts["mentions"] += sum(_forget_surname(model, columns, person) for model, columns in COLUMNS.items())
    _forget_sessions(person)
    for after in AFTER:
        after(person)
    return counts


def erase_person(courriel: str, nom: str = "") -> dict[str, int]:
    """Erases the person of an address or a full name: see :func:`find_person` and :func:`erase`."""
    return erase(find_person(courriel, nom))


def _own_rows(each, person):
    return each.find(person.courriel) if person.courriel else []


def rows_naming(model: type[Model], names: list[str], person: Person) -> list[Any]:
    """Returns the rows that name the person in one of these columns: a query preselects them, the patterns of Person decide."""
    if not names or not (person.courriel or person.names or person.phones):
        return []
    candidates = model._base_manager.order_by()
    if person.needles:
        texts = {f"text_{name}": Cast(name, TextField()) for name in names}
        likely = Q()
        for text in texts:
            for needle in person.needles:
                likely |= Q(**{f"{text}__icontains": needle})
        candidates = candidates.alias(**texts).filter(likely)
    return [row for row in candidates if any(person.is_in(_value(row, name)) for name in names)]


def _value(row: Any, name: str) -> Any:
    value = getattr(row, name)
    return (
        value.get_prep_value()
        if isinstance(value, StreamValue)
        else value
        if isinstance(value, list | dict)
        else str(value or "")
    )


def _forget(model: type[Model], columns: Columns, person: Person) -> int:
    number = 0
    for row in rows_naming(model, columns.rows, person):
        row.delete()
        number += 1
    for row in rows_naming(model, [name for name in columns.searched if name not in columns.by_hand], person):
        values = _forgotten(row, columns, person)
        if values:
            kind = row.specific_class if isinstance(row, Page) and type(row) is Page else type(row)
            update(kind._base_manager.filter(pk=row.pk), **values)
            _index(kind, row.pk)
            number += 1
    return number


def _forget_surname(model: type[Model], columns: Columns, person: Person) -> int:
    """Erases the surname alone from the model's ``labels`` columns; returns how many rows changed."""
    if not columns.labels or not person.surnames:
        return 0
    number = 0
    texts = {f"text_{name}": Cast(name, TextField()) for name in columns.labels}
    likely = Q()
    for text in texts:
        for surname in person.surnames:
            likely |= Q(**{f"{text}__icontains": max(ASCII_RUN.findall(surname), key=len, default="")})
    for row in model._base_manager.order_by().alias(**texts).filter(likely):
        if any(person.surname_pattern.search(_value(row, name)) for name in columns.labels if name in columns.rows):
            row.delete()
            number += 1
            continue
        before = {name: _value(row, name) for name in columns.labels}
        values = {name: after for name, value in before.items() if (after := person.forget_surname_in(value)) != value}
        if values:
            update(type(row)._base_manager.filter(pk=row.pk), **values)
            _index(type(row), row.pk)
            number += 1
    return number


def _forgotten(row: Any, columns: Columns, person: Person) -> dict[str, Any]:
    """Returns the new values of the row's columns that name the person."""
    values: dict[str, Any] = {}
    for group in columns.contacts:
        if any(person.is_named_in(_value(row, name)) for name in group):
            values |= {name: _empty(row, name) for name in group}
            values |= {flag: False for name in group if hasattr(row, flag := f"{name}_public")}
    for name in columns.mentions:
        before = _value(row, name)
        after = person.forget_in(before)
        if after != before:
            values[name] = _written(row, name, after)
    return values


def _empty(row: Any, name: str) -> str:
    return "" if row._meta.get_field(name).blank else ERASED


def _written(row: Any, name: str, value: Any) -> Any:
    if isinstance(getattr(row, name), StreamValue):
        return row._meta.get_field(name).to_python(json.dumps(value))
    return value if value != "" else _empty(row, name)


def _index(model: type[Model], pk: Any) -> None:
    if issubclass(model, index.Indexed):
        index.insert_or_update_object(model._base_manager.get(pk=pk))


def _forget_sessions(person: Person) -> None:
    """Deletes the sessions that name the person (previews, half-filled forms); their data are encoded, so all are decoded."""
    for session in Session.objects.iterator():
        if person.is_in({key: str(value) for key, value in session.get_decoded().items()}):
            session.delete()
