"""Page actions for Wagtail's API v3: a fiche that is created or changed with a token enters moderation, as in the admin; and an
action that the state of the page forbids is refused with that reason. (Wagtail's would say that the account has no permission.)"""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _
from wagtail.actions import (
    CreatePageAction,
    EditPageAction,
    MovePageAction,
    PublishPageRevisionAction,
    RevertToPageRevisionAction,
    UnpublishPageAction,
)
from wagtail.models import Page

from fiches.models.revisions import refuse_alias
from fiches.moderation.decision import obstacles
from fiches.moderation.readable_titles import unreadable_pages

if TYPE_CHECKING:
    from fiches.models import FichePage


def check_obstacles(page: Page) -> None:
    """:raises ValidationError: something keeps ``page`` off the site, so that it can't be submitted; as in the admin."""
    if reasons := obstacles(page):
        raise ValidationError(reasons)


class SubmitForModerationMixin:
    """Starts the page's workflow after the save, unless the page was published or a workflow is in progress."""

    def execute(self, *args: Any, **kwargs: Any) -> "FichePage":
        result = super().execute(*args, **kwargs)
        page = self.instance
        workflow = page.get_workflow()
        if not self.publish and workflow and not page.workflow_in_progress:
            workflow.start(page, user=self.user)
        return result


class SubmitNewFiche(SubmitForModerationMixin, CreatePageAction):
    pass


class EditUnlessAlias(EditPageAction):
    """:raises AliasHasNoRevisions: the page is an alias."""

    def check(self, skip_permission_checks: bool = False) -> None:
        super().check(skip_permission_checks)
        refuse_alias(self.instance)


class SubmitChangedFiche(SubmitForModerationMixin, EditUnlessAlias):
    def check(self, skip_permission_checks: bool = False) -> None:
        super().check(skip_permission_checks)
        check_obstacles(self.instance)


class RevertUnlessKeptOff(RevertToPageRevisionAction):
    def check(self, skip_permission_checks: bool = False) -> None:
        super().check(skip_permission_checks)
        check_obstacles(self.instance)


class MoveWithReason(MovePageAction):
    """Checks the new position of a page.

    :raises ValidationError: no user may move the page to this position.
    """

    def check(self, parent_after: Page, skip_permission_checks: bool = False) -> None:
        try:
            super().check(parent_after, skip_permission_checks)
        except PermissionDenied:
            if reason := self._why_impossible(parent_after):
                raise ValidationError(reason) from None
            raise

    def _why_impossible(self, parent: Page) -> str:
        """Why nobody could move the page below ``parent``; "" if the reason is a missing permission."""
        page = self.page.specific
        if not page.permissions_for_user(self.user).can_move() or unreadable_pages(self.user, [parent.pk]):
            return ""
        if parent.path.startswith(page.path):
            return _("Nothing was moved: a page can’t stand below itself.")
        if not page.can_move_to(parent):
            names = {"type": page.page_type_display_name, "title": parent.get_admin_display_title()}
            reason = _("Nothing was moved: a page of type “%(type)s” can’t stand below “%(title)s”.") % names
            return (
                reason if self.pos else f"{reason} {_('To put it below the destination, send position: last-child.')}"
            )
        return ""


class UnpublishWithReason(UnpublishPageAction):
    """:raises ValidationError: the page is not online."""

    def check(self, skip_permission_checks: bool = False) -> None:
        page = self.object
        if self.user and not page.live and page.permissions_for_user(self.user).can_edit():
            raise ValidationError(_("Nothing was taken off the site: this page is not online."))
        super().check(skip_permission_checks)


class PublishWithReason(PublishPageRevisionAction):
    """:raises ValidationError: the page is under review, where only the decision publishes it; or something keeps it off the site."""

    def check(self, skip_permission_checks: bool = False) -> None:
        try:
            super().check(skip_permission_checks)
        except PermissionDenied:
            if self.user.is_superuser and self.object.workflow_in_progress:
                raise ValidationError(_("This page is under review: its approval puts it online.")) from None
            raise
        check_obstacles(self.object)
