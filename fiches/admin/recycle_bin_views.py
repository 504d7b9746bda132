"""The bin's screens, and how one is told, right after a deletion, that it can be undone."""

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models.deletion import Collector, ProtectedError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages

from fiches.models import FichePage, FicheSupprimee
from fiches.upkeep import recycle_bin

A_PAGE = 50


@require_GET
def index(request):
    """Those that this person may see, the last deleted first."""
    kept = recycle_bin.seen_by(request.user).select_related("proprietaire", "supprimee_par").defer("contenu")
    page = Paginator(kept, A_PAGE).get_page(request.GET.get("p"))
    context = {
        "page_obj": page,
        "jours": recycle_bin.KEPT.days,
        "adresse": reverse("fiches_corbeille"),
        "breadcrumbs_items": [{"url": "", "label": _("Bin")}],
    }
    return render(request, "fiches/redaction/corbeille.html", context)


@require_POST
def restore(request, pk):
    kept = get_object_or_404(recycle_bin.seen_by(request.user), pk=pk)
    try:
        fiche = recycle_bin.restore(kept, by=request.user)
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
def forget(request, pk):
    """Now, without waiting for the thirty days."""
    kept = get_object_or_404(recycle_bin.seen_by(request.user), pk=pk)
    title = kept.titre
    kept.delete()
    messages.success(request, _("“%(title)s” is deleted for good.") % {"title": title})
    return redirect("fiches_corbeille")


def told_of(request, pks):
    """After a deletion: who did it, and the way back."""
    recycle_bin.signed(pks, by=request.user)
    number = FicheSupprimee.objects.filter(page__in=pks).count()
    if number:
        text = ngettext("It stays %(days)s days in the bin.", "They stay %(days)s days in the bin.", number)
        button = messages.button(reverse("fiches_corbeille"), _("Undo the deletion"))
        messages.info(request, text % {"days": recycle_bin.KEPT.days}, buttons=[button])


def after_delete_page(request, page):
    if isinstance(page, FichePage):
        told_of(request, [page.pk])


def before_bulk_action(request, action_type, objects, action):
    """Keys are lost once the pages are deleted."""
    if action_type == "delete":
        request.pages_supprimees = [page.pk for page in objects]


def after_bulk_action(request, action_type, objects, action):
    if action_type == "delete":
        told_of(request, getattr(request, "pages_supprimees", []))


def before_delete_snippet(request, records):
    """What a protected link points to stays, and its list says so: Wagtail's index of uses knows no one-to-one link (an
    edition's palmarès), offers the deletion, and fails."""
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
