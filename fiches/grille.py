"""What the grid's content may be, and how a fiche stands in it."""

from itertools import groupby

from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

RESERVED_PARAMETERS = frozenset(
    {
        *("q", "departement", "commune", "sphere", "statut", "effectif", "edition", "prime", "mot-cle", "partenaire"),
        *("etape", "bbox", "autour", "rayon", "depuis", "tri", "page", "par_page", "format", "langue"),
    }
)
"""Names the query language already gives a meaning (DESIGN §5): a dimension can't take one as its slug."""


def check_dimension_slug(slug):
    """:raises ValidationError: when the query language already uses ``slug``."""
    if slug in RESERVED_PARAMETERS:
        raise ValidationError({"slug": _("“%(slug)s” already has a meaning in addresses.") % {"slug": slug}})


def characterise(*, met):
    """The whole grid as a fiche shows it: each dimension with every criterion, and which of them are met. One query.

    :param met: ids of the criteria that the fiche meets.
    :returns: ``[{"dimension": Dimension, "criteres": [{"critere": Critere, "retenu": bool}]}]``
    """
    Critere = apps.get_model("fiches", "Critere")
    criteria = Critere.objects.select_related("dimension")
    return [
        {"dimension": dimension, "criteres": [{"critere": c, "retenu": c.pk in met} for c in group]}
        for dimension, group in groupby(criteria, key=lambda critere: critere.dimension)
    ]
