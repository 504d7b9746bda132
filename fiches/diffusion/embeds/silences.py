"""Embeds gone silent: sites whose pages showed us, and don't any more."""

from datetime import timedelta
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db.models import Max, Q, Sum
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from fiches.admin.dashboard import Line
from fiches.diffusion.embeds.portee import OTHERS, UNKNOWN
from fiches.diffusion.embeds.rapports import may_see_all
from fiches.diffusion.models import Chargement

SILENT = timedelta(days=14)
BEFORE = timedelta(days=90)
# Loads below which a site that is seen no more was a trial.
ENOUGH = 20


class Silence(NamedTuple):
    hote: str
    dernier: object
    nombre: int


def silences(today=None):
    """``[Silence]``, the most loaded first: sites with loads in the three months before, and none for two weeks."""
    today = today or timezone.localdate()
    since = today - SILENT
    loads = Chargement.objects.filter(jour__gte=since - BEFORE).exclude(hote__in=[UNKNOWN, OTHERS])
    found = loads.values("hote").annotate(dernier=Max("jour"), nombre=Sum("nombre", filter=Q(jour__lt=since)))
    silent = found.filter(dernier__lt=since, nombre__gte=ENOUGH).order_by("-nombre", "hote")
    return [Silence(row["hote"], row["dernier"], row["nombre"]) for row in silent]


@require_safe
def screen(request):
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


def lines(user):
    """On the dashboard."""
    if may_see_all(user):
        number = len(silences())
        label = ngettext("site that no longer shows its embed", "sites that no longer show their embed", number)
        yield Line("a_mender", label, number, reverse("portee_silences"))
