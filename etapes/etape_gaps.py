"""Gaps of an étape (no commune, no report…): the admin list's column and filter."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from etapes.etape_dashboard import period_condition
from etapes.models import EtapeOrganisation

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from etapes.models import EtapePage


BLANK_BODY = Value("[]")


class EtapeGap(NamedTuple):
    """A kind of gap. ``condition()`` returns the ``Q`` that finds it; ``is_missing(etape)`` gives the same answer for one
    étape of :func:`with_gaps`."""

    name: str
    label: "StrOrPromise"
    condition: Callable
    is_missing: Callable


def _blank(field: str) -> Q:
    return Q(Exact(Cast(field, TextField()), BLANK_BODY))


# In the order in which editors fill them.
GAPS = [
    EtapeGap(
        "commune",
        _("without a commune"),
        lambda: Q(commune__isnull=True, sans_localisation=False),
        lambda etape: etape.commune_id is None and not etape.sans_localisation,
    ),
    EtapeGap("date", _("without a date"), lambda: Q(date__isnull=True), lambda etape: etape.sans_date),
    EtapeGap(
        "heure",
        _("without an hour"),
        lambda: Q(debut__isnull=True, moment=""),
        lambda etape: etape.debut is None and not etape.moment,
    ),
    EtapeGap(
        "organisateur",
        _("without an organiser"),
        lambda: Q(organisations__isnull=True),
        lambda etape: not etape.est_organisee,
    ),
    EtapeGap("programme", _("without a programme"), lambda: _blank("programme"), lambda etape: etape.sans_programme),
    EtapeGap("photo", _("without a picture"), lambda: Q(photo__isnull=True), lambda etape: etape.photo_id is None),
    EtapeGap(
        "alternative",
        _("with a picture that has no alternative text"),
        lambda: Q(photo__isnull=False, photo_alt="", photo_decorative=False),
        lambda etape: etape.photo_id and not etape.photo_alt and not etape.photo_decorative,
    ),
    EtapeGap(
        "compte-rendu",
        _("without a report"),
        lambda: period_condition("sans-compte-rendu"),
        lambda etape: etape.sans_compte_rendu,
    ),
]

CHOICES = [(gap.name, gap.label) for gap in GAPS]
_CONDITIONS = {gap.name: gap.condition for gap in GAPS}


def gap_condition(name: str) -> Q:
    return _CONDITIONS[name]()


def with_gaps(etapes: QuerySet) -> QuerySet:
    """Annotates the étapes with what ``EtapeGap.is_missing`` needs and their own columns lack."""
    organised = EtapeOrganisation.objects.filter(etape=OuterRef("pk"))
    return etapes.annotate(
        est_organisee=Exists(organised),
        sans_programme=_blank("programme"),
        sans_compte_rendu=period_condition("sans-compte-rendu"),
    )


def labels_of(etape: "EtapePage") -> list[str]:
    return [str(gap.label) for gap in GAPS if gap.is_missing(etape)]
