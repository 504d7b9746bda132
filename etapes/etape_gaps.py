"""Étapes by period and by what they lack: the filters of the admin's list, and the lines of the dashboard."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractUser
from django.db.models import Exists, OuterRef, Q, TextField, Value
from django.db.models.functions import Cast
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.models import Page
from wagtail.permissions import policy_registry

from etapes.enums import StatutEtape
from etapes.models import EtapeOrganisation, EtapePage
from fiches import content_language
from fiches.admin.dashboard import DashboardLine, pages_seen_by

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

WHEN = [
    ("a-venir", _("to come")),
    ("passees", _("over")),
    ("sans-compte-rendu", _("over, without a report")),
]


def period_condition(when: str) -> Q:
    """The ``Q`` of one choice of ``WHEN``."""
    now = timezone.now()
    if when == "a-venir":
        return (Q(termine_le__gte=now) | Q(termine_le=None)) & ~Q(statut=StatutEtape.ANNULEE)
    over = Q(termine_le__lt=now) & ~Q(statut__in=[StatutEtape.ANNULEE, StatutEtape.REPORTEE])
    if when != "sans-compte-rendu":
        return over
    unreported = over & _blank("compte_rendu") & Q(compte_rendu_ecarte=False)
    # One report is awaited of an étape, whatever the number of its translations.
    if content_language.is_multilingual():
        unreported &= ~Q(pk__in=content_language.pages_that_translate().values("pk"))
    return unreported


def _blank(field: str) -> Q:
    return Q(Exact(Cast(field, TextField()), Value("[]")))


# In the order in which editors fill them.
GAPS: "dict[str, StrOrPromise]" = {
    "commune": _("without a commune"),
    "date": _("without a date"),
    "heure": _("without an hour"),
    "organisateur": _("without an organiser"),
    "programme": _("without a programme"),
    "photo": _("without a picture"),
    "alternative": _("with a picture that has no alternative text"),
    "compte-rendu": _("without a report"),
}


def gap_condition(name: str) -> Q:
    """The ``Q`` of one of ``GAPS``."""
    return {
        "commune": Q(commune__isnull=True, sans_localisation=False),
        "date": Q(date__isnull=True),
        "heure": Q(debut__isnull=True, moment=""),
        "organisateur": ~Q(Exists(EtapeOrganisation.objects.filter(etape=OuterRef("pk")))),
        "programme": _blank("programme"),
        "photo": Q(photo__isnull=True),
        "alternative": Q(photo__isnull=False, photo_alt="", photo_decorative=False),
        "compte-rendu": period_condition("sans-compte-rendu"),
    }[name]


def dashboard_lines(user: AbstractUser) -> Iterator[DashboardLine]:
    """Yields the dashboard's line of the étapes whose report ``user`` is to write."""
    changed = policy_registry.get_by_type(Page).instances_user_has_permission_for(user, "change").values("pk")
    late = pages_seen_by(user, EtapePage).filter(period_condition("sans-compte-rendu"), pk__in=changed).count()
    words = ngettext("étape over, without a report", "étapes over, without a report", late)
    yield DashboardLine(words, late, f"{reverse('etapes_admin:index')}?quand=sans-compte-rendu")
