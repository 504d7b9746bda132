"""Bulk actions of the inbox: assign dossiers, export them."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.views.bulk_action import BulkAction

from fiches.admin.bulk_actions import ExportAction, FilteredSelection, FormBulkAction, RecordOrNoneField
from fiches.admin.importation.fiche_export import in_batches, response
from fiches.candidatures.consentements import with_news_address
from fiches.candidatures.dossier_transitions import locked
from fiches.candidatures.inbox import DossierFilterSet, DossierIndexView, DossierViewSet, inbox, matches
from fiches.candidatures.models import Dossier
from fiches.candidatures.staff_decisions import TakenMeanwhileError, assign
from fiches.candidatures.views.dossier_screen import AssignForm
from fiches.moderation.decision import AlreadyDecided, DecisionRefused


class InboxBulkAction(FilteredSelection, FormBulkAction, BulkAction):
    """A bulk action on the dossiers of the inbox, the last sent first."""

    models = [Dossier]
    filterset_class = DossierFilterSet
    matches = staticmethod(matches)
    permission = "rallynov_candidatures.change_dossier"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @classmethod
    def get_queryset(cls, model: type, object_ids: QuerySet | list[str]) -> Any:
        return inbox().filter(pk__in=object_ids).order_by(F("soumis").desc(nulls_last=True), "-pk")

    def listed(self, parent_id: Any) -> QuerySet:
        return inbox()

    def refusal(self, dossier: Dossier) -> str:
        return ""

    def locked(self, dossier: Dossier) -> Dossier:
        try:
            return locked(dossier)
        except Dossier.DoesNotExist:
            raise AlreadyDecided(_("This dossier was deleted meanwhile.")) from None

    def name_of(self, dossier: Dossier) -> str:
        name = f"{dossier.numero} – {dossier}"
        if not dossier.responsable:
            return name
        given = _("given to %(name)s") % {"name": get_user_display_name(dossier.responsable)}
        return f"{name} ({given})"

    def object_context(self, dossier: Dossier) -> dict[str, Any]:
        return {**super().object_context(dossier), "edit_url": reverse("dossiers:detail", args=[dossier.pk])}


class AssignManyForm(AssignForm):
    responsable = RecordOrNoneField(
        get_user_model().objects.none(), label=gettext_lazy("Assignee"), none_label=gettext_lazy("Nobody")
    )


class Assign(InboxBulkAction):
    display_name = gettext_lazy("Give to someone")
    action_type = "affecter"
    aria_label = gettext_lazy("Give the selected dossiers to a member of the staff")
    form_class = AssignManyForm
    question = gettext_lazy("To whom are all these dossiers given?")
    button = gettext_lazy("Give the dossiers")

    def object_context(self, dossier: Dossier) -> dict[str, Any]:
        return {**super().object_context(dossier), "seen": f"{dossier.pk}-{dossier.responsable_id or ''}"}

    def act_if_allowed(self, item: Dossier, **asked: Any) -> None:
        """Leaves out a dossier that has another assignee since the screen was shown, unless it is the one that was chosen."""
        seen = dict(each.split("-", 1) for each in self.request.POST.getlist("vu") if "-" in each)
        try:
            super().act_if_allowed(item, seen=seen.get(str(item.pk)), **asked)
        except TakenMeanwhileError:
            name = get_user_display_name(Dossier.objects.get(pk=item.pk).responsable)
            raise DecisionRefused(_("It was given to %(name)s meanwhile.") % {"name": name}) from None

    @classmethod
    def act(cls, dossier: Dossier, user: AbstractUser, *, responsable: AbstractUser | None, seen: str | None) -> None:
        assign(dossier=dossier, to=responsable, by=user, seen=seen)

    def success_message(self, number: int) -> str:
        if self.cleaned_form.cleaned_data["responsable"]:
            message = ngettext("%(number)d dossier given.", "%(number)d dossiers given.", number)
        else:
            message = ngettext("%(number)d dossier given to nobody.", "%(number)d dossiers given to nobody.", number)
        return message % {"number": number}


class ExportDossiers(ExportAction, InboxBulkAction):
    """Exports the columns of the list's own export: no private answer, except the address of companies that want news."""

    aria_label = gettext_lazy("Export the selected dossiers")
    permission = "rallynov_candidatures.view_dossier"
    question = gettext_lazy("Download these dossiers as a spreadsheet?")

    def download(self, keys: list[int], format: str) -> HttpResponseBase:
        dossiers = in_batches(keys, lambda pks: with_news_address(inbox().filter(pk__in=pks)))
        return response(rows_of(dossiers, format), format, "dossiers")


def rows_of(dossiers: Iterator[Any], format: str) -> Iterator[list[str]]:
    """Yields the headings, then one row per dossier, as the list's export writes them."""
    fields = DossierViewSet.list_export
    view = DossierIndexView(list_export=fields, export_headings=DossierViewSet.export_headings)
    yield [view.get_heading(Dossier.objects.none(), name) for name in fields]
    for dossier in dossiers:
        cells = [view.preprocess_field_value(*cell, format) for cell in view.to_row_dict(dossier).items()]
        yield ["" if value is None else str(value) for value in cells]


ACTIONS = [Assign, ExportDossiers]
