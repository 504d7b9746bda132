"""Dashboard lines of the étapes: those to come, and those over without a report."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.contrib.auth.models import AbstractUser
from django.db.models import Count, Q, TextField, Value
from django.db.models.functions import Cast
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.models import Page
from wagtail.permissions import policy_registry

from etapes.enums import Statut
from etapes.models import EtapePage
from fiches.admin.dashboard import Line

WHEN = [
    ("a-venir", _("to come")),
    ("passees", _("over")),
    ("sans-compte-rendu", _("over, without a report")),
]


def period_condition(when: str) -> Q:
    """The ``Q`` of one choice of ``WHEN``."""
    now = timezone.now()
    if when == "a-venir":
        return Q(termine_le__gte=now) & ~Q(statut=Statut.ANNULEE)
    over = Q(termine_le__lt=now) & ~Q(statut__in=[Statut.ANNULEE, Statut.REPORTEE])
    blank = Exact(Cast("compte_rendu", TextField()), Value("[]"))
    return over & Q(blank) if when == "sans-compte-rendu" else over


def lines(user: AbstractUser) -> Iterator[Line]:
    """Yields the dashboard's lines about the étapes that ``user`` may see. One query."""
    seen = policy_registry.get_by_type(Page).explorable_instances(user)
    etapes = EtapePage.objects.filter(pk__in=seen.values("pk"))
    counts = etapes.aggregate(
        **{when.replace("-", "_"): Count("pk", filter=period_condition(when)) for when, _label in WHEN}
    )
    coming, unreported = counts["a_venir"], counts["sans_compte_rendu"]
    yield Line("a_venir", ngettext("étape to come", "étapes to come", coming), coming, list_url("a-venir"))
    label = ngettext("étape over, without a report", "étapes over, without a report", unreported)
    yield Line("retard", label, unreported, list_url("sans-compte-rendu"))


def list_url(when: str) -> str:
    return f"{reverse('etapes_admin:index')}?{urlencode({'quand': when})}"
