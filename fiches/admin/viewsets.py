"""The viewsets of fiches in the admin: the flat list, the explorer, and the views of one fiche."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.views.pages.delete import DeleteView
from wagtail.admin.views.pages.listing import ExplorableIndexView, IndexView
from wagtail.admin.viewsets.pages import PageListingViewSet, PageViewSet
from wagtail.admin.widgets.button import Button
from wagtail.utils.decorators import xframe_options_sameorigin_override

from fiches.admin.checklist import ChecksPanel
from fiches.admin.columns import COLUMNS
from fiches.admin.fiche_lists import NEWEST, FicheList
from fiches.admin.filters import FicheFilterSet
from fiches.admin.importation.fiche_export import keys_of, response, rows_of
from fiches.admin.importation.views import may_import
from fiches.models import FichePage
from fiches.moderation.unpublish_views import FicheUnscheduleView, UnpublishInAllLanguagesView
from fiches.moderation.views import FicheEditView, one_at_a_time


class FicheIndexView(FicheList, IndexView):
    """The flat list of fiches."""

    default_ordering = NEWEST

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


# Wagtail's message above a form with errors, in our own words: only marked, so that our catalogue, which comes first, translates it. The
# form may have been saved by itself.
gettext_noop("The page could not be saved due to validation errors.")


class FicheFormView(FicheEditView):
    """The edit view of a fiche, with the panel of checks, except in the parts that an autosave renders: the form of a new fiche has no
    place for it. Étapes use this view too, without the panel."""

    def get_side_panels(self) -> Any:
        panels = super().get_side_panels()
        partial = self.expects_json_response or self.hydrate_create_view
        if partial or not isinstance(self.page, FichePage):
            return panels
        return MediaContainer([*panels, ChecksPanel(self.page, self.request)])


class FicheDeleteView(DeleteView):
    """Deletes a fiche. A user who may edit it but not delete it is redirected to its form, with a message that says why."""

    def dispatch(self, request: HttpRequest, page_id: int, *args: Any, **kwargs: Any) -> HttpResponse:
        user: Any = request.user
        permissions = get_object_or_404(FichePage, pk=page_id).permissions_for_user(user)
        if permissions.can_edit() and not permissions.can_delete():
            text = gettext(
                "Only a draft that was never online, has no dossier and is not in the review can be deleted."
            )
            messages.error(request, text)
            return redirect("wagtailadmin_pages:edit", page_id)
        return super().dispatch(request, page_id, *args, **kwargs)


class PageInTurnViewSet(PageViewSet):
    """The views of one page: what is done to it runs one at a time. Wagtail's edit view writes a page as it read it: an autosave that
    ends after a publication would take the page offline."""

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
