"""Searches a person's data in every declared column, exports them and erases them."""

import json
import logging
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import FileField, JSONField, Model, SlugField, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext
from taggit.models import ItemBase
from wagtail.blocks import StreamValue
from wagtail.documents import get_document_model
from wagtail.models import Page, Revision
from wagtail.search import index

from fiches.models import Courriel
from fiches.models.bulk import update
from fiches.models.search_tables import TexteDeDocument
from fiches.upkeep.erasure_log import NAME, PERSON, address_fingerprint, note_erasure
from fiches.upkeep.personal_data.identification import CHUNK, find_person, own_rows
from fiches.upkeep.personal_data.person import Person, plain_name
from fiches.upkeep.personal_data.places import Place, place_of
from fiches.upkeep.personal_data.reading import WHOLE_ERASED
from fiches.upkeep.personal_data.registry import AFTER, COLUMNS, FILES, OWNED, Columns

logger = logging.getLogger(__name__)


class Mention(NamedTuple):
    """A column of a row that names the person.

    by_hand: staff must look at it, since it can't be erased automatically.
    names: the names of :attr:`Person.learnt` without which it would not be found; empty if something else names the person there.
    row: the row that staff open: the page, for one of its versions; the document, for its text.
    homonym: the row is about somebody of the same name, or may be.
    """

    model: str
    row: Model
    column: str
    excerpt: str
    by_hand: bool
    names: tuple[str, ...] = ()
    homonym: bool = False

    @property
    def pk(self) -> Any:
        return self.row.pk


def mentions_of(person: Person, *, learnt: bool = False, files: bool = True) -> Iterator[Mention]:
    """Where else than in their own rows the person is named; to be looked at by hand, where a surname stands with an initial.

    ``learnt``: those that only a name of :attr:`Person.learnt` finds come too, and say so in ``names``.
    ``files``: the texts of private files are read too, which takes time.
    """
    namesakes = {name: person.with_details([name]) for name in person.learnt} if learnt else {}
    is_a_homonym_s = _rows_of_homonyms(person)
    for model, columns in COLUMNS.items():
        for mention, row in _mentions_in(model, columns, person, namesakes):
            homonym = is_a_homonym_s(row, columns)
            yield mention._replace(by_hand=mention.by_hand or homonym, homonym=homonym)
    for read in FILES if files else ():
        for row, name, text in read():
            if text is None:
                yield _mention(row, name, gettext("This file could not be read in time: open it."), by_hand=True)
            elif person.is_in(text) or person.may_be_meant_in(text):
                yield _mention(row, name, person.excerpt(text), by_hand=True)
            elif named := {
                each: who for each, who in namesakes.items() if who.is_in(text) or who.may_be_meant_in(text)
            }:
                excerpt = next(iter(named.values())).excerpt(text)
                yield _mention(row, name, excerpt, by_hand=True, names=tuple(named))


def _mentions_in(
    model: type[Model], columns: Columns, person: Person, namesakes: dict[str, Person]
) -> Iterator[tuple[Mention, Model]]:
    """The mentions, each with the row of the table."""

    def concerns(who: Person, name: str, value: Any) -> bool:
        named = _names_person(columns, who, name, value) or who.may_be_meant_in(value)
        return named or (bool(columns.by_hand) and who.has_address_start_in(value))  # what stands beside a file

    anybody = person.with_details(namesakes)
    for row in _rows_of(model, columns.searched, lambda name, value: concerns(anybody, name, value)):
        theirs = _with_learnt_names(row, columns, person)
        for name in columns.searched:
            value = _searched_value(row, name)
            who = theirs
            names: tuple[str, ...] = ()
            if not (concerns(theirs, name, value) or (value and _is_in_their_contact(row, columns, theirs, name))):
                names = tuple(each for each, namesake in namesakes.items() if concerns(namesake, name, value))
                if not names:
                    continue
                who = namesakes[names[0]]
            left = _is_left_to_staff(row, columns, who, name)
            yield _mention(row, name, who.excerpt(value) or str(value), by_hand=left, names=names), row


