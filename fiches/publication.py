"""Publishing and taking offline, whole or not at all: stock Wagtail writes the page, its log and its signals one by one,
and a process killed in between leaves a page that is offline and still found."""

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
