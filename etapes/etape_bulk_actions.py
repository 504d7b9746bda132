"""Bulk actions of the étapes' list in the admin."""

from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy, ngettext

from etapes.etape_export import download
from etapes.etape_filterset import EtapeFilterSet, text_condition
from etapes.models import EtapePage
from fiches.admin.bulk_actions import (
    BULK_ACTIONS,
    EditionAction,
    ExportPages,
    FilteredPages,
    PagesBulkAction,
    SubmitAction,
)


class OfTheRoad(FilteredPages):
    models = [EtapePage]
    filterset_class = EtapeFilterSet
    matches = staticmethod(text_condition)


class EtapeBulkAction(OfTheRoad, PagesBulkAction):
    def success_message(self, number: int) -> str:
        return ngettext("%(number)d étape changed.", "%(number)d étapes changed.", number) % {"number": number}


class SetEditionOfEtapes(EditionAction, EtapeBulkAction):
    aria_label = gettext_lazy("Give the selected étapes an edition")
    question = gettext_lazy("To which edition do all these étapes belong? It takes the place of theirs.")


class SubmitEtapes(SubmitAction, EtapeBulkAction):
    aria_label = gettext_lazy("Submit the selected étapes to the review")
    question = gettext_lazy("Submit these étapes to the review?")

    def success_message(self, number: int) -> str:
        return ngettext("%(number)d étape submitted.", "%(number)d étapes submitted.", number) % {"number": number}


class ExportEtapes(ExportPages, EtapeBulkAction):
    aria_label = gettext_lazy("Export the selected étapes")
    question = gettext_lazy("Download these étapes as a spreadsheet?")

    def download(self, keys: list[int], format: str) -> HttpResponseBase:
        return download(keys, format)


OWN = [SetEditionOfEtapes, SubmitEtapes, ExportEtapes]
# Wagtail's own bulk actions are wrapped too, so that "select all" means the filtered list, as in ours.
ACTIONS = [*OWN, *(type(action.__name__, (OfTheRoad, action), {}) for action in BULK_ACTIONS)]
