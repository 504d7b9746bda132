"""The models that a host derives from ``FichePage`` to add fields to its fiches.

The list, search, API and embeds take their pages for fiches. What the derived model adds to ``api_fields`` is on its page and in
the API; what it adds to ``search_fields`` is searched.
"""

from functools import cache
from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from wagtail.search.index import SearchField

if TYPE_CHECKING:
    from fiches.models.fiche import FichePage


def get_fiche_model() -> "type[FichePage]":
    """The model of the fiches that the site creates: the one that ``RALLYNOV_FICHE_MODEL`` names, or ``FichePage``.

    :raises ImproperlyConfigured: the setting names no model derived from ``FichePage``.
    """
    label = getattr(settings, "RALLYNOV_FICHE_MODEL", "rallynov_fiches.FichePage")
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError) as error:
        raise ImproperlyConfigured(f"RALLYNOV_FICHE_MODEL: there is no model “{label}”.") from error
    if not issubclass(model, _fiche_page()):
        raise ImproperlyConfigured(f"RALLYNOV_FICHE_MODEL: “{label}” is not derived from fiches.FichePage.")
    return model


def fiche_models() -> "list[type[FichePage]]":
    """``FichePage``, and the models derived from it."""
    return [_fiche_page(), *derived_models()]


@cache
def derived_models() -> "tuple[type[FichePage], ...]":
    """The models that a host derives from ``FichePage``, each with a table of its own."""
    fiche_page = _fiche_page()
    derived = (model for model in apps.get_models() if issubclass(model, fiche_page) and not model._meta.proxy)
    return tuple(model for model in derived if model is not fiche_page)


def _fiche_page() -> "type[FichePage]":
    return apps.get_model("rallynov_fiches", "FichePage")


@cache
def own_fields() -> "dict[str, models.Field | None]":
    """``{name: column}`` of what derived models add to ``api_fields``; None for a property or a method."""
    return {name: _column(model, name) for model in derived_models() for name in own_names(model)}


@cache
def own_names(model: "type[FichePage]") -> tuple[str, ...]:
    """The names that a derived model adds to ``api_fields``."""
    ours = {each.name for each in _fiche_page().api_fields}
    return tuple(each.name for each in model.api_fields if each.name not in ours)


def _column(model: type[models.Model], name: str) -> "models.Field | None":
    return next((column for column in model._meta.concrete_fields if column.name == name), None)


@cache
def own_search_fields(model: "type[FichePage]") -> tuple[SearchField, ...]:
    """What a derived model adds to ``search_fields``, to search its text."""
    ours = {each.field_name for each in _fiche_page().get_search_fields()}
    fields = (each for each in model.get_search_fields() if isinstance(each, SearchField))
    return tuple(each for each in fields if each.field_name not in ours)
