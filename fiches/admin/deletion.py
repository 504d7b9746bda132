"""What the admin deletes, and says when it may not: fiches and snippets."""

from typing import Any

from django.db.models.deletion import Collector, ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views.pages.delete import DeleteView

from fiches.models import FichePage


class FicheDeleteView(DeleteView):
    """Deletes a fiche. A user who may edit it but not delete it is redirected to its form, with a message that says why."""

    def dispatch(self, request: HttpRequest, page_id: int, *args: Any, **kwargs: Any) -> HttpResponse:
        user: Any = request.user
        permissions = get_object_or_404(FichePage, pk=page_id).permissions_for_user(user)
        if permissions.can_edit() and not permissions.can_delete():
            text = _("Only a draft that was never online, has no dossier and is not in the review can be deleted.")
            messages.error(request, text)
            return redirect("wagtailadmin_pages:edit", page_id)
        return super().dispatch(request, page_id, *args, **kwargs)


def before_delete_snippet(request: HttpRequest, records: list[Any]) -> HttpResponse | None:
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