def _rows_of_homonyms(person: Person) -> Callable[[Model, Columns], bool]:
    """Returns the function that says whether a row bears the address of a homonym or belongs to one, and has no address or phone
    of the person: a name alone erases nothing there."""
    owned = {(type(row), row.pk) for each in OWNED for address in person.homonyms for row in each.find(address)}

    def is_a_homonym_s(row: Model, columns: Columns) -> bool:
        values = [_searched_value(row, name) for name in columns.searched]
        if (type(row), row.pk) in owned:
            return not any(map(person.without_names.is_in, values))
        return person.is_about_a_homonym(values)

    return is_a_homonym_s


def _with_learnt_names(row: Model, columns: Columns, person: Person) -> Person:
    """The person, with the names of :attr:`Person.learnt` if the row carries the address or a phone: it is about them."""
    carries = any(person.without_names.is_in(_searched_value(row, name)) for name in columns.searched)
    return person.with_learnt if carries else person


def _is_left_to_staff(row: Model, columns: Columns, person: Person, name: str) -> bool:
    if columns.by_hand or name in columns.slugs or _is_another_s(row, columns, person, name):
        return True
    return not (
        _names_person(columns, person, name, _searched_value(row, name))
        or _is_in_their_contact(row, columns, person, name)
    )


def _is_in_their_contact(row: Model, columns: Columns, person: Person, name: str) -> bool:
    """Whether a column belongs to the person's contact: it is emptied with it."""
    return person.has_contact(*_contact_of(row, columns, name))


def _is_another_s(row: Model, columns: Columns, person: Person, name: str) -> bool:
    """Whether a column belongs to the contact of a homonym, whose address stands beside the name."""
    return person.is_another(*_contact_of(row, columns, name))


def _contact_of(row: Model, columns: Columns, name: str) -> tuple[str, str]:
    """The name and the address of the contact that a column belongs to; ``""`` for what it doesn't give."""
    group = next((group for group in columns.contacts if name in group), ())
    nom, courriel = (
        next((_searched_value(row, each) for each in group if each.endswith(end)), "") for end in ("nom", "courriel")
    )
    return nom, courriel


def _mention(row: Any, name: str, excerpt: str, *, by_hand: bool, names: tuple[str, ...] = ()) -> Mention:
    called, column = _names_of(type(row)), column_name(type(row), name)
    kind = called.get("model_")
    if isinstance(row, Revision):  # staff open the page, not one of its versions
        column = f"{column} ({kind})"
        row, kind = (row.content_object, None) if row.content_object else (row, kind)
    elif isinstance(row, TexteDeDocument):  # staff open the document, whose text this is
        kind = row._meta.verbose_name
        row = get_document_model()._default_manager.filter(pk=row.document).first() or row
    model = row.specific_class if isinstance(row, Page) else None
    return Mention(str(kind or (model or row)._meta.verbose_name), row, column, excerpt, by_hand, names)


def column_name(model: type[Model], name: str) -> str:
    """Returns what staff read as the name of a column."""
    return str(_names_of(model).get(name) or getattr(model._meta.get_field(name), "verbose_name", name))


def _names_of(model: type[Model]) -> dict[str, Any]:
    """The names that staff read of a model and its columns, those of its parents included."""
    names: dict[str, Any] = {}
    for each in reversed(model.mro()):
        names |= COLUMNS[each].names if each in COLUMNS else {}
    return names


def own_data(person: Person) -> dict[str, list[Any]]:
    """Returns ``{label: [data of each row]}`` of the person's own rows, as JSON can hold it."""
    return {str(each.label): [each.export(row) for row in own_rows(each, person)] for each in OWNED}


def held_rows(person: Person) -> list[tuple[str, int, list[str]]]:
    """Returns ``[(label, number, addresses)]`` of the person's own rows: how many, and the admin's pages where they are read."""
    rows_by_label = [(str(each.label), each, own_rows(each, person)) for each in OWNED]
    return [
        (label, len(rows), list(filter(None, map(each.address, rows)))) for label, each, rows in rows_by_label if rows
    ]


def export_data(person: Person) -> dict[str, list[Any]]:
    """Returns :func:`own_data`, and under ``mentions`` the mentions of the person elsewhere, but for the rows of homonyms."""
    own_mentions = (mention for mention in mentions_of(person) if not mention.homonym)
    mentions = [{"quoi": m.model, "rubrique": m.column, "extrait": m.excerpt} for m in own_mentions]
    return {**own_data(person), "mentions": mentions}


