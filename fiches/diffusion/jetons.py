"""What a token writes through Wagtail's API v3 goes into moderation, as what a person writes does."""

from django.core.exceptions import ValidationError
from wagtail.actions import CreatePageAction, EditPageAction, RevertToPageRevisionAction

from fiches.moderation.decision import obstacles


def check_obstacles(page):
    """:raises ValidationError: something keeps ``page`` off the site: it isn't submitted, as in the admin."""
    if found := obstacles(page):
        raise ValidationError(found)


class Submitted:
    """Starts the page's workflow once it is saved, unless it was published or a review is going on."""

    def execute(self, *args, **kwargs):
        result = super().execute(*args, **kwargs)
        page = self.instance
        workflow = page.get_workflow()
        if not self.publish and workflow and not page.workflow_in_progress:
            workflow.start(page, user=self.user)
        return result


class SubmitNewFiche(Submitted, CreatePageAction):
    pass


class SubmitChangedFiche(Submitted, EditPageAction):
    def check(self, skip_permission_checks=False):
        super().check(skip_permission_checks)
        check_obstacles(self.instance)


class RevertUnlessKeptOff(RevertToPageRevisionAction):
    def check(self, skip_permission_checks=False):
        super().check(skip_permission_checks)
        check_obstacles(self.instance)
