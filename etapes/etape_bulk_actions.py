"""Bulk actions of the étapes' list in the admin."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.models import AbstractUser
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from etapes.etape_export import download
from etapes.etape_filterset import EtapeFilterSet, text_condition
from etapes.models import EtapeOrganisation, EtapePage
from fiches.admin.bulk_actions import EditionForm, ExportForm, FilteredSelection, PagesBulkAction, may_submit, submit
from fiches.admin.draft_revision import revise
from fiches.models import Partenaire
from fiches.moderation.readable_titles import BULK_ACTIONS

if TYPE_CHECKING:
    from fiches.models import Edition


class OfTheRoad(FilteredSelection):
    models = [EtapePage]
    filterset_class = EtapeFilterSet

    @staticmethod
    def matches(text: str) -> Any:
        return text_condition(text)


class EtapeBulkAction(OfTheRoad, PagesBulkAction):
    def success_message(self, number: int) -> str:
        return ngettext("%(number)d étape changed.", "%(number)d étapes changed.", number) % {"number": number}


class OrganiserForm(forms.Form):
    partenaire = forms.ModelChoiceField(Partenaire.objects.all(), label=gettext_lazy("Organiser"), empty_label="–")


class AddOrganiser(EtapeBulkAction):
    display_name = gettext_lazy("Add an organiser")
    action_type = "organisateur"
    aria_label = gettext_lazy("Add an organiser to the selected étapes")
    action_priority = 10
    form_class = OrganiserForm
    question = gettext_lazy("Which partner organises all these étapes? Those that they have stay.")
    button = gettext_lazy("Add the organiser")

    @classmethod
    def act(cls, etape: EtapePage, user: AbstractUser, *, partenaire: Partenaire) -> None:
        def add_organiser(draft: EtapePage) -> None:
            if all(each.partenaire_id != partenaire.pk for each in draft.organisations.all()):
                draft.organisations.add(EtapeOrganisation(partenaire=partenaire))

        revise(etape.specific, by=user, change=add_organiser)


class SetEdition(EtapeBulkAction):
    display_name = gettext_lazy("Give an edition")
    action_type = "edition"
    aria_label = gettext_lazy("Give the selected étapes an edition")
    action_priority = 12
    form_class = EditionForm
    question = gettext_lazy("To which edition do all these étapes belong? It takes the place of theirs.")
    button = gettext_lazy("Give the edition")

    @classmethod
    def act(cls, etape: EtapePage, user: AbstractUser, *, edition: "Edition") -> None:
        revise(etape.specific, by=user, change=lambda draft: setattr(draft, "edition", edition))


class Submit(EtapeBulkAction):
    display_name = gettext_lazy("Submit")
    action_type = "soumettre"
    aria_label = gettext_lazy("Submit the selected étapes to the review")
    action_priority = 13
    question = gettext_lazy("Submit these étapes to the review?")
    button = gettext_lazy("Submit")
    form_class = forms.Form

    def refusal(self, etape: EtapePage) -> str:
        may = may_submit(etape.specific, self.request.user)
        return "" if may else _("You may not submit it, or it is in the review already.")

    @classmethod
    def act(cls, etape: EtapePage, user: AbstractUser) -> None:
        submit(etape.specific, user)

    def success_message(self, number: int) -> str:
        return ngettext("%(number)d étape submitted.", "%(number)d étapes submitted.", number) % {"number": number}


class Export(EtapeBulkAction):
    display_name = gettext_lazy("Export")
    action_type = "exporter"
    aria_label = gettext_lazy("Export the selected étapes")
    action_priority = 14
    form_class = ExportForm
    question = gettext_lazy("Download these étapes as a spreadsheet?")
    button = gettext_lazy("Download")

    def refusal(self, etape: EtapePage) -> str:
        may_edit = etape.specific.permissions_for_user(self.request.user).can_edit()
        return "" if may_edit else _("You may not change it.")

    def prepare_action(
        self, objects: list[EtapePage], objects_without_access: dict[str, list[Any]]
    ) -> HttpResponseBase:
        return download([etape.pk for etape in objects], self.cleaned_form.cleaned_data["format"])

    @classmethod
    def act(cls, etape: Any, user: Any, **asked: Any) -> None:
        """Does nothing: `prepare_action` returns the file."""


OWN = [AddOrganiser, SetEdition, Submit, Export]
# Wagtail's own bulk actions are wrapped too, so that "select all" means the filtered list, as in ours.
ACTIONS = [*OWN, *(type(action.__name__, (OfTheRoad, action), {}) for action in BULK_ACTIONS)]
