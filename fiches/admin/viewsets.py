"""The viewsets of fiches in the admin: the flat list, the explorer, and the views of one fiche."""

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.pages.listing import ExplorableIndexView, IndexView
from wagtail.admin.viewsets.pages import PageListingViewSet, PageViewSet
from wagtail.admin.widgets.button import Button
from wagtail.utils.decorators import xframe_options_sameorigin_override

from fiches.admin.columns import COLUMNS
from fiches.admin.deletion import FicheDeleteView
from fiches.admin.fiche_editing import CheckedEdit
from fiches.admin.fiche_lists import NEWEST, FicheList
from fiches.admin.filters import FicheFilterSet
from fiches.admin.importation.fiche_export import keys_of, response, rows_of
from fiches.admin.importation.views import may_import
from fiches.models import FichePage
from fiches.moderation.unpublish_views import FicheUnscheduleView, InformedUnpublishView, UnpublishInAllLanguagesView
from fiches.moderation.views import FicheEditView, one_at_a_time


class FicheIndexView(FicheList, IndexView):
    """The flat list of fiches."""

    default_ordering = NEWEST

    def get_base_queryset(self) -> QuerySet:
        """Wagtail's list, in which each fiche is looked up among the pages that the user sees, rather than in the list of all of
        these."""
        seen = self.permission_policy.explorable_instances(self.request.user).filter(pk=OuterRef("pk"))
        return self.annotate_queryset(FichePage.objects.filter(Exists(seen), depth__gt=1))

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        buttons = super().header_more_buttons
        if may_import(self.request.user):
            address = reverse("fiches_imports")
            buttons = [Button(_("Import a spreadsheet"), url=address, icon_name="upload", priority=80), *buttons]
        return buttons

    def as_spreadsheet(self, queryset: QuerySet, spreadsheet_format: str) -> Any:
        """Exports in the columns that an import reads."""
        return response(rows_of(sorted(keys_of(queryset))), spreadsheet_format, "fiches")


class FicheExplorerView(FicheList, ExplorableIndexView):
    """The fiches below their index page, in the explorer."""

    results_template_name = ExplorableIndexView.results_template_name


class FicheListingViewSet(PageListingViewSet):
    """The flat list of all fiches that the user may see."""

    model = FichePage
    index_view_class = FicheIndexView
    icon = "doc-full-inverse"
    menu_label = _("Fiches")
    name = "fiches"
    url_namespace = "fiches_admin"
    url_prefix = "fiches"
    columns = COLUMNS
    filterset_class = FicheFilterSet
    list_export = ["title"]  # enables the export; FicheIndexView writes its columns


class FicheFormView(CheckedEdit, FicheEditView):
    """The edit view of a fiche, with the panel of checks."""


class PageInTurnViewSet(PageViewSet):
    """The views of one page: what is done to it runs one at a time. Wagtail's edit view writes a page as it read it: an autosave that
    ends after a publication would take the page offline."""

    unpublish_view_class = InformedUnpublishView

    def get_view_by_name(self, name: str) -> Callable[..., Any]:
        view = one_at_a_time(super().get_view_by_name(name))
        # The screen of the decision shows the version that will be published in a frame, as the form does.
        return xframe_options_sameorigin_override(view) if name == "revisions_view" else view


class StockPageViewSet(PageInTurnViewSet):
    """Wagtail's views of a page, one at a time. Its list in the explorer is Wagtail's own."""

    parent_models: tuple = ()


class FicheViewSet(PageInTurnViewSet):
    """The views of one fiche."""

    model = FichePage
    index_view_class = FicheExplorerView
    columns = COLUMNS
    filterset_class = FicheFilterSet
    edit_view_class = FicheFormView
    delete_view_class = FicheDeleteView
    revisions_unschedule_view_class = FicheUnscheduleView
    unpublish_view_class = UnpublishInAllLanguagesView


fiche_viewset = FicheViewSet()
