"""The étapes in the admin: their list, in the order of the road, and the views that take decisions in turn."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn
from wagtail.admin.views.pages.listing import ExplorableIndexView, IndexView
from wagtail.admin.views.pages.unpublish import UnpublishView
from wagtail.admin.viewsets.pages import PageListingViewSet, PageViewSet

from etapes import lacunes
from etapes.export import download
from etapes.filtres import EtapeFilterSet, said
from etapes.inscriptions.attendues import go_back_to, refuse_to_unpublish, say_what_stays
from etapes.inscriptions.publication import say_who_is_told_of_all
from etapes.models import EtapeIndexPage, EtapePage
from fiches.admin.columns import LacksColumn, PictureColumn, PlaceColumn
from fiches.admin.list_export import WholeExport, keys_of
from fiches.admin.lists import with_translations
from fiches.admin.saved_views import SavedViews, register_list
from fiches.admin.viewsets import FicheViewSet

register_list("etapes", "etapes_admin:index")


class RegistrationsColumn(Column):
    """How many come, of how many, and the way to their list."""

    cell_template_name = "etapes/admin/_inscrits.html"

    def get_value(self, etape):
        return f"{etape.prises}\u00a0/\u00a0{etape.capacite}" if etape.capacite else str(etape.prises)


class EtapeList(SavedViews):
    """The étapes, each with how many places are taken, at a number of queries that doesn't grow with them."""

    list_name = "etapes"

    def annotate_queryset(self, pages):
        pages = with_translations(self, super().annotate_queryset(pages))
        if not issubclass(pages.model, EtapePage):
            return pages
        pages = lacunes.with_gaps(pages.with_places())
        return pages.prefetch_related("commune", "photo__renditions")

    def search_queryset(self, queryset):
        return queryset.filter(said(self.search_query)) if self.is_searching else queryset

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["model_opts"] = EtapePage._meta  # whose bulk actions are offered
        return context


class EtapeIndexView(WholeExport, EtapeList, IndexView):
    """The étapes as a flat list, below the changes that can still be undone."""

    def get(self, request, *args, **kwargs):
        if not self.results_only and not request.GET.get("export"):
            say_who_is_told_of_all(request)
        return super().get(request, *args, **kwargs)

    def as_spreadsheet(self, queryset, spreadsheet_format):
        return download(keys_of(queryset), spreadsheet_format)


class EtapeListingViewSet(PageListingViewSet):
    """All the étapes that somebody may see, whatever their place in the tree."""

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
        BulkActionsColumn("bulk_actions"),
        PictureColumn("photo", label=_("Picture")),
        Column("numero", label=_("N°"), sort_key="numero"),
        PageTitleColumn("title", label=_("Étape"), sort_key="title", classname="title"),
        Column("date", label=_("Date"), sort_key="commence_le"),
        PlaceColumn("commune", label=_("Place"), sort_key="commune__nom_normalise"),
        Column("statut", label=_("State"), accessor="get_statut_display", sort_key="statut"),
        RegistrationsColumn("inscrits", label=_("Registrations")),
        LacksColumn("manques", label=_("To mend"), labels_of=lacunes.labels_of),
        DateColumn("latest_revision_created_at", label=_("Changed on"), sort_key="latest_revision_created_at"),
        PageStatusColumn("status", label=_("Online"), sort_key="live"),
    ]
    list_export = ["title"]  # there is an export: EtapeIndexView says what is in it


class EtapeUnpublishView(UnpublishView):
    """Says that people are registered before it asks to confirm."""

    def get(self, request, *args, **kwargs):
        refusal = refuse_to_unpublish(request, [self.object], go_back_to(self.object), below=False)
        return refusal or super().get(request, *args, **kwargs)


class RoadUnpublishView(UnpublishView):
    """Says for which étapes people are registered, beside the question whether they are unpublished too."""

    def get(self, request, *args, **kwargs):
        say_what_stays(request, [self.object])
        return super().get(request, *args, **kwargs)


class EtapeIndexViewSet(PageViewSet):
    """The views of the list of the étapes."""

    model = EtapeIndexPage
    unpublish_view_class = RoadUnpublishView


class EtapeViewSet(FicheViewSet):
    """An étape's own views: what its organisers submit is decided on as a fiche is, one after the other."""

    unpublish_view_class = EtapeUnpublishView

    model = EtapePage
    index_view_class = ExplorableIndexView
    delete_view_class = PageViewSet.delete_view_class  # no bin, which is for fiches
    columns = PageListingViewSet.columns
    filterset_class = EtapeFilterSet


etape_viewset = EtapeViewSet()
etape_index_viewset = EtapeIndexViewSet()
