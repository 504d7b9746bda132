"""Erases a person from every row that bears their address or a phone, and from the rows that staff say are about them."""

import json
from typing import Any

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext
from taggit.models import ItemBase
from wagtail.blocks import StreamValue
from wagtail.models import Page, Revision
from wagtail.search import index

from fiches.models.bulk import update
from fiches.upkeep.erasure_log import MENTION, PERSON, address_fingerprint, note_erasure
from fiches.upkeep.personal_data.person import WHOLE_ERASED, Person
from fiches.upkeep.personal_data.registry import AFTER, COLUMNS, OWNED, Columns
from fiches.upkeep.personal_data.search import find_person, rows_naming, value_of, values_without


@transaction.atomic
def erase(person: Person) -> dict[str, int]:
    """Erases the person's own rows, and the person from each row that bears their address or a phone.

    :returns: ``{label: number of rows}``, without those that are 0.
    """
    note_erasure(PERSON, address_fingerprint(person.courriel))
    about = [
        named for named in rows_naming(person) if named.is_theirs
    ]  # before a contact that goes hides whose row it is
    erased = {}
    for each in OWNED:
        rows = list(each.find(person.courriel))
        for row in rows:
            each.erase(row)
        erased[str(each.label)] = len(rows)
    erased[gettext("other texts")] = sum(_forget_in(person, named.row, named.columns) for named in about)
    for session in Session.objects.iterator():  # previews, half-filled forms: they are encoded
        if person.without_names.is_in({key: str(value) for key, value in session.get_decoded().items()}):
            session.delete()
    for after in AFTER:
        after(person)
    return {label: number for label, number in erased.items() if number}


def erase_again(courriel: str, *, rows: list[str], whole: bool) -> None:
    """After a restore: replaces the names that stand beside an address in the rows where staff had it done (see :func:`key_of`), and
    erases the person if that was done too."""
    person = find_person(courriel)
    if whole:
        erase(person)
    replace_in(person, *rows)


def key_of(row: Model) -> str:
    """Returns ``app.model:key`` of a row, the specific one of a page."""
    model = row.specific_class or Page if isinstance(row, Page) else type(row)
    return f"{model._meta.label_lower}:{row.pk}"


@transaction.atomic
def replace_in(person: Person, *keys: str) -> bool:
    """Takes the person from rows and, for a page, from each of its versions: staff say that it is the person. Returns whether
    something was replaced in each row.

    :param keys: see :func:`key_of`.
    """
    replaced = [_replace_in_one(person, key) for key in keys]
    for after in AFTER if any(replaced) else ():
        after(person)
    return all(replaced)


def _replace_in_one(person: Person, key: str) -> bool:
    label, _colon, pk = key.rpartition(":")
    row = apps.get_model(label)._base_manager.filter(pk=pk).first()
    rows = [*(Revision.objects.for_instance(row) if isinstance(row, Page) else ()), *([row] if row else [])]
    known = [(each, model) for each in rows for model in type(each).mro() if model in COLUMNS]
    done = [_forget_in(person, each, COLUMNS[model]) for each, model in known]
    if person.courriel and any(done):
        note_erasure(MENTION, f"{address_fingerprint(person.courriel)} {key}")
    return any(done)


def _forget_in(person: Person, row: Any, columns: Columns) -> bool:
    """Takes the person from a row as it is now, or deletes the row; returns whether anything changed."""
    row = type(row)._base_manager.filter(pk=row.pk).first()
    if row is None:
        return False
    if any(person.is_in(value_of(row, name)) for name in columns.rows):
        _delete(row)
        return True
    values = {name: _written(row, name, value) for name, value in values_without(person, row, columns).items()}
    if values:
        kind = row.specific_class if isinstance(row, Page) else type(row)
        update(kind._base_manager.filter(pk=row.pk), **values)
    return bool(values)


def _written(row: Any, name: str, value: Any) -> Any:
    if isinstance(getattr(row, name), StreamValue):
        return row._meta.get_field(name).to_python(json.dumps(value))
    return WHOLE_ERASED if value == "" and not row._meta.get_field(name).blank else value


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
