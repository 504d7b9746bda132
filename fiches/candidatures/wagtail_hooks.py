"""Registers the admin screens of dossiers, tips and calls, and what the dashboard shows of them."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from fiches.admin.dashboard import DashboardLine, register_lines
from fiches.candidatures.enums import Etat
from fiches.candidatures.inbox import DossierViewSet
from fiches.candidatures.models import Appel, Dossier
from fiches.candidatures.readiness import missing_before_call
from fiches.candidatures.signalement_viewset import SignalementViewSet
from fiches.models import RelectureTask


class CandidaturesViewSetGroup(ViewSetGroup):
    items = (DossierViewSet, SignalementViewSet)
    menu_label = _("Candidatures")
    menu_icon = "mail"
    menu_order = 140
    submenu_hook = "register_candidatures_menu_item"


@hooks.register("register_admin_viewset")
def candidatures_viewsets() -> CandidaturesViewSetGroup:
    return CandidaturesViewSetGroup()


class AppelViewSet(SnippetViewSet):
    model = Appel
    icon = "calendar-check"
    menu_hook = CandidaturesViewSetGroup.submenu_hook
    menu_order = 10
    menu_label = _("Calls")
    list_display = ["nom", "ouverture", "cloture"]


register_snippet(AppelViewSet)


class NotOpenPanel(Component):
    """Lists on the dashboard what the site lacks before it can take dossiers; empty if nothing is missing."""

    template_name = "candidatures/admin/pas_ouvert.html"
    order = 10

    def get_context_data(self, parent_context: Context) -> dict[str, list[str]]:
        return {"manques": missing_before_call()}


@hooks.register("construct_homepage_panels")
def add_not_open_panel(request: HttpRequest, panels: list[Any]) -> None:
    if request.user.has_perm("rallynov_candidatures.view_dossier"):
        panels.append(NotOpenPanel())


def dashboard_lines(user: AbstractUser) -> Iterator[DashboardLine]:
    """Yields the dashboard's lines for ``user``; none without the permission to view dossiers."""
    if not user.has_perm("rallynov_candidatures.view_dossier"):
        return
    sent = Dossier.objects.sent().with_etat()
    number = sent.filter(etat=Etat.RECU).count() if reads_dossiers(user) else 0
    label = ngettext("dossier to be read", "dossiers to be read", number)
    yield DashboardLine(label, number, f"{reverse('dossiers:index')}?etat={Etat.RECU}")


def reads_dossiers(user: AbstractUser) -> bool:
    """Whether ``user`` may give a dossier its first reading."""
    return user.is_superuser or RelectureTask.objects.filter(active=True, groups__user=user.pk).exists()


register_lines(dashboard_lines)
