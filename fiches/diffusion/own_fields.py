"""The fields that a host's models add to the fiche (`fiches.models.fiche`), in the API's contents and in the open data."""

import json
from collections.abc import Iterable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from wagtail.fields import RichTextField, StreamField

from fiches.diffusion.body_content import as_html_request, rich_text
from fiches.models import FichePage
from fiches.models.fiche import derived_models, own_fields, own_names

# Types of JSON Schema, by class of column; the first that fits. Others are texts.
_TYPES = (
    (models.BooleanField, "boolean"),
    (models.IntegerField, "integer"),
    (models.ForeignKey, "integer"),
    (models.FloatField, "number"),
)


def own_values(pks: Iterable[int]) -> dict[int, dict[str, Any]]:
    """``{pk: {name: value}}`` of the fiches among ``pks`` whose model adds fields. One query for each such model."""
    pks = list(pks)
    models_with_fields = (model for model in derived_models() if own_names(model))
    return {
        fiche.pk: values_of(fiche)
        for model in models_with_fields
        for fiche in model._default_manager.filter(pk__in=pks)
    }


def values_of(fiche: FichePage) -> dict[str, Any]:
    """``{name: value for JSON}`` of the fields that the model of ``fiche`` adds."""
    names = own_names(type(fiche)) if type(fiche) in derived_models() else ()
    return json.loads(json.dumps({name: _value(fiche, name) for name in names}, cls=DjangoJSONEncoder))


def _value(fiche: FichePage, name: str) -> Any:
    column = own_fields()[name]
    if column is None:
        value = getattr(fiche, name)
        return value() if callable(value) else value
    if isinstance(column, StreamField):
        return column.stream_block.get_api_representation(getattr(fiche, name), {"request": as_html_request()})
    value = column.value_from_object(fiche)
    if isinstance(column, RichTextField):
        return rich_text(value)
    return value.name if isinstance(column, models.FileField) else value


def own_shapes() -> dict[str, dict[str, Any]]:
    """``{name: JSON Schema}`` of these fields; null for a fiche whose model lacks the field. Those of texts and of bodies name no type."""
    shapes: dict[str, dict[str, Any]] = {}
    for name, column in own_fields().items():
        described = {"title": str(column.verbose_name), "description": str(column.help_text)} if column else {}
        kind = _type(column)
        typed = {} if kind == "string" else {"anyOf": [{"type": kind}, {"type": "null"}]}
        shapes[name] = {key: value for key, value in described.items() if value} | typed
    return shapes


def _type(column: models.Field | None) -> str:
    return next((name for known, name in _TYPES if isinstance(column, known)), "string")
