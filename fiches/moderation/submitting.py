"""Submission of a fiche or an étape to the review."""

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page, WorkflowState

from fiches.forms.private_address import read_key
from fiches.models.querysets import lock_row
from fiches.moderation.completeness import why_incomplete
from fiches.moderation.decision import (
    AlreadyDecided,
    DecisionRefused,
    IncompletePage,
    NotToBePublished,
    changed_since_read,
    obstacles,
)


def may_submit(page: Page, by: AbstractUser) -> bool:
    """Whether the user may edit and submit the page now. Wagtail's own check doesn't include the permission to
    edit, since it is made in the edit view only."""
    permissions = page.permissions_for_user(by)
    return permissions.can_edit() and permissions.can_submit_for_moderation()


def submit(page: Page, by: AbstractUser) -> None:
    """Submits the page to the review, or resumes it after corrections."""
    if page.latest_revision_id is None:  # created by code, and never saved in the admin
        page.save_revision(user=by)
    state = page.current_workflow_state
    if state and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        state.resume(by)
    else:
        page.get_workflow().start(page, by)


def has_something_to_submit(page: Page) -> bool:
    """Whether the latest version of a page is neither online, nor approved for a later date, nor under review."""
    if page.workflow_in_progress or (page.live and not page.has_unpublished_changes):
        return False
    return not page.approved_schedule


def check_may_submit(page: Page, by: AbstractUser) -> None:
    """Called by a screen before it asks to confirm a submission, and by the submission itself.

    :raises DecisionRefused: ``by`` may not submit the latest version of the page; the message says why.
    """
    refused = DecisionRefused(_("You may not submit it, or it is in the review already."))
    if not page.permissions_for_user(by).can_edit():
        raise refused
    if page.live and not page.has_unpublished_changes:
        raise DecisionRefused(_("There is nothing to submit: its latest version is online."))
    if not has_something_to_submit(page):
        raise refused
    if reasons := obstacles(page):
        raise NotToBePublished(" ".join(reasons))
    if not may_submit(page, by):
        raise refused
    if text := why_incomplete(page.get_latest_revision_as_object()):
        raise IncompletePage(text)


@transaction.atomic
def submit_as_read(*, page: Page, by: AbstractUser, revision_read: int | str | None) -> None:
    """Submits the version of a page that ``by`` had on screen.

    :param revision_read: id of that revision; None where none was shown: the latest one is submitted.
    :raises DecisionRefused: nothing changed; the message says why.
    """
    lock_row(page.pk)
    current = Page.objects.filter(pk=page.pk).first()
    if current is None:
        raise AlreadyDecided(_("This page has been deleted."))
    current = current.specific
    read = str(current.latest_revision_id if revision_read is None else revision_read)
    if str(current.latest_revision_id) != read and has_something_to_submit(current):
        raise changed_since_read(current, read_key(read) or 0)
    check_may_submit(current, by)
    submit(current, by)
