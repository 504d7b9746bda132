"""Page actions for Wagtail's API v3: a fiche that is created or changed with a token enters moderation, as in the admin."""

from wagtail.actions import CreatePageAction, EditPageAction


class SubmitForModerationMixin:
    """Starts the page's workflow after the save, unless the page was published or a workflow is in progress."""

    def execute(self, *args, **kwargs):
        result = super().execute(*args, **kwargs)
        page = self.instance
        workflow = page.get_workflow()
        if not self.publish and workflow and not page.workflow_in_progress:
            workflow.start(page, user=self.user)
        return result


class SubmitNewFiche(SubmitForModerationMixin, CreatePageAction):
    pass


class SubmitChangedFiche(SubmitForModerationMixin, EditPageAction):
    pass
