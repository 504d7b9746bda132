"""Publishing and taking offline, whole or not at all, in turn, and told to whoever follows the page.

Stock Wagtail writes the page, its log and its signals one by one: a process killed in between leaves a page that is offline
and still found. It writes the page as its caller read it, whatever was written meanwhile. And its bulk action takes pages
offline as plain ``Page`` objects, so that nothing of their own kind hears.
"""

from functools import wraps

from django.db import transaction
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.actions.unpublish import UnpublishAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page

from fiches.moderation import hold


def make_whole():
    """Called when Django starts: these classes define ``execute``, where every way to publish ends, in the admin, the workflow,
    the API and by date."""
    for action, in_turn in (
        (PublishRevisionAction, _as_it_is_kept),
        (UnpublishAction, None),
        (UnpublishPageAction, _of_its_own_kind),
    ):
        if not hasattr(action.execute, "__wrapped__"):
            action.execute = transaction.atomic(in_turn(action.execute) if in_turn else action.execute)


def _as_it_is_kept(execute):
    """A page's row is taken first, as a decision does (see `fiches.moderation.hold`): whoever writes on the page, or on what
    hangs on it, comes before or after. What goes online is the revision as it then stands. Who hears of it by
    ``page_published`` finds what was online before in ``instance.replaced_revision_id`` (None: nothing, or no revision).

    :raises Revision.DoesNotExist: the page was deleted meanwhile.
    """

    @wraps(execute)
    def execute_in_turn(self, *args, **kwargs):
        if isinstance(self.object, Page):
            hold(self.object.pk)
            self.revision.refresh_from_db(fields=["content"])
            self.object = self.revision.as_object()
            online = Page.objects.order_by().filter(pk=self.object.pk, live=True)
            self.object.replaced_revision_id = online.values_list("live_revision_id", flat=True).first()
        return execute(self, *args, **kwargs)

    return execute_in_turn


def _of_its_own_kind(execute):
    """And as it stands once its row is taken, unless it is on its way out (``commit`` is then false)."""

    @wraps(execute)
    def execute_on_specific(self, *args, **kwargs):
        given = self.object
        if not hold(given.pk):
            return None  # deleted meanwhile
        self.object = Page.objects.get(pk=given.pk).specific if self.commit else given.specific
        result = execute(self, *args, **kwargs)
        given.live, given.has_unpublished_changes = self.object.live, self.object.has_unpublished_changes
        return result

    return execute_on_specific
