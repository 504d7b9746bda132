"""The gaps by which the lists filter fiches: each is a condition on the page's own columns, so of what was last published or created."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Exists, OuterRef, Q, TextField, Value
from django.db.models.functions import Cast
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from fiches.models import Dimension, FicheCritere

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class FicheGap(NamedTuple):
    """A gap; ``label`` is its name in lists, ``condition`` that of the fiches that have it."""

    label: "StrOrPromise"
    condition: Callable[[], Q]


def _unanswered() -> Q:
    """The condition: the fiche has no criterion of a dimension that has some."""
    condition = Q(pk__in=[])
    for dimension in Dimension.objects.filter(criteres__isnull=False).distinct():
        condition |= ~Q(Exists(FicheCritere.objects.filter(content_object=OuterRef("pk"), tag__dimension=dimension)))
    return condition


def _undescribed(name: str) -> Q:
    return Q(**{f"{name}__isnull": False, f"{name}_alt": "", f"{name}_decorative": False})


NOWHERE = Q(commune=None, sans_localisation=False)
# In the order of display.
GAPS = {
    "organisation": FicheGap(_("without an organisation"), lambda: Q(organisation="")),
    "chapo": FicheGap(_("without an introduction"), lambda: Q(chapo="")),
    "corps": FicheGap(_("without a text"), lambda: Q(Exact(Cast("corps", TextField()), Value("[]")))),
    "criteres": FicheGap(_("without an answer to each question of the grid"), _unanswered),
    "commune": FicheGap(_("without a commune"), lambda: NOWHERE),
    "lieu": FicheGap(_("without a place on the map"), lambda: Q(latitude=None, sans_localisation=False) & ~NOWHERE),
    "photo": FicheGap(_("without a picture"), lambda: Q(photo=None)),
    "alternative": FicheGap(
        _("with a picture that has no alternative text"), lambda: _undescribed("photo") | _undescribed("logo")
    ),
}
CHOICES = [(name, gap.label) for name, gap in GAPS.items()]


def with_gap(name: str) -> Q:
    """The condition on fiches that have this gap."""
    return GAPS[name].condition()
