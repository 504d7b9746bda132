"""Wagtail's bulk deletion: fiches go to the bin, other pages are deleted for good, and both screens say so of each."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.contrib.auth.models import AbstractUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.admin.views.pages.bulk_actions import DeleteBulkAction
from wagtail.models import Page

from fiches.models import FichePage
from fiches.models.corbeille import is_in_the_bin
from fiches.moderation.decision import AlreadyDecided, DecisionRefused
from fiches.moderation.item_by_item import act_on_each, locked_page, say_left_out
from fiches.upkeep import recycle_bin


class DeletionEffects(NamedTuple):
    """What becomes of a selection. ``fiches``: number of fiches, those below included; ``others``: titles of the other pages
    chosen; ``below``: number of other pages below them."""

    fiches: int
    others: list[str]
    below: int

    @classmethod
    def of_deleting(cls, pages: Iterable[Page]) -> "DeletionEffects":
        paths = {page.pk: page for page in pages}
        concerned = {pk: page for each in paths.values() for pk, page in _with_descendants(each).items()}
        fiches = set(FichePage.objects.filter(pk__in=concerned).values_list("pk", flat=True))
        others = [_named(page) for pk, page in paths.items() if pk not in fiches]
        return cls(len(fiches), others, len(concerned) - len(fiches) - len(others))

    def warnings(self) -> list[str]:
        """Sentences for the confirmation."""
        sentences = []
        if self.fiches:
            text = ngettext(
                "%(number)s fiche goes to the bin. You can take it back for %(days)s days.",
                "%(number)s fiches go to the bin. You can take them back for %(days)s days.",
                self.fiches,
            )
            sentences.append(text % {"number": self.fiches, "days": recycle_bin.KEPT.days})
        if self.others:
            text = ngettext(
                "%(titles)s will be deleted for good: nobody can take it back.",
                "%(titles)s will be deleted for good: nobody can take them back.",
                len(self.others),
            )
            sentences.append(text % {"titles": get_text_list(self.others, _("and"))})
        if self.below:
            text = ngettext(
                "%(number)s page below will be deleted for good too.",
                "%(number)s pages below will be deleted for good too.",
                self.below,
            )
            sentences.append(text % {"number": self.below})
        return sentences

    def success_message(self) -> str:
        """The message after the deletion."""
        sentences = []
        if self.fiches:
            text = ngettext(
                "%(number)s fiche is in the bin. You can take it back for %(days)s days.",
                "%(number)s fiches are in the bin. You can take them back for %(days)s days.",
                self.fiches,
            )
            sentences.append(text % {"number": self.fiches, "days": recycle_bin.KEPT.days})
        if self.others:
            text = ngettext("Deleted for good: %(titles)s.", "Deleted for good: %(titles)s.", len(self.others))
            sentences.append(text % {"titles": get_text_list(self.others, _("and"))})
        if self.below:
            text = ngettext(
                "%(number)s page below is deleted for good too.",
                "%(number)s pages below are deleted for good too.",
                self.below,
            )
            sentences.append(text % {"number": self.below})
        return " ".join(sentences)


def _with_descendants(page: Page) -> dict[int, Page]:
    return {page.pk: page, **page.get_descendants().in_bulk()} if page.numchild else {page.pk: page}


def _named(page: Page) -> str:
    """Returns the title of a page, and whether the public reads it."""
    title = page.specific_deferred.get_admin_display_title()
    return (_("“%(title)s” (online)") if page.live else _("“%(title)s” (draft)")) % {"title": title}


def say_deleted(request: HttpRequest, text: str, *, fiches: int) -> None:
    """Adds the message of a deletion, with a link to the bin if fiches are there."""
    button = messages.button(reverse("fiches_corbeille"), _("Undo the deletion"))
    messages.success(request, text, buttons=[button] if fiches else None)


class DiscardBulkAction(DeleteBulkAction):
    template_name = "fiches/admin/suppression_lot.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {
            **context,
            "warnings": DeletionEffects.of_deleting(each["item"] for each in context["items"]).warnings(),
        }

    def get_execution_context(self) -> dict[str, Any]:
        return {**super().get_execution_context(), "view": self}

    @classmethod
    def execute_action(
        cls, objects: Sequence[Page], user: AbstractUser | None = None, view: Any = None, **kwargs: Any
    ) -> tuple[int, int]:
        pages: list[Page] = []
        _done, view.left_out = act_on_each(objects, lambda page: pages.append(view.to_delete(page)))
        view.effects = DeletionEffects.of_deleting(pages)
        below = sum(page.get_descendant_count() for page in pages)
        for page in pages:
            if Page.objects.filter(pk=page.pk).exists():  # else deleted with one above it
                recycle_bin.DiscardPageAction(page, user=user).execute(skip_permission_checks=True)
        return len(pages), below

    def to_delete(self, page: Page) -> Page:
        """Locks the row of a page and reloads the page from the database.

        :raises DecisionRefused: the page is left out.
        """
        current = locked_page(page)
        if is_in_the_bin(current):
            raise AlreadyDecided(_("This page has been deleted."))
        if not self.check_perm(current):
            raise DecisionRefused(_("You may not delete it."))
        return current

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> None:
        """Adds the only message of the deletion, which Wagtail's could not give a button."""
        say_left_out(self.request, [(page.draft_title, reason) for page, reason in self.left_out])
        if num_parent_objects:
            say_deleted(self.request, self.effects.success_message(), fiches=self.effects.fiches)
