"""The lines « label: value » of a fiche on its page and on paper."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db.models import URLField
from django.utils.text import capfirst
from django.utils.translation import gettext

from fiches.models import FichePage
from fiches.models.champs import champs_with
from fiches.models.declaration import Champ, ValueKind
from fiches.models.derived_fiches import NOT_ONE_LINE, derived_models, in_words, own_fields, own_names


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

    own = own_names(type(fiche)) if type(fiche) in derived_models() else ()
    return [*rows_of_facet("on_page", read), *_own_lines({name: getattr(fiche, name) for name in own})]


def lines_of_contents(contents: dict) -> list[PageRow]:
    """The lines of the paper version of a fiche.

    :param contents: the contents of the fiche in the API.
    """

    def read(champ: Champ) -> Any:
        return contents[(champ.key and champ.key.label_key) or champ.key_name]

    return [*rows_of_facet("on_paper", read), *own_lines_of_contents(contents)]


def own_lines_of_contents(contents: dict) -> list[PageRow]:
    """The lines of the fields that a host's model adds to the fiche, from its contents in the API."""
    return _own_lines({name: contents.get(name) for name in own_fields()})


def _own_lines(values: dict[str, Any]) -> list[PageRow]:
    shown = []
    for name, value in values.items():
        column = own_fields()[name]
        in_one_line = in_words(column, value)
        if column is not None and in_one_line not in (None, "") and not isinstance(column, NOT_ONE_LINE):
            shown.append(
                PageRow(capfirst(str(column.verbose_name)), _localised(in_one_line), isinstance(column, URLField))
            )
    return shown


def _localised(value: Any) -> Any:
    return capfirst(gettext("yes") if value else gettext("no")) if isinstance(value, bool) else value
