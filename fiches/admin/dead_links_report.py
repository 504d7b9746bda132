"""The report of dead links, and the view that checks one again."""

from collections.abc import Iterator
from typing import Any

import django_filters
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page
from wagtail.permissions import policy_registry

from fiches.admin.columns import SECONDARY, FormColumn
from fiches.admin.dashboard import CountedLine
from fiches.admin.dashboard_lines import pages_seen_by
from fiches.admin.dead_links import check
from fiches.admin.list_export import WholeExport
from fiches.models import Lien


def links_seen_by(user: AbstractUser | AnonymousUser) -> QuerySet:
    """The links of the pages that the user sees in the admin."""
    return Lien.objects.filter(page__in=policy_registry.get_by_type(Page).explorable_instances(user).values("pk"))


class LinkFilterSet(WagtailFilterSet):
    etat = django_filters.ChoiceFilter(
        label=gettext_lazy("State"),
        choices=[("mort", gettext_lazy("dead")), ("vivant", gettext_lazy("alive, or given another chance"))],
        method="of_state",
    )

    class Meta:
        model = Lien
        fields = ["etat"]

    def of_state(self, queryset: Any, name: str, value: Any) -> QuerySet:
        return queryset.dead() if value == "mort" else queryset.alive()


class PageColumn(Column):
    cell_template_name = "fiches/admin/_page_du_lien.html"


class AgainColumn(FormColumn):
    cell_template_name = "fiches/admin/_revoir_le_lien.html"


class LinksReport(WholeExport, ReportView):
    model = Lien
    page_title = gettext_lazy("Links")
    header_icon = "link"
    index_url_name = "fiches_liens"
    index_results_url_name = "fiches_liens_results"
    filterset_class = LinkFilterSet
    default_ordering = "-mort_depuis"
    is_searchable = True
    search_fields = ["adresse", "page__title"]
    list_export = ["page.title", "adresse", "constat", "mort_depuis", "verifie_le"]
    export_headings = {"page.title": gettext_lazy("Page")}
    columns = [
        PageColumn("page", label=gettext_lazy("Page"), sort_key="page__title"),
        Column("adresse", label=gettext_lazy("Address"), sort_key="adresse", classname="adresse"),
        Column("constat", label=gettext_lazy("What was found"), classname=SECONDARY),
        DateColumn("mort_depuis", label=gettext_lazy("Dead since"), sort_key="mort_depuis", classname=SECONDARY),
        DateColumn("verifie_le", label=gettext_lazy("Looked at"), sort_key="verifie_le", classname=SECONDARY),
        AgainColumn("revoir", label=gettext_lazy("Again"), accessor="pk"),
    ]

    def get_queryset(self) -> Any:
        self.queryset = links_seen_by(self.request.user).select_related("page")
        return super().get_queryset()


@require_POST
def look_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Checks the link immediately and shows the result as a message."""
    link = get_object_or_404(Lien.objects.select_related("page"), pk=pk)
    if not links_seen_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied
    check(link.empreinte)
    link.refresh_from_db()
    if link.constat:
        messages.warning(request, f"{link.adresse} : {link.constat}")
    else:
        messages.success(request, _("%(address)s answers.") % {"address": link.adresse})
    return redirect(f"{reverse('fiches_liens')}?etat=mort")


def lines(user: Any) -> Iterator[CountedLine]:
    """Yields the dashboard line of dead links."""
    address = f"{reverse('fiches_liens')}?etat=mort"
    links = Lien.objects.dead().filter(page__in=pages_seen_by(user, Page).values("pk"))
    yield CountedLine(
        "a_mender", lambda number: ngettext("dead link", "dead links", number), links, address, since="mort_depuis"
    )


urlpatterns = [
    path("liens/", LinksReport.as_view(), name="fiches_liens"),
    path("liens/results/", LinksReport.as_view(results_only=True), name="fiches_liens_results"),
    path("liens/<int:pk>/revoir/", look_again, name="fiches_lien_revoir"),
]
