"""Page actions of Wagtail's API v3 that make the admin's refusals about étapes with registrations."""

from django.core.exceptions import ValidationError
from wagtail.models import Page

from etapes.inscriptions.registration_guard import deletion_refusal, move_refusal, unpublication_refusals
from fiches.diffusion.page_actions import MoveWithReason, UnpublishWithReason
from fiches.upkeep.recycle_bin import DiscardPageAction


class UnpublishUnlessExpected(UnpublishWithReason):
    """:raises ValidationError: the page, or a page below it, is an étape with active registrations."""

    def check(self, skip_permission_checks: bool = False) -> None:
        super().check(skip_permission_checks)
        refusals = unpublication_refusals([self.object])
        if refusals:
            raise ValidationError(list(refusals.values()))


class DeleteUnlessExpected(DiscardPageAction):
    """:raises ValidationError: the page, or a page below it, is an étape with active registrations."""

    def check(self, skip_permission_checks: bool = False) -> None:
        super().check(skip_permission_checks)
        refusal = deletion_refusal([self.page])
        if refusal:
            raise ValidationError(refusal)


class MoveUnlessExpected(MoveWithReason):
    """:raises ValidationError: an étape with active registrations would become private."""

    def check(self, parent_after: Page, skip_permission_checks: bool = False) -> None:
        super().check(parent_after, skip_permission_checks)
        refusal = move_refusal(self.page, parent_after)
        if refusal:
            raise ValidationError(refusal)
