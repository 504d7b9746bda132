"""Refuses, in every form of the admin and of API v3, a picture, a document or a page that its user may not choose.

A form that is sent may hold any number: saved, it would open that medium to whoever may change the page; shown again, it
would tell its title. What the page showed already stays.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import wraps
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
from wagtail.models import Page, ReferenceIndex
from wagtail.permissions import policy_registry

from fiches.moderation import seen_pages

# Revisions of a page that are read to know whether it showed something already.
MOST_REVISIONS = 100
REFUSED = {
    AbstractImage: _("You don’t have access to this picture. Choose another one."),
    AbstractDocument: _("You don’t have access to this document. Choose another one."),
    Page: _("You don’t have access to this page. Choose another one."),
}


# What the editor calls the links and pictures of a rich text.
ENTITIES = {"IMAGE": AbstractImage, "DOCUMENT": AbstractDocument, "LINK": Page}
INTEGER = re.compile(r"\d{1,18}")


class Named(NamedTuple):
    """A thing that a form names: ``key`` is where the number stands in the data, ``path`` the blocks around it."""

    model: type[Model]
    pk: int
    key: str
    path: tuple[tuple[type[ValidationError], Any], ...] = ()


def clean_what_is_named(full_clean: Callable) -> Callable:
    """Takes the refused numbers out of the data, so that the form shown again is empty there, and adds the errors. Pages,
    records and inline forms all have ``WagtailAdminModelForm`` as parent."""

    @wraps(full_clean)
    def clean(form: WagtailAdminModelForm) -> None:
        refused = _refuse(form) if form.is_bound and form.for_user else []
        full_clean(form)
        _add_errors(refused)

    return clean


def _refuse(form: WagtailAdminModelForm) -> list[tuple[BaseForm, str, Named]]:
    named = list(_named_in(form))
    foreign = _foreign(form.for_user, form.instance, {(each.model, each.pk) for _form, _name, each in named})
    refused = [entry for entry in named if (entry[2].model, entry[2].pk) in foreign]
    for one, _name, each in refused:
        one.data = one.data.copy()
        one.data[each.key] = _emptied(one.data[each.key], each)
    return refused


def _add_errors(refused: list[tuple[BaseForm, str, Named]]) -> None:
    first = {}
    for form, name, each in refused:
        first.setdefault((form, name), each)
    for (form, name), each in first.items():
        form.errors.pop(name, None)  # "required", of what was just taken out
        form.add_error(name, _error(each))


def _error(named: Named) -> ValidationError:
    error: ValidationError = ValidationError(REFUSED[_kind(named.model)], code="not_yours")
    for wrapper, place in reversed(named.path):
        error = wrapper(block_errors={place: error})
    return error


def _kind(model: type[Model]) -> type[Model] | None:
    return next((kind for kind in REFUSED if issubclass(model, kind)), None)


def _foreign(user: Any, instance: Model, things: set[tuple[type[Model], int]]) -> set[tuple[type[Model], int]]:
    """Those of ``things`` that exist, that the user may not choose, and that ``instance`` never showed."""
    foreign = set()
    for model in {model for model, _pk in things}:
        pks = {pk for other, pk in things if other is model}
        present = set(model._default_manager.filter(pk__in=pks).values_list("pk", flat=True))
        foreign |= {(model, pk) for pk in present - _choosable(user, model, present)}
    return {(model, pk) for model, pk in foreign if (model, pk) not in _shown(instance)} if foreign else set()


def _choosable(user: Any, model: type[Model], pks: set[int]) -> set[int]:
    if issubclass(model, Page):
        return pks - seen_pages.unseen(user, pks)
    policy = policy_registry.get_by_type(model)
    found = policy.instances_user_has_any_permission_for(user, {"choose"})
    return set(found.filter(pk__in=pks).values_list("pk", flat=True))


def _shown(instance: Model) -> set[tuple[type[Model], int]]:
    """What it refers to, now or in one of its revisions."""
    if instance.pk is None:
        return set()
    versions = [instance]
    if hasattr(instance, "revisions"):
        versions += [revision.as_object() for revision in instance.revisions.order_by("-pk")[:MOST_REVISIONS]]
    references = {found[:2] for each in versions for found in ReferenceIndex._extract_references_from_object(each)}
    models = {ContentType.objects.get_for_model(model).pk: model for model in map(_base, REFUSED)}
    return {(models[kind], int(pk)) for kind, pk in references if kind in models and str(pk).isdecimal()}


def _base(kind: type[Model]) -> type[Model]:
    """The model whose keys those of this kind have."""
    return {AbstractImage: get_image_model, AbstractDocument: get_document_model}.get(kind, lambda: Page)()


def _named_in(form: BaseForm) -> Iterator[tuple[BaseForm, str, Named]]:
    """What the data of a form and of its inline forms name, each with its form and its field."""
    for name, field in form.fields.items():
        if not field.disabled:
            yield from ((form, name, each) for each in _in_field(field, form.data, form.add_prefix(name)))
    for formset in getattr(form, "formsets", {}).values():
        if formset.management_form.is_valid():
            for child in formset.forms:
                yield from _named_in(child)


def _in_field(field: Any, data: Any, key: str) -> Iterator[Named]:
    if isinstance(field, BlockField):
        if not field.widget.value_omitted_from_data(data, {}, key):
            yield from _in_block(field.block, data, key, ())
    elif isinstance(field, ModelChoiceField):
        yield from _number(field.queryset.model, data.get(key), key, ())
    elif isinstance(field.widget, DraftailRichTextArea):
        yield from _in_rich_text(data.get(key), key, ())


def _in_block(block: Any, data: Any, key: str, path: tuple) -> Iterator[Named]:
    """Reads the data under the names that each kind of block gives to its children."""
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
    names = [f"{key}-{number}" for number in range(_pk(data.get(f"{key}-count")) or 0)]
    there = [name for name in names if not data.get(f"{name}-deleted")]
    return sorted(there, key=lambda name: _pk(data.get(f"{name}-order")) or 0)


def _number(model: type[Model], value: Any, key: str, path: tuple) -> Iterator[Named]:
    kind = _kind(model)
    if kind and (pk := _pk(value)) is not None:
        yield Named(_base(kind), pk, key, path)


def _pk(value: Any) -> int | None:
    """The key that a form or API v3, which puts the thing itself in its data, names; None for anything else."""
    text = str(getattr(value, "pk", value)).strip()
    return int(text) if INTEGER.fullmatch(text) else None


def _in_rich_text(value: Any, key: str, path: tuple) -> Iterator[Named]:
    entities = _content(value).get("entityMap")
    for entity in entities.values() if isinstance(entities, dict) else ():
        yield from _in_entity(entity, key, path)


def _in_entity(entity: Any, key: str, path: tuple) -> Iterator[Named]:
    if not isinstance(entity, dict) or not isinstance(entity.get("data"), dict):
        return
    if model := ENTITIES.get(str(entity.get("type"))):
        yield from _number(model, entity["data"].get("id"), key, path)


def _content(value: Any) -> dict[str, Any]:
    """A rich text as the editor sends it; empty where it sent none, or something that Wagtail refuses."""
    with suppress(JSONDecodeError, TypeError):
        content = json.loads(value)
        return content if isinstance(content, dict) else {}
    return {}


def _emptied(value: Any, named: Named) -> str:
    """Nothing, for a number; the rich text without its links to the thing, for a rich text."""
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
