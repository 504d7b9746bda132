"""Bulk actions on the pages of a list: submit them to the review, give them an edition, publish them, delete them.

« Select all » selects what the filters and the search of the list leave, which Wagtail's own actions ignore.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.views.pages.bulk_actions import DeleteBulkAction, PublishBulkAction
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction
from wagtail.models import Page, Revision

from fiches.admin.dashboard import pages_seen_by
from fiches.admin.fiche_lists import matches
from fiches.admin.filters import FicheFilterSet
from fiches.models import Edition, FichePage
from fiches.models.querysets import lock_row
from fiches.models.revisions import refuse_alias
from fiches.moderation.completeness import wrong_values
from fiches.moderation.decision import DecisionRefused, obstacles
from fiches.moderation.submitting import check_may_submit, submit_as_read

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


# The log action of a revision that a bulk action made: who made it did not read the page.
IN_BULK = "rallynov.edit_in_bulk"


class FilteredSelection:
    """Mixin of a bulk action on the fiches of the list; on other pages for a subclass that replaces its attributes. « Select all »
    selects all that match the filters and the search of the list, which are in the parameter ``next``.

    ``filterset_class`` has the filters of the list; ``matches(text)`` returns the condition of its search.
    """

    models = [FichePage]
    filterset_class: Any = FicheFilterSet
    matches = staticmethod(matches)

    def get_all_objects_in_listing_query(self, parent_id: Any) -> QuerySet:
        query = QueryDict(self.next_url.partition("?")[2])
        pages = pages_seen_by(self.request.user, self.model)
        if parent_id:
            pages = pages.child_of(Page.objects.get(pk=parent_id))
        filters = self.filterset_class(query, queryset=pages, request=self.request)
        if filters.is_valid():
            pages = filters.filter_queryset(pages)
        if text := query.get("q"):
            pages = pages.filter(self.matches(text))
        return pages.values_list("pk", flat=True)


class EachPage:
    """Mixin of a bulk action that acts on each page with its row locked. Pages that refuse are left out, and listed with the reason.

    Subclasses define ``question`` and ``button``, the texts of the confirmation; ``refusal(page)``, the reason or ``""``; and
    ``act(page, **cleaned_data)``.
    """

    template_name = "fiches/admin/lot.html"
    form_class = forms.Form
    question: "StrOrPromise" = ""
    button: "StrOrPromise" = ""

    def refusal(self, page: Page) -> str:
        permissions = page.permissions_for_user(self.request.user)
        if not permissions.can_edit():
            return _("You may not change it.")
        return _("It is locked: somebody else is to decide on it.") if permissions.page_locked() else ""

    def check_perm(self, page: Page) -> bool:
        return not self.refusal(page.specific)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        left_out = [
            (page, self.refusal(page)) for page in (each["item"].specific for each in context["items_with_no_access"])
        ]
        return {**context, "left_out": left_out, "question": self.question, "button": self.button}

    def prepare_action(self, objects: list[Page], objects_without_access: dict[str, list[Page]]) -> None:
        self.left_out: list[tuple[str]] = []
        objects += objects_without_access["items_with_no_access"]  # each is read again, and says why it is left out

    def get_execution_context(self) -> dict[str, Any]:
        return {"view": self, **self.cleaned_form.cleaned_data}

    @classmethod
    def execute_action(cls, objects: list[Page], view: Any = None, **asked: Any) -> tuple[int, int]:
        return sum(view.act_in_turn(page, asked) for page in objects), 0

    def act_in_turn(self, page: Page, asked: dict[str, Any]) -> bool:
        """Whether the page was acted on; if not, the reason is in ``left_out``."""
        try:
            with transaction.atomic():
                if not lock_row(page.pk):
                    raise DecisionRefused(_("This page has been deleted."))
                current = Page.objects.get(pk=page.pk).specific
                if reason := self.refusal(current):
                    raise DecisionRefused(reason)
                self.act(current, **asked)
        except DecisionRefused as refusal:
            text = _("“%(title)s” was left out. %(reason)s")
            self.left_out.append((text % {"title": page.draft_title, "reason": refusal},))
            return False
        return True

    def get_success_message(self, number: int, _below: int) -> str | None:
        if self.left_out:
            messages.warning(self.request, format_html_join(mark_safe("<br>"), "{}", self.left_out))
        text = ngettext("%(number)d page changed.", "%(number)d pages changed.", number)
        return text % {"number": number} if number else None


@transaction.atomic
def revise(fiche: Page, *, by: AbstractUser, change: Callable[..., Any], log_action: str = "wagtail.edit") -> Revision:
    """Applies ``change(draft)`` to the latest draft, and saves it as a new revision. The live version doesn't change.

    :param by: the user.
    :param log_action: :data:`IN_BULK` for a bulk action.
    :returns: the revision.
    :raises PermissionDenied: the fiche is locked for ``by``.
    """
    lock_row(fiche.pk)
    draft = fiche.get_latest_revision_as_object()
    change(draft)
    if not draft.live:
        draft.save(clean=False)
    return draft.save_revision(user=by, log_action=log_action)


class EditionForm(forms.Form):
    edition = forms.ModelChoiceField(Edition.objects.all(), label=gettext_lazy("Edition"))


class GiveEdition(EachPage, FilteredSelection, PageBulkAction):
    display_name = gettext_lazy("Give an edition")
    aria_label = gettext_lazy("Give the selected pages an edition")
    action_type = "edition"
    action_priority = 12
    form_class = EditionForm
    question = gettext_lazy(
        "To which edition do all these pages belong? It takes the place of theirs. A page that is online shows it once the change is "
        "published."
    )
    button = gettext_lazy("Give the edition")

    def act(self, page: Page, *, edition: Edition) -> None:
        revise(page, by=self.request.user, change=lambda draft: setattr(draft, "edition", edition), log_action=IN_BULK)


class Submit(EachPage, FilteredSelection, PageBulkAction):
    display_name = gettext_lazy("Submit")
    aria_label = gettext_lazy("Submit the selected pages to the review")
    action_type = "soumettre"
    action_priority = 13
    question = gettext_lazy("Submit these pages to the review?")
    button = gettext_lazy("Submit")

    def refusal(self, page: Page) -> str:
        try:
            check_may_submit(page, self.request.user)
        except DecisionRefused as refusal:
            return str(refusal)
        return ""

    def act(self, page: Page) -> None:
        submit_as_read(page=page, by=self.request.user, revision_read=None)


class Publish(EachPage, PublishBulkAction):
    """Wagtail's, without the pages below those that are chosen, and without those that are invalid or have an obstacle. The list of
    fiches doesn't offer it: the review publishes them."""

    form_class = forms.Form
    question = gettext_lazy("Publish these pages?")
    button = gettext_lazy("Publish")

    def refusal(self, page: Page) -> str:
        if not page.permissions_for_user(self.request.user).can_publish():
            return _("You may not publish it, or it is in the review.")
        try:
            refuse_alias(page)
        except ValidationError as error:
            return " ".join(error.messages)
        return " ".join(obstacles(page) or wrong_values(page.get_latest_revision_as_object()).values())

    def act(self, page: Page) -> None:
        (page.get_latest_revision() or page.save_revision(user=self.request.user)).publish(user=self.request.user)


class Delete(FilteredSelection, DeleteBulkAction):
    """Wagtail's, of the filtered list."""


ACTIONS = [GiveEdition, Submit, Delete, Publish]
