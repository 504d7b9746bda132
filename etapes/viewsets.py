"""Admin viewsets of the étapes and of their list, with its filters and its export."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.ui.tables.pages import PageStatusColumn, PageTitleColumn
from wagtail.admin.views.pages.listing import ExplorableIndexView, IndexView, PageFilterSet
from wagtail.admin.viewsets.pages import PageListingViewSet, PageViewSet

from etapes import etape_gaps
from etapes.inscriptions.date_and_place import when
from etapes.models import EtapePage
from fiches.admin.columns import SECONDARY
from fiches.admin.fiche_lists import RESULTS, FoldedSearch, with_translations
from fiches.admin.filters import OneFilter
from fiches.admin.viewsets import FicheViewSet
from fiches.spreadsheet_cells import EscapedExport


class EtapeFilterSet(PageFilterSet):
    quand = OneFilter(label=_("When"), choices=etape_gaps.WHEN, condition=etape_gaps.period_condition)
    manque = OneFilter(label=_("To mend"), choices=list(etape_gaps.GAPS.items()), condition=etape_gaps.gap_condition)

    class Meta:
        model = EtapePage
        fields = ["edition", "departement", "statut", "inscriptions", "live", "exemple"]


class RegistrationsColumn(Column):
    """Places taken and capacity, with a link to the registrations."""

    cell_template_name = "etapes/admin/_inscrits.html"

    def get_value(self, etape: EtapePage) -> str:
        return f"{etape.prises}\u00a0/\u00a0{etape.capacite}" if etape.capacite else str(etape.prises)


class EtapeIndexView(EscapedExport, FoldedSearch, IndexView):
    """The flat list of étapes, in a constant number of queries."""

    results_template_name = RESULTS
    search_fields = ["draft_title", "title", "chapo", "lieu", "commune__nom"]

    def annotate_queryset(self, pages: Any) -> QuerySet:
        pages = with_translations(self, super().annotate_queryset(pages))
        if not issubclass(pages.model, EtapePage):
            return pages
        return pages.with_places().with_awaited().prefetch_related("commune", "edition")

    def order_queryset(self, queryset: Any) -> QuerySet:
        """Sorts by date as the road does, étapes without one as the last to come, whatever the database does of blanks."""
        if self.ordering in ("commence_le", "-commence_le"):
            road = queryset.on_the_road()
            return road.reverse() if self.ordering.startswith("-") else road
        return super().order_queryset(queryset)


class EtapeExplorerView(ExplorableIndexView):
    """The étapes below their index page, in the explorer."""

    def annotate_queryset(self, pages: Any) -> QuerySet:
        return super().annotate_queryset(pages).with_places().with_awaited().prefetch_related("commune")


class EtapeListingViewSet(PageListingViewSet):
    """All étapes that the user may see, wherever they are in the page tree."""

    model = EtapePage
    index_view_class = EtapeIndexView
    icon = "calendar-alt"
    menu_label = _("Étapes")
    menu_order = 151
    add_to_admin_menu = True
    url_prefix = "etapes"
    filterset_class = EtapeFilterSet
    ordering = "commence_le"
    columns = [
        Column("numero", label=_("N°"), sort_key="numero", classname=SECONDARY),
        PageTitleColumn("title", label=_("Étape"), sort_key="title", classname="title"),
        Column("date", label=_("Date"), accessor=lambda etape: etape.date or when(etape), sort_key="commence_le"),
        Column("commune", label=_("Place"), sort_key="commune__nom_normalise", classname=SECONDARY),
        Column("statut", label=_("State"), accessor="etat.label", sort_key="statut", classname=SECONDARY),
        RegistrationsColumn("inscrits", label=_("Registrations")),
        DateColumn(
            "latest_revision_created_at",
            label=_("Changed on"),
            sort_key="latest_revision_created_at",
            classname=SECONDARY,
        ),
        PageStatusColumn("status", label=_("Online"), sort_key="live", classname=SECONDARY),
    ]
    list_export = [
        *("numero", "draft_title", "date", "debut", "fin", "moment", "lieu", "commune", "edition", "etat.label"),
        *("inscriptions", "prises", "capacite", "participants", "live", "latest_revision_created_at"),
    ]
    export_headings = {"draft_title": _("Étape"), "etat.label": _("State"), "prises": _("Places taken")}


class EtapeViewSet(FicheViewSet):
    """Admin views of an étape. Reuses the fiches' moderation views, which lead to the next page to decide on."""

    model = EtapePage
    index_view_class = EtapeExplorerView
    delete_view_class = PageViewSet.delete_view_class  # étapes have no recycle bin
    columns = PageListingViewSet.columns
    filterset_class = EtapeFilterSet


etape_viewset = EtapeViewSet()
