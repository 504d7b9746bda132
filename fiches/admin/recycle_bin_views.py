"""The views of the bin, and the deletions that move fiches to it."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.db.models.deletion import Collector, ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.api.actions.delete import DeletePageAPIAction
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.views import generic
from wagtail.admin.views.pages.delete import DeleteView
from wagtail.admin.views.pages.utils import type_to_delete_confirmation
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page

from fiches.admin.columns import FormColumn, MomentColumn, PlainColumn
from fiches.admin.fiche_lists import FoldedSearch
from fiches.models import FichePage, FicheSupprimee
from fiches.moderation.bulk_deletion import say_deleted
from fiches.upkeep import recycle_bin

if TYPE_CHECKING:
    from fiches.models import Edition, FicheIndexPage, Synonyme
    from fiches.upkeep.recycle_bin import DiscardPageAction


class ActColumn(FormColumn):
    """The buttons that restore a fiche, and delete it for good."""

    cell_template_name = "fiches/admin/_reprendre_ou_oublier.html"


def _title_and_organisation(record: FicheSupprimee) -> SafeString:
    return format_html("{}<p>{}</p>", record, record.fiche.organisation)


def _deleted_by(record: FicheSupprimee) -> str:
    return get_user_display_name(record.supprimee_par) if record.supprimee_par else ""


class RecycleBinView(FoldedSearch, ReportView):
    """The deleted fiches that the user may see, the last deleted first."""

    model = FicheSupprimee
    page_title = gettext_lazy("Bin")
    header_icon = "bin"
    index_url_name = "fiches_corbeille"
    index_results_url_name = "fiches_corbeille_results"
    results_template_name = "fiches/admin/corbeille.html"
    default_ordering = "-supprimee_le"
    is_searchable = True
    search_fields = ["fiche__draft_title", "fiche__organisation"]
    columns = [
        PlainColumn(
            "fiche",
            label=gettext_lazy("Innovation"),
            accessor=_title_and_organisation,
            sort_key="fiche__draft_title",
            classname="title",
        ),
        MomentColumn("supprimee_le", label=gettext_lazy("Deleted on"), sort_key="supprimee_le"),
        PlainColumn("supprimee_par", label=gettext_lazy("Deleted by"), accessor=_deleted_by),
        ActColumn("agir", label=gettext_lazy("Actions"), accessor="pk", classname="agir"),
    ]

    def get_base_queryset(self) -> QuerySet:
        records = recycle_bin.deletions_seen_by(self.request.user)
        return records.select_related("fiche", "supprimee_par").defer("fiche__corps")

    @cached_property
    def no_results_message(self) -> str:
        if self.is_searching:
            return super().no_results_message
        return _("The bin is empty. A fiche that you delete comes here, and can be taken back.")

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(*args, **kwargs), "jours": recycle_bin.KEPT.days}


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    record = get_object_or_404(recycle_bin.deletions_seen_by(request.user), pk=pk)
    try:
        fiche = recycle_bin.restore(record, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("fiches_corbeille")
    messages.success(
        request,
        _("“%(title)s” is back, as a draft.") % {"title": fiche.title},
        buttons=[messages.button(reverse("wagtailadmin_pages:edit", args=[fiche.pk]), _("Edit"))],
    )
    return redirect("fiches_corbeille")


class ForgetView(generic.DeleteView):
    """Deletes a fiche for good before the thirty days are over, once that is confirmed."""

    model = FicheSupprimee
    permission_required = None
    page_title = gettext_lazy("Delete for good")
    header_icon = "bin"
    index_url_name = "fiches_corbeille"
    delete_url_name = "fiches_corbeille_oublier"
    success_message = gettext_lazy("“%(object)s” is deleted for good.")

    def get_queryset(self) -> QuerySet:
        return recycle_bin.deletions_seen_by(self.request.user).select_related("fiche")

    @property
    def confirmation_message(self) -> str:
        text = _(
            "“%(title)s”, its versions, its comments and its prizes are deleted for good. Nobody can take them back."
        )
        return text % {"title": self.object}

    def delete_action(self) -> None:
        recycle_bin.delete_for_good(self.object)


class FicheDeleteView(DeleteView):
    """The deletion of a fiche: moves it to the bin, with the translations and aliases that Wagtail would delete with it."""

    @property
    def stay(self) -> str:
        """How long the deleted fiches stay in the bin."""
        sentence = ngettext(
            "It stays %(days)s days in the bin.", "They stay %(days)s days in the bin.", len(self.pages_to_delete)
        )
        return sentence % {"days": recycle_bin.KEPT.days}

    def get(self, request: HttpRequest, *args: int, **kwargs: Any) -> HttpResponse:
        messages.info(request, self.stay)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: int, **kwargs: Any) -> HttpResponse:
        parent = self.page.get_parent()
        for fiche in self.pages_to_delete:
            recycle_bin.discard(fiche, by=request.user)
        number = len(self.pages_to_delete)
        done = _("“%(title)s” is deleted.") % {"title": self.page.get_admin_display_title()}
        say_deleted(request, f"{done} {self.stay}", fiches=number)
        return redirect(self.next_url or reverse("wagtailadmin_explore", args=[parent.pk]))


def before_delete_page(request: HttpRequest, page: Page) -> None:
    """Hook: moves the fiches below a page that is being deleted to the bin."""
    if request.method == "POST" and not isinstance(page, FichePage) and type_to_delete_confirmation(request):
        recycle_bin.discard_below(page, by=request.user)
        page.refresh_from_db()


class DiscardPageAPIAction(DeletePageAPIAction):
    def _action_from_data(self, instance: "FicheIndexPage | FichePage", data: Any) -> "DiscardPageAction":
        return recycle_bin.DiscardPageAction(instance, user=self.request.user)


class PagesAPI(PagesAdminAPIViewSet):
    """The pages endpoint of the admin's API, whose action "delete" moves fiches to the bin."""

    actions = {**PagesAdminAPIViewSet.actions, "delete": DiscardPageAPIAction}


def before_delete_snippet(request: HttpRequest, records: "list[Edition | Synonyme]") -> HttpResponse | None:
    """Hook: refuses to delete records that a protected foreign key refers to, with a message. Wagtail's reference index ignores
    one-to-one relations (an edition's palmarès), so its deletion would fail with an error."""
    if request.method != "POST":
        return None
    for record in records:
        try:
            Collector(using=record._state.db).collect([record])
        except ProtectedError:
            messages.error(request, _("“%(title)s” is used elsewhere: it can’t be deleted.") % {"title": record})
            return redirect(record.snippet_viewset.get_url_name("list"))
    return None


urlpatterns = [
    path("corbeille/", RecycleBinView.as_view(), name="fiches_corbeille"),
    path("corbeille/results/", RecycleBinView.as_view(results_only=True), name="fiches_corbeille_results"),
    path("corbeille/<int:pk>/restaurer/", restore, name="fiches_corbeille_restaurer"),
    path("corbeille/<int:pk>/oublier/", ForgetView.as_view(), name="fiches_corbeille_oublier"),
]
