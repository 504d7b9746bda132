"""What a token writes through Wagtail's API v3 goes into moderation, as what a person writes does."""

from wagtail.actions import CreatePageAction, EditPageAction


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
    pass
