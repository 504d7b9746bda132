"""The bulk action of the inbox: export dossiers."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy
from wagtail.admin.views.bulk_action import BulkAction

from fiches.admin.bulk_actions import ExportAction, FilteredSelection, FormBulkAction
from fiches.admin.importation.fiche_export import in_batches, response
from fiches.candidatures.consentements import with_news_address
from fiches.candidatures.inbox import DossierFilterSet, DossierIndexView, DossierViewSet, inbox, matches
from fiches.candidatures.models import Dossier


class ExportDossiers(ExportAction, FilteredSelection, FormBulkAction, BulkAction):
    """Exports dossiers of the inbox, the last sent first, in the columns of the list's own export: no private answer, except the
    address of companies that want news."""

    models = [Dossier]
    filterset_class = DossierFilterSet
    matches = staticmethod(matches)
    permission = "rallynov_candidatures.view_dossier"
    aria_label = gettext_lazy("Export the selected dossiers")
    question = gettext_lazy("Download these dossiers as a spreadsheet?")

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

    def name_of(self, dossier: Dossier) -> str:
        return f"{dossier.numero} – {dossier}"

    def object_context(self, dossier: Dossier) -> dict[str, Any]:
        return {**super().object_context(dossier), "edit_url": reverse("dossiers:detail", args=[dossier.pk])}

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


ACTIONS = [ExportDossiers]
