"""Wagtail's bulk deletion: fiches go to the bin, other pages are deleted for good, and both screens say so of each."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.contrib.auth.models import AbstractUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.admin.views.pages.bulk_actions import DeleteBulkAction
from wagtail.models import Page

from fiches.models import FichePage
from fiches.upkeep import recycle_bin


class Fates(NamedTuple):
    """What becomes of a selection. ``fiches``: number of fiches, those below included; ``others``: titles of the other pages
    chosen; ``below``: number of other pages below them."""

    fiches: int
    others: list[str]
    below: int

    @classmethod
    def of(cls, pages: Iterable[Page]) -> "Fates":
        paths = {page.pk: page for page in pages}
        concerned = {pk: page for each in paths.values() for pk, page in _with_descendants(each).items()}
        fiches = set(FichePage.objects.filter(pk__in=concerned).values_list("pk", flat=True))
        others = [_named(page) for pk, page in paths.items() if pk not in fiches]
        return cls(len(fiches), others, len(concerned) - len(fiches) - len(others))

    def to_come(self) -> list[str]:
        """Sentences for the confirmation."""
        said = []
        if self.fiches:
            text = ngettext(
                "%(number)s fiche goes to the bin. You can take it back for %(days)s days.",
                "%(number)s fiches go to the bin. You can take them back for %(days)s days.",
                self.fiches,
            )
            said.append(text % {"number": self.fiches, "days": recycle_bin.KEPT.days})
        if self.others:
            text = ngettext(
                "%(titles)s will be deleted for good: nobody can take it back.",
                "%(titles)s will be deleted for good: nobody can take them back.",
                len(self.others),
            )
            said.append(text % {"titles": get_text_list(self.others, _("and"))})
        if self.below:
            text = ngettext(
                "%(number)s page below will be deleted for good too.",
                "%(number)s pages below will be deleted for good too.",
                self.below,
            )
            said.append(text % {"number": self.below})
        return said

    def done(self) -> str:
        """The message after the deletion."""
        said = []
        if self.fiches:
            text = ngettext(
                "%(number)s fiche is in the bin. You can take it back for %(days)s days.",
                "%(number)s fiches are in the bin. You can take them back for %(days)s days.",
                self.fiches,
            )
            said.append(text % {"number": self.fiches, "days": recycle_bin.KEPT.days})
        if self.others:
            text = ngettext("Deleted for good: %(titles)s.", "Deleted for good: %(titles)s.", len(self.others))
            said.append(text % {"titles": get_text_list(self.others, _("and"))})
        if self.below:
            text = ngettext(
                "%(number)s page below is deleted for good too.",
                "%(number)s pages below are deleted for good too.",
                self.below,
            )
            said.append(text % {"number": self.below})
        return " ".join(said)


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
        return {**context, "fates": Fates.of(each["item"] for each in context["items"]).to_come()}

    def prepare_action(self, objects: list[Page], objects_without_access: Any) -> HttpResponse | None:
        self._fates = Fates.of(objects)
        return super().prepare_action(objects, objects_without_access)

    @classmethod
    def execute_action(
        cls, objects: Sequence[Page], user: AbstractUser | None = None, **kwargs: Any
    ) -> tuple[int, int]:
        below = sum(page.get_descendant_count() for page in objects)
        for page in objects:
            recycle_bin.DiscardPageAction(page, user=user).execute(skip_permission_checks=True)
        return len(objects), below

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> None:
        """Adds the only message of the deletion, which Wagtail's could not give a button."""
        say_deleted(self.request, self._fates.done(), fiches=self._fates.fiches)
