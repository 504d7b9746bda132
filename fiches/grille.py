"""What the grid's content may be, and how a fiche stands in it."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

RESERVED_PARAMETERS = frozenset(
    "q departement commune sphere statut effectif edition prime mot-cle partenaire etape bbox autour rayon depuis tri"
    " page par_page format langue".split()
)
"""Names the query language already gives a meaning (DESIGN §5): a dimension can't take one as its slug."""


def check_dimension_slug(slug):
    """:raises ValidationError: when the query language already uses ``slug``."""
    if slug in RESERVED_PARAMETERS:
        raise ValidationError({"slug": _("“%(slug)s” already has a meaning in addresses.") % {"slug": slug}})


def characterise(dimensions, met):
    """The whole grid as a fiche shows it: each dimension with every criterion, and which of them are met.

    :param dimensions: dimensions with their criteria prefetched, in order.
    :param met: ids of the criteria that the fiche meets.
    :returns: ``[{"dimension": Dimension, "criteres": [{"critere": Critere, "retenu": bool}]}]``
    """
    return [
        {
            "dimension": dimension,
            "criteres": [{"critere": critere, "retenu": critere.pk in met} for critere in dimension.criteres.all()],
        }
        for dimension in dimensions
    ]
