"""The lines « label: value » of a fiche on its page and on paper."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext
from wagtail.fields import RichTextField, StreamField

from fiches.models import FichePage
from fiches.models.champs import champs_with
from fiches.models.declaration import Champ, ValueKind
from fiches.models.fiche import derived_models, own_fields, own_names

# Columns whose value has no place on one line.
NOT_ONE_LINE = (StreamField, RichTextField, models.JSONField, models.ForeignKey, models.FileField)


class PageRow(NamedTuple):
    """A line « label: value », in the current language."""

    label: str
    value: Any
    is_link: bool


def rows_of_facet(facet: str, read: Callable[[Champ], Any]) -> list[PageRow]:
    """A line for each field with ``facet`` that is filled in; ``read(champ)`` returns the value to show."""
    values = ((champ, read(champ)) for champ in champs_with(facet))
    return [_line(champ, getattr(champ, facet).label, value) for champ, value in values if value not in (None, "")]


def _line(champ: Champ, label: object, value: Any) -> PageRow:
    in_words = champ.unit % {"number": value} if champ.unit else value
    return PageRow(str(label or champ.title), in_words, champ.kind is ValueKind.LINK)


def lines_of_page(fiche: FichePage) -> list[PageRow]:
    """The lines of the page of a fiche."""

    def read(champ: Champ) -> Any:
        return (
            getattr(fiche, f"get_{champ.name}_display")()
            if champ.kind is ValueKind.CHOICE
            else getattr(fiche, champ.name)
        )

    return [*rows_of_facet("on_page", read), *_own_lines(fiche)]


def lines_of_contents(contents: dict) -> list[PageRow]:
    """The lines of the paper version of a fiche.

    :param contents: the contents of the fiche in the API.
    """

    def read(champ: Champ) -> Any:
        return contents[(champ.key and champ.key.label_key) or champ.key_name]

    return rows_of_facet("on_paper", read)


def _own_lines(fiche: FichePage) -> list[PageRow]:
    """The lines of the columns that a host's model adds to the fiche."""
    lines = []
    for name in own_names(type(fiche)) if type(fiche) in derived_models() else ():
        column, value = own_fields()[name], getattr(fiche, name)
        if value in (None, "") or column is None or isinstance(column, NOT_ONE_LINE):
            continue
        if isinstance(value, bool):
            value = capfirst(gettext("yes") if value else gettext("no"))
        shown = getattr(fiche, f"get_{name}_display")() if column.choices else value
        lines.append(PageRow(capfirst(str(column.verbose_name)), shown, isinstance(column, models.URLField)))
    return lines
