"""Registers the dossiers' lines on the dashboard, the address of an innovation's screen, and a gap of fiches: the company's
agreement to its proof is missing."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AbstractUser
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fiches.admin.dashboard import CountedLine, DashboardLine, Step, register_first_steps, register_lines
from fiches.admin.fiche_gaps import register_gap
from fiches.admin.innovation import register_innovation_address
from fiches.candidatures.models import Accord, Appel, Dossier
from fiches.candidatures.pile_counts import piles_of
from fiches.candidatures.still_named import dossiers_still_named
from fiches.models import FichePage


def register() -> None:
    register_lines(dashboard_lines)
    register_first_steps(first_steps)
    register_innovation_address(dossier_address)
    register_gap("accord", gettext_lazy("whose company hasn't agreed to its proof"), without_agreed_proof)


def first_steps(request: HttpRequest) -> Iterator[Step]:
    """Yields the step of a new site's first call, for users who may open one."""
    if request.user.has_perm("rallynov_candidatures.add_appel"):
        address = reverse("wagtailsnippets_rallynov_candidatures_appel:add")
        yield Step(70, _("Open a call, with its dates"), Appel.objects.exists(), address)


def dossier_address(fiche: FichePage, user: AbstractUser) -> str | None:
    """The address of the screen of the dossier from which a fiche was made, for users who may see it."""
    if not user.has_perm("rallynov_candidatures.view_dossier"):
        return None
    pk = Dossier.objects.sent().filter(fiche=fiche.pk).values_list("pk", flat=True).first()
    return reverse("dossiers:detail", args=[pk]) if pk else None


def without_agreed_proof() -> Q:
    """Returns a ``Q`` of the fiches made from a dossier that is not over and whose proof was never agreed to. Fiches that the
    staff wrote have no company to ask."""
    agreed = Accord.objects.filter(dossier__fiche=OuterRef("pk"), accord=True)
    going_on = Dossier.objects.alive().filter(fiche=OuterRef("pk"))
    return Q(Exists(going_on)) & ~Q(Exists(agreed))


def dashboard_lines(user: AbstractUser) -> Iterator[DashboardLine | CountedLine]:
    """Yields the dashboard's lines for ``user``, in a constant number of queries; none without the permission to view dossiers."""
    if not user.has_perm("rallynov_candidatures.view_dossier"):
        return
    lines: dict[str, tuple[str, Callable[[int], str]]] = {
        "miens": ("attend", lambda number: ngettext("dossier given to you", "dossiers given to you", number)),
        "a_lire": ("attend", lambda number: ngettext("dossier to be read", "dossiers to be read", number)),
        "sans": ("attend", lambda number: ngettext("dossier without assignee", "dossiers without assignee", number)),
        "retard": ("retard", lambda number: ngettext("late dossier", "late dossiers", number)),
    }
    addresses = {"miens": inbox_url(responsable=user.pk), "a_lire": inbox_url(pile="nouveaux")}
    piles = piles_of(user)
    for name, (section, label) in lines.items():
        yield CountedLine(section, label, piles[name], addresses.get(name, inbox_url(pile=name)), since="depuis")
    named = dossiers_still_named().count()
    label_of_named = ngettext(
        "dossier whose fiche still holds in a sentence what its company took back",
        "dossiers whose fiche still holds in a sentence what their company took back",
        named,
    )
    yield DashboardLine("retard", label_of_named, named, inbox_url(pile="phrases"))


def inbox_url(**filters: Any) -> str:
    return f"{reverse('dossiers:index')}?{urlencode(filters)}"
