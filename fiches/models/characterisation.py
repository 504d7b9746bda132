"""What the grid's content may be, and how a fiche stands in it."""

from itertools import groupby

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from fiches.publications.version import Reach, memoize

RESERVED_PARAMETERS = frozenset(
    {
        *("q", "departement", "commune", "sphere", "statut", "effectif", "edition", "prime", "mot-cle", "partenaire"),
        *("etape", "bbox", "autour", "rayon", "depuis", "tri", "page", "par_page", "format", "langue"),
        *("id", "uid", "exemple", "champs", "curseur"),
    }
)
"""Names the query language already gives a meaning (DESIGN 5): a dimension can't take one as its slug."""


def check_dimension_slug(slug):
    """:raises ValidationError: when the query language already uses ``slug``."""
    if slug in RESERVED_PARAMETERS:
        raise ValidationError({"slug": _("“%(slug)s” already has a meaning in addresses.") % {"slug": slug}})


def characterise(*, met):
    """The whole grid as a fiche shows it: each dimension with every criterion, and which of them are met. One query.

    :param met: ids of the criteria that the fiche meets, or a query for them.
    :returns: ``[{"dimension": Dimension, "criteres": [{"critere": Critere, "retenu": bool}]}]``
    """
    Critere = apps.get_model("fiches", "Critere")
    retenu = ExpressionWrapper(Q(pk__in=met), output_field=BooleanField())
    criteria = Critere.objects.select_related("dimension").annotate(retenu=retenu)
    return _by_dimension((critere, critere.retenu) for critere in criteria)


def characterise_known(*, met):
    """The same from the grid that this process keeps, for keys ``met``: no query."""
    criteria = memoize("grille", _grid, reach=Reach.EVERYWHERE)
    return _by_dimension((critere, critere.pk in met) for critere in criteria)


def _grid():
    return list(apps.get_model("fiches", "Critere").objects.select_related("dimension"))


def _by_dimension(criteria):
    return [
        {"dimension": dimension, "criteres": [{"critere": critere, "retenu": retenu} for critere, retenu in group]}
        for dimension, group in groupby(criteria, key=lambda pair: pair[0].dimension)
    ]


def grid_address(request):
    """Where the site explains the grid, as a hook of that name says: ``grid_address(request)``; "" where none does."""
    return next(filter(None, (address(request) for address in hooks.get_hooks("grid_address"))), "")
