"""Bulk actions of the inbox: assign dossiers, export them."""

from collections.abc import Iterator
from typing import Any

from django.contrib.admin.utils import label_for_field
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.views.bulk_action import BulkAction

from fiches.admin.bulk_actions import ExportForm, FilteredSelection
from fiches.admin.importation.fiche_export import in_batches, response
from fiches.candidatures.consentements import with_news_address
from fiches.candidatures.inbox import DossierFilterSet, DossierViewSet, inbox, matches, shown_state
from fiches.candidatures.models import Dossier
from fiches.candidatures.staff_decisions import assign
from fiches.candidatures.views.dossier_screen import AssignForm
from fiches.spreadsheet_cells import escape_formula


class InboxBulkAction(FilteredSelection, BulkAction):
    """A bulk action on the dossiers of the inbox."""

    models = [Dossier]
    filterset_class = DossierFilterSet
    matches = staticmethod(matches)
    permission = "rallynov_candidatures.change_dossier"
    template_name = "candidatures/admin/lot.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @classmethod
    def get_queryset(cls, model: type, object_ids: QuerySet | list[str]) -> Any:
        return inbox().filter(pk__in=object_ids)

    def listed(self, parent_id: Any) -> QuerySet:
        return inbox()


class Assign(InboxBulkAction):
    display_name = gettext_lazy("Give to someone")
    action_type = "affecter"
    aria_label = gettext_lazy("Give the selected dossiers to a member of the staff")
    form_class = AssignForm
    question = gettext_lazy("To whom are all these dossiers given?")

    def get_execution_context(self) -> dict[str, AbstractUser]:
        return {"to": self.cleaned_form.cleaned_data["responsable"], "by": self.request.user}

    @classmethod
    def execute_action(cls, objects: list[Dossier], *, to: AbstractUser, by: AbstractUser) -> tuple[int, int]:
        for dossier in objects:
            assign(dossier=dossier, to=to, by=by)
        return len(objects), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return ngettext("%(number)d dossier given.", "%(number)d dossiers given.", num_parent_objects) % {
            "number": num_parent_objects
        }


class Export(InboxBulkAction):
    """Exports the columns of the list's own export: no private answer, except the address of companies that want news."""

    display_name = gettext_lazy("Export")
    action_type = "exporter"
    aria_label = gettext_lazy("Export the selected dossiers")
    permission = "rallynov_candidatures.view_dossier"
    form_class = ExportForm
    question = gettext_lazy("Download these dossiers as a spreadsheet?")
    button = gettext_lazy("Download")

    def prepare_action(self, objects: list[Dossier], objects_without_access: dict[str, list[Any]]) -> HttpResponseBase:
        objects = sorted(
            objects, key=lambda dossier: (dossier.soumis is not None, dossier.soumis, dossier.pk), reverse=True
        )
        dossiers = in_batches([each.pk for each in objects], lambda pks: with_news_address(inbox().filter(pk__in=pks)))
        return response(rows_of(dossiers), self.cleaned_form.cleaned_data["format"], "dossiers")

    @classmethod
    def execute_action(cls, objects: Any, **context: Any) -> None:
        """Does nothing: `prepare_action` returns the file."""


def rows_of(dossiers: Iterator[Any]) -> Iterator[list[str]]:
    """Yields the headings, then one row per dossier, with the columns and the formats of the list's export."""
    fields = DossierViewSet.list_export
    yield [str(DossierViewSet.export_headings.get(name) or capfirst(label_for_field(name, Dossier))) for name in fields]
    for dossier in dossiers:
        row = dict.fromkeys(fields)
        for name in fields:
            value = getattr(dossier, name)
            row[name] = value() if callable(value) else value
        row["get_etat_display"] = shown_state(dossier)
        row["responsable"] = get_user_display_name(dossier.responsable) if dossier.responsable else ""
        row["soumis"] = f"{timezone.localtime(dossier.soumis):%Y-%m-%d %H:%M}" if dossier.soumis else ""
        yield [escape_formula(str(value)) for value in row.values()]


ACTIONS = [Assign, Export]
