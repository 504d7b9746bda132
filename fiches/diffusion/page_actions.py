"""Page actions for Wagtail's API v3: a fiche that is created or changed with a token enters moderation, as in the admin."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from wagtail.actions import CreatePageAction, EditPageAction, RevertToPageRevisionAction

from fiches.moderation.decision import obstacles

if TYPE_CHECKING:
    from fiches.models import FichePage


def check_obstacles(page: Any) -> None:
    """:raises ValidationError: something keeps ``page`` off the site, so that it can't be submitted; as in the admin."""
    if found := obstacles(page):
        raise ValidationError(found)


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


class SubmitChangedFiche(SubmitForModerationMixin, EditPageAction):
    def check(self, skip_permission_checks: bool = False) -> None:
        super().check(skip_permission_checks)
        check_obstacles(self.instance)


class RevertUnlessKeptOff(RevertToPageRevisionAction):
    def check(self, skip_permission_checks: bool = False) -> None:
        super().check(skip_permission_checks)
        check_obstacles(self.instance)
