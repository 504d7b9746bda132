"""The parameter ``prime`` of the query language: the fiches with a public prize."""

from typing import Any

from django.utils.translation import gettext as _

from fiches import content_language
from fiches.palmares.models import Prix
from fiches.publications.version import memoize
from fiches.query.facets import register_condition
from fiches.query.parsers import shown


def fiches_with_prizes(values: tuple[str, ...]) -> set[int]:
    """Returns the keys of the fiches, and of their translations, whose prize is announced. Fiches that are not visible are
    among them: the query excludes them.

    :raises ValueError: ``prime`` is not 1.
    """
    for value in values:
        if value != "1":
            raise ValueError(_("“prime” is 1, or left out: “%(text)s” says nothing.") % {"text": shown(value)})
    return memoize("prized", _prized)  # a translation may be published


def _prized() -> Any:
    return content_language.keys_of_translations(
        Prix.objects.announced().values_list("nomination__fiche_id", flat=True)
    )


def describe(values: tuple[str, ...]) -> str:
    return _("awarded a prize")


def register() -> None:
    register_condition("prime", fiches_with_prizes, describe)
