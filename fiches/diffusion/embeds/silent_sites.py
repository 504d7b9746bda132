"""Sites that used to load embeds and don't any more: an admin view, and a line of the dashboard."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied
from django.db.models import Max, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from fiches.admin.dashboard import DashboardLine
from fiches.diffusion.embeds.reach_counts import OTHERS, UNKNOWN
from fiches.diffusion.embeds.reach_views import may_see_all
from fiches.diffusion.models import Chargement

# Without loads for this time, a site is silent.
SILENT = timedelta(days=14)
# The time before, in which its loads are counted.
BEFORE = timedelta(days=90)
# Fewer loads than this were only a trial.
MIN_LOADS = 20


class Silence(NamedTuple):
    """A silent site: its host, the last day with loads, the number of loads before."""

    hote: str
    dernier: object
    nombre: int


def silences(today: Any = None) -> list[Any]:
    """Returns ``[Silence]``, those with the most loads first: sites with loads in ``BEFORE`` and none in ``SILENT``."""
    today = today or timezone.localdate()
    since = today - SILENT
    loads = Chargement.objects.filter(jour__gte=since - BEFORE).exclude(hote__in=[UNKNOWN, OTHERS])
    sites = loads.values("hote").annotate(dernier=Max("jour"), nombre=Sum("nombre", filter=Q(jour__lt=since)))
    silent = sites.filter(dernier__lt=since, nombre__gte=MIN_LOADS).order_by("-nombre", "hote")
    return [Silence(row["hote"], row["dernier"], row["nombre"]) for row in silent]


@require_safe
def screen(request: HttpRequest) -> HttpResponse:
    if not may_see_all(request.user):
        raise PermissionDenied
    breadcrumbs = [
        {"url": reverse("portee"), "label": _("Reach of the embeds")},
        {"url": "", "label": _("Gone silent")},
    ]
    context = {
        "silences": silences(),
        "jours": SILENT.days,
        "avant": BEFORE.days,
        "breadcrumbs_items": breadcrumbs,
    }
    return render(request, "diffusion/admin/silences.html", context)


def lines(user: AbstractUser) -> Iterator[DashboardLine]:
    """Yields the dashboard's line with the number of silent sites."""
    if may_see_all(user):
        number = len(silences())
        label = ngettext("site that no longer shows its embed", "sites that no longer show their embed", number)
        yield DashboardLine("a_mender", label, number, reverse("portee_silences"))
