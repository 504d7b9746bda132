"""Bulk actions of the list of partners, and its export."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, QuerySet
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.permissions import policy_registry
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from fiches.admin.bulk_actions import ExportAction, FilteredSelection, FormBulkAction
from fiches.admin.importation.fiche_export import in_batches, response
from fiches.admin.partner_list import PartenaireFilterSet, contains, labels_of
from fiches.models import Partenaire
from fiches.spreadsheet_cells import escape_formula


class FilteredPartners(FilteredSelection):
    models = [Partenaire]
    filterset_class = PartenaireFilterSet
    matches = staticmethod(contains)

    def listed(self, parent_id: Any) -> QuerySet:
        return Partenaire.objects.order_by("nom")


class ExportPartners(ExportAction, FilteredPartners, FormBulkAction, SnippetBulkAction):
    aria_label = gettext_lazy("Export the selected partners")
    question = gettext_lazy("Download these partners as a spreadsheet?")
    permissions = ("view", "change")

    def refusal(self, partner: Partenaire) -> str:
        policy = policy_registry.get_by_type(Partenaire)
        may = policy.user_has_any_permission_for_instance(self.request.user, self.permissions, partner)
        return "" if may else _("You may not change it.")

    def download(self, keys: list[int], format: str) -> HttpResponseBase:
        return download(keys, format)


def download(pks: list[int], kind: str) -> HttpResponseBase:
    """A response with the partners ``pks`` as ``"csv"`` or ``"xlsx"``, sorted by name. It has no contact details, since users
    who may only view partners can export them."""
    chosen = set(pks)
    keys = [pk for pk in Partenaire.objects.order_by("nom").values_list("pk", flat=True) if pk in chosen]
    counted = Partenaire.objects.annotate(nombre=Count("fiches"))
    return response(rows_of(in_batches(keys, lambda pks: counted.filter(pk__in=pks))), kind, "partenaires")


def rows_of(partners: Iterator[Any]) -> Iterator[list[str]]:
    yield [_("Name"), _("Acronym"), _("Roles"), _("Web site"), _("Fiches"), _("To mend"), _("Example")]
    for each in partners:
        mend = ", ".join(map(str, labels_of(each)))
        example = _("yes") if each.exemple else _("no")
        row = [each.nom, each.sigle, each.roles_en_clair(), each.site, each.nombre, mend, example]
        yield [escape_formula(str(value)) for value in row]


ACTIONS = [ExportPartners, type("DeletePartners", (FilteredPartners, DeleteBulkAction), {})]
