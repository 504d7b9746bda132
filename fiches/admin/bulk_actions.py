"""Bulk actions of the list of fiches."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.models import AbstractUser
from django.db.models import QuerySet
from django.forms.models import ModelChoiceIterator
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail import hooks
from wagtail.admin.views.pages.bulk_actions import DeleteBulkAction, MoveBulkAction, UnpublishBulkAction
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction
from wagtail.models import Page

from fiches.admin.dashboard_lines import pages_seen_by
from fiches.admin.draft_revision import IN_BULK, revise
from fiches.admin.fiche_lists import matches
from fiches.admin.filters import FicheFilterSet
from fiches.admin.importation.fiche_export import response, rows_of
from fiches.models import Edition, FichePage
from fiches.moderation.bulk_publication import PublishWithoutObstacle
from fiches.moderation.decision import DecisionRefused
from fiches.moderation.item_by_item import act_on_each, locked_page, say_left_out
from fiches.moderation.permissions import readable_pages
from fiches.moderation.submitting import check_may_submit, submit_as_read

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class LeftToTheHost:
    """The models of a bulk action that replaces one of Wagtail's, without those for which a host site replaces it too."""

    def __init__(self, models: list[type]) -> None:
        self.models = models

    def __get__(self, instance: Any, action: Any) -> list[type]:
        same = (each for each in hooks.get_hooks("register_bulk_action") if each.action_type == action.action_type)
        others = (each for each in same if not isinstance(vars(each).get("models"), LeftToTheHost))
        taken = {model for each in others if not each.__module__.startswith("wagtail.") for model in each.models}
        return [model for model in self.models if model not in taken]


def beside_the_host_s(actions: list[Any]) -> list[Any]:
    """These bulk actions, which leave to a host site what it replaces."""
    for action in actions:
        action.models = LeftToTheHost(list(action.models))
    return actions


class FilteredSelection:
    """Mixin of a bulk action: « Select all » selects all that match the filters and the search of the list, which are in the
    parameter ``next``. Subclasses define:

    - ``filterset_class``: the filters of the list;
    - ``listed(parent_id)``: the queryset of the list before its filters;
    - ``matches(text)``: the condition of its search.
    """

    def get_all_objects_in_listing_query(self, parent_id: Any) -> QuerySet:
        query = QueryDict(self.next_url.partition("?")[2])
        listed = self.listed(parent_id)
        filters = self.filterset_class(query, queryset=listed, request=self.request)
        if filters.is_valid():
            listed = filters.filter_queryset(listed)
        if text := query.get("q"):
            listed = listed.filter(self.matches(text))
        return listed.values_list("pk", flat=True)


class FilteredPages(FilteredSelection):
    """Mixin of a bulk action on the fiches of the list; on other pages for a subclass that replaces its attributes."""

    models = [FichePage]
    filterset_class = FicheFilterSet
    matches = staticmethod(matches)

    def listed(self, parent_id: Any) -> QuerySet:
        pages = pages_seen_by(self.request.user, self.model)
        return pages.child_of(Page.objects.get(pk=parent_id)) if parent_id else pages


class SeenPages:
    """Mixin of a bulk action on pages: its confirmation names, among the pages left out, those alone that the user may read. « Select
    all » takes each page below the one that is explored."""

    def get_actionable_objects(self) -> tuple[list[Page], dict[str, Any]]:
        pages, others = super().get_actionable_objects()
        refused = others["items_with_no_access"]
        seen = set(
            readable_pages(self.request.user).filter(pk__in=[page.pk for page in refused]).values_list("pk", flat=True)
        )
        return pages, {**others, "items_with_no_access": [page for page in refused if page.pk in seen]}


