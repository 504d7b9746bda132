"""Publishing and taking offline, whole or not at all, and told to whoever follows the page.

Stock Wagtail writes the page, its log and its signals one by one: a process killed in between leaves a page that is offline
and still found. And its bulk action takes pages offline as plain ``Page`` objects, so that nothing of their own kind hears.
"""

from functools import wraps

from django.db import transaction
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.actions.unpublish import UnpublishAction
from wagtail.actions.unpublish_page import UnpublishPageAction

ACTIONS = (PublishRevisionAction, UnpublishAction, UnpublishPageAction)
"""The classes that define ``execute``; every way to publish, in the admin, the workflow, the API and by date, ends there."""


def make_whole():
    """Called once, when Django starts."""
    for action in ACTIONS:
        if not hasattr(action.execute, "__wrapped__"):
            action.execute = transaction.atomic(action.execute)
    UnpublishPageAction.execute = _of_its_own_kind(UnpublishPageAction.execute)


def _of_its_own_kind(execute):
    @wraps(execute)
    def execute_on_specific(self, *args, **kwargs):
        given = self.object
        self.object = given.specific
        result = execute(self, *args, **kwargs)
        given.live, given.has_unpublished_changes = self.object.live, self.object.has_unpublished_changes
        return result

    return execute_on_specific
