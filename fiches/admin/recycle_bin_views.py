"""The views of the bin, and the deletions that move fiches to it."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models.deletion import Collector, ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages
from wagtail.admin.api.actions.delete import DeletePageAPIAction
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.admin.views.pages.delete import DeleteView
from wagtail.admin.views.pages.utils import type_to_delete_confirmation
from wagtail.models import Page

from fiches.models import FichePage
from fiches.moderation.bulk_deletion import say_deleted
from fiches.upkeep import recycle_bin

if TYPE_CHECKING:
    from fiches.models import Edition, FicheIndexPage, Synonyme
    from fiches.upkeep.recycle_bin import DiscardPageAction


A_PAGE = 50


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The deleted fiches that the user may see, the last deleted first."""
    records = recycle_bin.seen_by(request.user).select_related("fiche", "supprimee_par").defer("fiche__corps")
    page = Paginator(records, A_PAGE).get_page(request.GET.get("p"))
    context = {
        "page_obj": page,
        "jours": recycle_bin.KEPT.days,
        "adresse": reverse("fiches_corbeille"),
        "breadcrumbs_items": [{"url": "", "label": _("Bin")}],
    }
    return render(request, "fiches/admin/corbeille.html", context)


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    record = get_object_or_404(recycle_bin.seen_by(request.user), pk=pk)
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


@require_POST
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Deletes a fiche for good before the thirty days are over."""
    record = get_object_or_404(recycle_bin.seen_by(request.user), pk=pk)
    title = str(record)
    recycle_bin.forget(record)
    messages.success(request, _("“%(title)s” is deleted for good.") % {"title": title})
    return redirect("fiches_corbeille")


class FicheDeleteView(DeleteView):
    """The deletion of a fiche: moves it to the bin, with the translations and aliases that Wagtail would delete with it."""

    def post(self, request: HttpRequest, *args: int, **kwargs: Any) -> HttpResponse:
        parent = self.page.get_parent()
        for fiche in self.pages_to_delete:
            recycle_bin.discard(fiche, by=request.user)
        number = len(self.pages_to_delete)
        done = _("“%(title)s” is deleted.") % {"title": self.page.get_admin_display_title()}
        kept = ngettext("It stays %(days)s days in the bin.", "They stay %(days)s days in the bin.", number)
        say_deleted(request, f"{done} {kept % {'days': recycle_bin.KEPT.days}}", fiches=number)
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
    path("corbeille/", index, name="fiches_corbeille"),
    path("corbeille/<int:pk>/restaurer/", restore, name="fiches_corbeille_restaurer"),
    path("corbeille/<int:pk>/oublier/", forget, name="fiches_corbeille_oublier"),
]