class FormBulkAction:
    """Mixin of a bulk action with a form, which acts on each item with its row locked. Subclasses define:

    - ``form_class``, ``question`` and ``button``: the form, its heading, its button;
    - ``refusal(item)``: why an item is left out, or ``""``;
    - ``locked(item)``: the item read anew, with its row locked; it may raise DecisionRefused;
    - ``object_context(item)``, from a class after this one or their own: ``edit_url``, the address of an item;
    - ``act(item, user, **cleaned_data)``: the action on one item;
    - ``success_message(number)``: the success message;
    - ``revises``: whether it makes a new draft of pages, of which those that are online stay as they are.
    """

    revises = False

    template_name = "fiches/admin/lot.html"
    question: "StrOrPromise" = ""
    button: "StrOrPromise" = ""

    @cached_property
    def refusals(self) -> dict[int, str]:
        """``{key of an item: why it is left out}``, filled by :meth:`check_perm`."""
        return {}

    def check_perm(self, item: Any) -> bool:
        reason = self.refusals[item.pk] = self.refusal(item)
        return not reason

    def name_of(self, item: Any) -> str:
        """The text of the link to an item."""
        return str(item)

    def object_context(self, item: Any) -> dict[str, Any]:
        return {**super().object_context(item), "name": self.name_of(item)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        left_out = [each["item"] if isinstance(each, dict) else each for each in context["items_with_no_access"]]
        refused = [{"name": self.name_of(each), "reason": self.refusals[each.pk]} for each in left_out]
        return {**context, "items_with_no_access": refused, "question": self.question, "button": self.button}

    def prepare_action(self, objects: list[Any], objects_without_access: dict[str, list[Any]]) -> Any:
        self.left_out = [(item, self.refusals[item.pk]) for item in objects_without_access["items_with_no_access"]]

    def get_execution_context(self) -> dict[str, Any]:
        return {"view": self, **self.cleaned_form.cleaned_data}

    @classmethod
    def execute_action(cls, objects: list[Any], view: Any = None, **asked: Any) -> tuple[int, int]:
        done, left_out = act_on_each(objects, lambda item: view.act_if_allowed(item, **asked))
        view.left_out += left_out
        return len(done), sum(getattr(item, "live", False) for item in done) if cls.revises else 0

    def act_if_allowed(self, item: Any, **asked: Any) -> None:
        current = self.locked(item)
        if reason := self.refusal(current):
            raise DecisionRefused(reason)
        self.act(current, self.request.user, **asked)

    def get_success_message(self, number: int, online: int) -> str | None:
        say_left_out(self.request, [(self.name_of(item), reason) for item, reason in self.left_out])
        if not number:
            return None
        message = self.success_message(number)
        if online:
            note = ngettext(
                "%(number)d of them is online: the site shows the change once it is published.",
                "%(number)d of them are online: the site shows the change once they are published.",
                online,
            )
            message += " " + note % {"number": online}
        return message


class PagesBulkAction(FormBulkAction, SeenPages, PageBulkAction):
    """A bulk action with a form, on pages that the user may edit and that are not locked."""

    def locked(self, page: Page) -> Page:
        return locked_page(page)

    def name_of(self, page: Page) -> str:
        return page.specific_deferred.get_admin_display_title()

    def object_context(self, page: Page) -> dict[str, Any]:
        return {**super().object_context(page), "edit_url": reverse("wagtailadmin_pages:edit", args=[page.pk])}

    def refusal(self, page: Page) -> str:
        permissions = page.specific.permissions_for_user(self.request.user)
        if not permissions.can_edit():
            return _("You may not change it.")
        return _("It is locked: somebody else is to decide on it.") if permissions.page_locked() else ""


class FicheBulkAction(FilteredPages, PagesBulkAction):
    def success_message(self, number: int) -> str:
        return ngettext("%(number)d fiche changed.", "%(number)d fiches changed.", number) % {"number": number}


class ChoicesWithNone(ModelChoiceIterator):
    """The choices of :class:`RecordOrNoneField`: the empty one, « none », the records."""

    def __iter__(self) -> Iterator[Any]:
        choices = super().__iter__()
        yield next(choices)
        yield self.field.NONE, self.field.none_label
        yield from choices


class RecordOrNoneField(forms.ModelChoiceField):
    """A choice that must be made: a record, or none, whose value is None. Left as it is shown, it is an error.

    :param none_label: the label of « none ».
    """

    NONE = "aucun"
    iterator = ChoicesWithNone

    def __init__(self, queryset: QuerySet, *, none_label: "StrOrPromise", **kwargs: Any) -> None:
        self.none_label = none_label
        super().__init__(queryset, empty_label=gettext_lazy("Choose…"), **kwargs)

    def clean(self, value: Any) -> Any:
        return None if value == self.NONE else super().clean(value)


class EditionForm(forms.Form):
    edition = RecordOrNoneField(
        Edition.objects.all(), label=gettext_lazy("Edition"), none_label=gettext_lazy("No edition")
    )


class EditionAction:
    """Mixin of a bulk action that gives pages an edition."""

    revises = True
    display_name = gettext_lazy("Give an edition")
    action_type = "edition"
    action_priority = 12
    form_class = EditionForm
    button: "StrOrPromise" = gettext_lazy("Give the edition")

    @classmethod
    def act(cls, page: Page, user: AbstractUser, *, edition: Edition) -> None:
        revise(page.specific, by=user, change=lambda draft: setattr(draft, "edition", edition), log_action=IN_BULK)

    def success_message(self, number: int) -> str:
        message = super().success_message(number)
        if self.cleaned_form.cleaned_data["edition"] is None:
            message += " " + ngettext("It has no edition any more.", "They have no edition any more.", number)
        return message


class SetEditionOfFiches(EditionAction, FicheBulkAction):
    aria_label = gettext_lazy("Give the selected fiches an edition")
    question = gettext_lazy("To which edition do all these fiches belong? It takes the place of theirs.")


class SubmitAction:
    """Mixin of a bulk action that submits pages to the review."""

    display_name = gettext_lazy("Submit")
    action_type = "soumettre"
    action_priority = 13
    form_class = forms.Form
    button: "StrOrPromise" = gettext_lazy("Submit")

    def refusal(self, page: Page) -> str:
        try:
            check_may_submit(page.specific, self.request.user)
        except DecisionRefused as refusal:
            return str(refusal)
        return ""

    @classmethod
    def act(cls, page: Page, user: AbstractUser) -> None:
        submit_as_read(page=page, by=user, revision_read=None)


class SubmitFiches(SubmitAction, FicheBulkAction):
    aria_label = gettext_lazy("Submit the selected fiches to the review")
    question = gettext_lazy("Submit these fiches to the review?")

    def success_message(self, number: int) -> str:
        return ngettext("%(number)d fiche submitted.", "%(number)d fiches submitted.", number) % {"number": number}


class ExportForm(forms.Form):
    format = forms.ChoiceField(
        label=gettext_lazy("Format"),
        choices=[("xlsx", "XLSX"), ("csv", "CSV")],
        widget=forms.RadioSelect,
        initial="xlsx",
    )


class ExportAction:
    """Mixin of a bulk action that downloads items: ``download(keys, format)`` returns the file."""

    display_name = gettext_lazy("Export")
    action_type = "exporter"
    action_priority = 14
    form_class = ExportForm
    button: "StrOrPromise" = gettext_lazy("Download")

    def prepare_action(self, objects: list[Any], objects_without_access: dict[str, list[Any]]) -> HttpResponseBase:
        return self.download([item.pk for item in objects], self.cleaned_form.cleaned_data["format"])

    @classmethod
    def act(cls, item: Any, user: Any, **asked: Any) -> None:
        """Does nothing: :meth:`prepare_action` returns the file."""


class ExportPages(ExportAction):
    def refusal(self, page: Page) -> str:
        return "" if page.specific.permissions_for_user(self.request.user).can_edit() else _("You may not change it.")


class ExportFiches(ExportPages, FicheBulkAction):
    aria_label = gettext_lazy("Export the selected fiches")
    question = gettext_lazy("Download these fiches as a spreadsheet, in the columns that the import reads?")

    def download(self, keys: list[int], format: str) -> HttpResponseBase:
        return response(rows_of(sorted(keys)), format, "fiches")


BULK_ACTIONS = [
    type(action.__name__, (SeenPages, action), {})
    for action in (DeleteBulkAction, MoveBulkAction, PublishWithoutObstacle, UnpublishBulkAction)
]
OWN = [SetEditionOfFiches, SubmitFiches, ExportFiches]
WAGTAILS = [type(action.__name__, (FilteredPages, action), {}) for action in BULK_ACTIONS]
# Wagtail's actions are registered again for fiches with our « Select all ».
ACTIONS = [*OWN, *WAGTAILS]