class Erasure(NamedTuple):
    """What an erasure did, as two ``{label: number of rows}``. Attributes: deleted; emptied (rows that stay without the name)."""

    deleted: dict[str, int]
    emptied: dict[str, int]

    def in_words(self) -> list[tuple[str, dict[str, int]]]:
        """The two with their titles, for the receipt."""
        return [(gettext("What was deleted"), self.deleted), (gettext("Left in place, without the name"), self.emptied)]


@transaction.atomic
def erase(person: Person) -> Erasure:
    """Erases the person everywhere."""
    for address in person.own_addresses:
        note_erasure(PERSON, address_fingerprint(address))
        for name in sorted(person.names):
            note_erasure(NAME, fingerprint_of_name(address, name))
    deleted: dict[str, int] = {}
    emptied: dict[str, int] = {}
    mails = Courriel.objects.order_by().values_list("pk", flat=True)
    before = set(mails)
    for each in OWNED:
        rows = [(row, row.pk) for row in own_rows(each, person)]
        for row, _pk in rows:
            each.erase(row)
        left = sum(type(row)._base_manager.filter(pk=pk).exists() for row, pk in rows)
        deleted[str(each.label)], emptied[str(each.label)] = len(rows) - left, left
    is_a_homonym_s = _rows_of_homonyms(person)
    named = [_forget(model, columns, person, is_a_homonym_s) for model, columns in COLUMNS.items()]
    deleted[gettext("records that named the person")] = sum(number for number, _emptied in named)
    emptied["mentions"] = sum(number for _deleted, number in named)
    deleted[gettext("mails")] = len(
        before.difference(mails.all())
    )  # most of them went with the record that they were about
    _forget_sessions(person)
    for after in AFTER:
        after(person)
    return Erasure(*({label: number for label, number in each.items() if number} for each in (deleted, emptied)))


def erase_and_list(person: Person, reader: AbstractUser | None = None) -> tuple[list[Place], Erasure]:
    """Erases the person. Returns the rows that staff must look at by hand (rows that need it, and those that still name the
    person), and what :func:`erase` returns. A row that was deleted is not listed, nor is a title that names the person.

    :param reader: who will open the addresses.
    """
    before = {(type(m.row), m.pk): m.model for m in mentions_of(person, files=False) if m.by_hand}
    erased = erase(person)
    left = before | {(type(m.row), m.pk): m.model for m in mentions_of(person)}
    rows = ((model._base_manager.filter(pk=pk).first(), kind) for (model, pk), kind in left.items())
    places = (_without_name(place_of(row, kind, reader), person.with_learnt) for row, kind in rows if row)
    return sorted(places, key=str), erased


def _without_name(place: Place, person: Person) -> Place:
    """Returns the place, with an empty title if its title names the person, since people keep the receipt."""
    named = person.is_in(place.title) or person.may_be_meant_in(place.title) or person.has_surname_in(place.title)
    return place._replace(title="") if named else place


def erase_person(courriel: str, nom: str = "", **agreed: Any) -> Erasure:
    """Erases the person of an address or a full name: see :func:`find_person` and :func:`erase`."""
    return erase(find_person(courriel, nom, **agreed))


def fingerprint_of_name(courriel: str, name: str) -> str:
    """Returns the keyed hash of a name that was erased with an address."""
    return address_fingerprint(f"{courriel} {plain_name(name)}")


def erase_again(courriel: str, is_noted: Callable[[str], bool]) -> Erasure:
    """Erases the person of an address after a restore, with the names that stand beside it again and whose fingerprint is noted."""
    return erase_person(courriel, agreed=lambda name: is_noted(fingerprint_of_name(courriel, name)))


def _names_person(columns: Columns, person: Person, name: str, value: Any) -> bool:
    """Whether a column names the person: by the surname alone in a label."""
    if person.is_in(value):
        return True
    return name in columns.labels and (person.has_surname_in if name in columns.any_case else person.loses_surname_in)(
        value
    )


