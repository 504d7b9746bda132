"""The grid as a fiche shows it, and the check of a dimension's slug."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from fiches.publications.version import memoize

# Parameters of the query language (DESIGN 5): a dimension can't have one of them as its slug.
RESERVED_PARAMETERS = frozenset(
    {
        *("q", "departement", "commune", "sphere", "statut", "effectif", "edition", "prime", "mot-cle", "partenaire"),
        *("etape", "bbox", "autour", "rayon", "depuis", "tri", "page", "par_page", "format", "langue"),
        *("id", "uid", "exemple", "champs", "curseur"),
    }
)


def check_dimension_slug(slug: Any) -> None:
    """:raises ValidationError: ``slug`` is a parameter of the query language."""
    if slug in RESERVED_PARAMETERS:
        raise ValidationError({"slug": _("“%(slug)s” already has a meaning in addresses.") % {"slug": slug}})


def characterise(*, met: set[int]) -> list[Any]:
    """The whole grid: each dimension with all its criteria, and which of them a fiche meets. No query: the grid is memoized.

    :param met: keys of the criteria that the fiche meets.
    :returns: ``[{"dimension": Dimension, "criteres": [{"critere": Critere, "retenu": bool}]}]``
    """
    return _by_dimension((critere, critere.pk in met) for critere in memoize("grille", _grid, shared=True))


def _grid() -> Any:
    return list(apps.get_model("rallynov_fiches", "Critere").objects.select_related("dimension"))


def _by_dimension(criteria: Iterator[Any]) -> list[Any]:
    return [
        {"dimension": dimension, "criteres": [{"critere": critere, "retenu": retenu} for critere, retenu in group]}
        for dimension, group in groupby(criteria, key=lambda pair: pair[0].dimension)
    ]


def grid_address(request: HttpRequest) -> str:
    """The address of the page that explains the grid, from the hooks ``grid_address(request)``; ``""`` if there is none."""
    return next(filter(None, (address(request) for address in hooks.get_hooks("grid_address"))), "")
