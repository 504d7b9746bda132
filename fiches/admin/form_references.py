"""Refuses, in every form of the admin, pictures, documents and pages that the user may not choose.

The data of a form may hold any primary key: saving it would give access to that object through the page, and showing the form
again would reveal its title. Objects that the page already refers to are accepted.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import wraps
from itertools import takewhile
from json import JSONDecodeError
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import BaseForm, ModelChoiceField
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.rich_text.editors.draftail import DraftailRichTextArea
from wagtail.blocks.base import BlockField
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents import get_document_model
from wagtail.documents.models import AbstractDocument
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage
from wagtail.models import Page
from wagtail.permissions import policy_registry

from fiches.media.access import references_in
from fiches.moderation import readable_titles

# Revisions of a page in which references are searched, at most.
MOST_REVISIONS = 100
REFUSED = {
    AbstractImage: _("You don’t have access to this picture. Choose another one."),
    AbstractDocument: _("You don’t have access to this document. Choose another one."),
    Page: _("You don’t have access to this page. Choose another one."),
}

# The types of entities in Draftail's content.
ENTITIES = {"IMAGE": AbstractImage, "DOCUMENT": AbstractDocument, "LINK": Page}
INTEGER = re.compile(r"\d{1,18}")


class FormReference(NamedTuple):
    """A reference to an object in the data of a form. ``key`` is the name of the input that holds it, ``path`` the enclosing
    blocks as ``(error class, index or name)``."""

    model: type[Model]
    pk: int
    key: str
    path: tuple[tuple[type[ValidationError], Any], ...] = ()


def clean_references(full_clean: Callable) -> Callable:
    """Override of ``WagtailAdminModelForm.full_clean``, the common base of the forms of pages, snippets and child tables: removes
    refused references from the data, so that the form shown again is empty there, and adds the errors."""

    @wraps(full_clean)
    def clean(form: WagtailAdminModelForm) -> None:
        refused = _refuse(form) if form.is_bound and form.for_user else []
        full_clean(form)
        _add_errors(refused)

    return clean


def _refuse(form: WagtailAdminModelForm) -> list[tuple[BaseForm, str, FormReference]]:
    named = list(_named_in(form))
    foreign = _foreign(form.for_user, form.instance, {(each.model, each.pk) for _form, _name, each in named})
    refused = [entry for entry in named if (entry[2].model, entry[2].pk) in foreign]
    for one, _name, each in refused:
        one.data = one.data.copy()
        one.data[each.key] = _emptied(one.data[each.key], each)
    return refused


def _add_errors(refused: list[tuple[BaseForm, str, FormReference]]) -> None:
    first = {}
    for form, name, each in refused:
        first.setdefault((form, name), each)
    for (form, name), each in first.items():
        form.errors.pop(name, None)  # "required", because the value was removed
        form.add_error(name, _error(each))


def _error(named: FormReference) -> ValidationError:
    error: ValidationError = ValidationError(REFUSED[_kind(named.model)], code="not_yours")
    for wrapper, place in reversed(named.path):
        error = wrapper(block_errors={place: error})
    return error


def _kind(model: type[Model]) -> type[Model] | None:
    return next((kind for kind in REFUSED if issubclass(model, kind)), None)


def _foreign(user: Any, instance: Model, things: set[tuple[type[Model], int]]) -> set[tuple[type[Model], int]]:
    """The ``(model, pk)`` among ``things`` that exist, that the user may not choose, and that ``instance`` never referred to."""
    foreign = set()
    for model in {model for model, _pk in things}:
        pks = {pk for other, pk in things if other is model}
        present = set(model._default_manager.filter(pk__in=pks).values_list("pk", flat=True))
        foreign |= {(model, pk) for pk in present - _choosable(user, model, present)}
    return {(model, pk) for model, pk in foreign if (model, pk) not in _shown(instance)} if foreign else set()


def _choosable(user: Any, model: type[Model], pks: set[int]) -> set[int]:
    if issubclass(model, Page):
        return pks - readable_titles.unreadable_pages(user, pks)
    policy = policy_registry.get_by_type(model)
    choosable = policy.instances_user_has_any_permission_for(user, {"choose"})
    return set(choosable.filter(pk__in=pks).values_list("pk", flat=True))


def _shown(instance: Model) -> set[tuple[type[Model], int]]:
    """The ``(model, pk)`` that ``instance`` refers to, now or in one of its revisions."""
    if instance.pk is None:
        return set()
    versions = [instance]
    if hasattr(instance, "revisions"):
        versions += [revision.as_object() for revision in instance.revisions.order_by("-pk")[:MOST_REVISIONS]]
    references = {reference for each in versions for reference in references_in(each)}
    models = {ContentType.objects.get_for_model(model).pk: model for model in map(_base, REFUSED)}
    return {(models[kind], int(pk)) for kind, pk in references if kind in models and pk.isdecimal()}


def _base(kind: type[Model]) -> type[Model]:
    """The concrete model for a kind of :data:`REFUSED`."""
    return {AbstractImage: get_image_model, AbstractDocument: get_document_model}.get(kind, lambda: Page)()


def _named_in(form: BaseForm) -> Iterator[tuple[BaseForm, str, FormReference]]:
    """Yields ``(form, field name, reference)`` for the references in a form and its child forms."""
    for name, field in form.fields.items():
        if not field.disabled:
            yield from ((form, name, each) for each in _in_field(field, form.data, form.add_prefix(name)))
    for formset in getattr(form, "formsets", {}).values():
        if formset.management_form.is_valid():
            for child in formset.forms:
                yield from _named_in(child)


def _in_field(field: Any, data: Any, key: str) -> Iterator[FormReference]:
    if isinstance(field, BlockField):
        if not field.widget.value_omitted_from_data(data, {}, key):
            yield from _in_block(field.block, data, key, ())
    elif isinstance(field, ModelChoiceField):
        yield from _number(field.queryset.model, data.get(key), key, ())
    elif isinstance(field.widget, DraftailRichTextArea):
        yield from _in_rich_text(data.get(key), key, ())


def _in_block(block: Any, data: Any, key: str, path: tuple) -> Iterator[FormReference]:
    """Yields the references in the data of a block, read under the input names of each block type."""
    if isinstance(block, blocks.BaseStreamBlock):
        for place, child in enumerate(_children(data, key)):
            if kind := block.child_blocks.get(data.get(f"{child}-type")):
                yield from _in_block(kind, data, f"{child}-value", (*path, (StreamBlockValidationError, place)))
    elif isinstance(block, blocks.ListBlock):
        for place, child in enumerate(_children(data, key)):
            around = (*path, (ListBlockValidationError, place))
            yield from _in_block(block.child_block, data, f"{child}-value", around)
    elif isinstance(block, blocks.BaseStructBlock):
        for name, child in block.child_blocks.items():
            yield from _in_block(child, data, f"{key}-{name}", (*path, (StructBlockValidationError, name)))
    elif isinstance(block, blocks.ChooserBlock):
        yield from _number(block.model_class, data.get(key), key, path)
    elif isinstance(block, blocks.RichTextBlock):
        yield from _in_rich_text(data.get(key), key, path)


def _children(data: Any, key: str) -> list[str]:
    """The form prefixes of a StreamField's or ListBlock's children, in their stored order, without the deleted ones.

    Empty when ``data`` has no valid count: Wagtail's own form then refuses it.
    """
    numbers = takewhile(lambda number: f"{key}-{number}-deleted" in data, range(_pk(data.get(f"{key}-count")) or 0))
    names = [f"{key}-{number}" for number in numbers]
    there = [name for name in names if not data.get(f"{name}-deleted")]
    return sorted(there, key=lambda name: _pk(data.get(f"{name}-order")) or 0)


def _number(model: type[Model], value: Any, key: str, path: tuple) -> Iterator[FormReference]:
    kind = _kind(model)
    if kind and (pk := _pk(value)) is not None:
        yield FormReference(_base(kind), pk, key, path)


def _pk(value: Any) -> int | None:
    """The primary key in a value of the data: a text or an object. None for anything else."""
    text = str(getattr(value, "pk", value)).strip()
    return int(text) if INTEGER.fullmatch(text) else None


def _in_rich_text(value: Any, key: str, path: tuple) -> Iterator[FormReference]:
    entities = _content(value).get("entityMap")
    for entity in entities.values() if isinstance(entities, dict) else ():
        yield from _in_entity(entity, key, path)


def _in_entity(entity: Any, key: str, path: tuple) -> Iterator[FormReference]:
    if not isinstance(entity, dict) or not isinstance(entity.get("data"), dict):
        return
    if model := ENTITIES.get(str(entity.get("type"))):
        yield from _number(model, entity["data"].get("id"), key, path)


def _content(value: Any) -> dict[str, Any]:
    """The decoded content of Draftail; ``{}`` for invalid data, which Wagtail refuses."""
    with suppress(JSONDecodeError, TypeError):
        content = json.loads(value)
        return content if isinstance(content, dict) else {}
    return {}


def _emptied(value: Any, named: FormReference) -> str:
    """The value without the reference: ``""`` for a primary key, the content without its links to the object for a rich text."""
    if _pk(value) is not None:
        return ""
    content = _content(value)
    gone = {
        int(place)
        for place, entity in content["entityMap"].items()
        if any(each[:2] == named[:2] for each in _in_entity(entity, named.key, named.path))
    }
    for block in content["blocks"]:
        block["entityRanges"] = [each for each in block.get("entityRanges", ()) if each["key"] not in gone]
    return json.dumps(content)