def _rows_of(model: type[Model], names: list[str], is_match: Callable[[str, Any], bool]) -> list[Any]:
    """The rows of which one of these columns matches. Every text is read, since tags and spellings cut a name anywhere."""
    if not names:
        return []
    texts = {f"text_{name}": Cast(name, TextField()) for name in names}
    values = model._base_manager.order_by().annotate(**texts).values_list("pk", *texts).iterator(chunk_size=CHUNK)
    columns = [(name, _reader(model, name)) for name in names]
    pks = [
        pk
        for pk, *texts_of_row in values
        if any(is_match(name, read(text)) for (name, read), text in zip(columns, texts_of_row, strict=True))
    ]
    return list(model._base_manager.in_bulk(pks).values())


def _reader(model: type[Model], name: str) -> Callable[[str | None], Any]:
    """What makes the text of a column that of a person: a path is spoken, a JSON string has its accents again (SQLite
    stores « é » as ``\\u00e9``)."""
    if _is_path(model, name):
        return _spoken
    if isinstance(model._meta.get_field(name), JSONField):
        return lambda text: json.loads(text) if text and text.startswith('"') else text
    return lambda text: text


def _is_path(model: type[Model], name: str) -> bool:
    return isinstance(model._meta.get_field(name), FileField | SlugField)


def _spoken(path: str | None) -> str:
    """The name of a file or the slug of a page, as it is written and with spaces between its words."""
    return f"{path}\n\n{re.sub(r'[-_./+]+', ' ', path)}" if path else ""


def _searched_value(row: Any, name: str) -> Any:
    value = getattr(row, name)
    if isinstance(value, StreamValue):
        return value.get_prep_value()
    if isinstance(value, list | dict):
        return value
    return _spoken(str(value or "")) if _is_path(type(row), name) else str(value or "")


def _forget(
    model: type[Model], columns: Columns, person: Person, is_a_homonym_s: Callable[[Model, Columns], bool]
) -> tuple[int, int]:
    """Returns the numbers of rows deleted and of rows emptied. Those that are a homonym's stay as they are."""
    deleted = emptied = 0
    forgets = [name for name in columns.searched if name not in (*columns.by_hand, *columns.slugs)]
    for row in _rows_of(model, forgets, lambda name, value: _names_person(columns, person, name, value)):
        if is_a_homonym_s(row, columns):
            continue
        if any(_names_person(columns, person, name, _searched_value(row, name)) for name in columns.rows):
            _delete(row)
            deleted += 1
        elif values := _forgotten(row, columns, _with_learnt_names(row, columns, person)):
            kind = row.specific_class if isinstance(row, Page) else type(row)
            update(kind._base_manager.filter(pk=row.pk), **values)
            emptied += 1
    return deleted, emptied


def _delete(row: Any) -> None:
    """Deletes a row; the objects that had it as a tag are indexed again."""
    items = [
        relation.related_model for relation in row._meta.related_objects if issubclass(relation.related_model, ItemBase)
    ]
    bore = [item.content_object for model in items for item in model._base_manager.filter(tag=row)]
    row.delete()
    for each in bore:
        if each is not None:
            _index(type(each), each.pk)


def _forgotten(row: Any, columns: Columns, person: Person) -> dict[str, Any]:
    """Returns the new values of the row's columns that name the person."""
    values: dict[str, Any] = {}
    for group in columns.contacts:
        if _is_in_their_contact(row, columns, person, group[0]):
            values |= {name: _empty(row, name) for name in group}
            values |= {flag: False for name in group if hasattr(row, flag := f"{name}_public")}
        elif not _is_another_s(row, columns, person, group[0]):
            named = {name: value for name in group if person.is_named_in(value := _searched_value(row, name))}
            values |= {name: _written(row, name, person.forget_in(value)) for name, value in named.items()}
    for name in columns.mentions:
        before = _searched_value(row, name)
        after = person.forget_in(before)
        if name in columns.labels:
            after = person.forget_surname_in(after)
        if after != before:
            values[name] = _written(row, name, after)
    return values


def _empty(row: Any, name: str) -> str:
    return "" if row._meta.get_field(name).blank else WHOLE_ERASED


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
        values = {key: str(value) for key, value in session.get_decoded().items()}
        if person.is_in(values) and not person.is_about_a_homonym([values]):
            session.delete()
