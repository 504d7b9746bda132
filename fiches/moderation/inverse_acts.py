"""Takes a decision on a fiche back, without a limit of time: back into review, back online.

Each act locks the page's row, as `fiches.moderation.decision.decide` does, and reads the page anew: of two people who act at once,
the second one is told why nothing is done.
"""

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page, PageLogEntry, Revision, TaskState, WorkflowState

from fiches.models import FichePage
from fiches.models.querysets import lock_row
from fiches.moderation.decision import AlreadyDecided, DecisionRefused, cancel_schedule, obstacles
from fiches.moderation.notifications import unsent_outcomes
from fiches.moderation.permissions import may_take_offline
from fiches.moderation.reviewers import log_of, task_states_of

# The log actions of these acts.
BACK_IN_REVIEW, BACK_ONLINE = "rallynov.review.back", "rallynov.publish.back"
UNPUBLISHED = "wagtail.unpublish"
# Sent with ``instance`` (a fiche) and ``user``, in the transaction that puts it back into its review. A receiver may raise
# DecisionRefused.
review_resumed = Signal()


def review_to_resume(fiche: FichePage) -> TaskState | None:
    """The step where the fiche waited before the last decision on its review: corrections were asked for, it was passed on, or it was
    approved for a date that is to come. None if there is nothing to take back: it waits for its first decision, or it was
    published."""
    steps = task_states_of(fiche)
    if not steps:
        return None
    review = steps[-1].workflow_state
    steps = [step for step in steps if step.workflow_state_id == review.pk and step.status != TaskState.STATUS_SKIPPED]
    approved = [step for step in steps if step.status == TaskState.STATUS_APPROVED]
    if review.status == WorkflowState.STATUS_NEEDS_CHANGES:
        return steps[-1]
    if review.status == WorkflowState.STATUS_IN_PROGRESS:
        before = steps[-2] if len(steps) > 1 else None
        return before if before and before in approved and before.task_id != steps[-1].task_id else None
    if review.status == WorkflowState.STATUS_APPROVED and fiche.approved_schedule and approved:
        return approved[-1]
    return None


def may_resume_review(fiche: FichePage, user: AbstractUser) -> bool:
    """Whether ``user`` took the last decision, or may decide on the step where the fiche waited or on the one where it waits now."""
    step = review_to_resume(fiche)
    if step is None or step.finished_by_id == user.pk:
        return step is not None
    tasks = [step.task.specific_deferred, *([fiche.current_workflow_task] if fiche.workflow_in_progress else [])]
    return any(task.get_actions(fiche, user) for task in tasks if task)


def resume_review(*, fiche: FichePage, by: AbstractUser) -> None:
    """Puts a fiche back into its review, at the step where it waited before the last decision. Its date of publication is cancelled.
    The mails of that decision that wait don't leave.

    :raises DecisionRefused: nothing changed; the message says why.
    :raises PermissionDenied: ``by`` may not decide on that step.
    """
    with transaction.atomic():
        current = _locked(fiche)
        step = review_to_resume(current)
        if step is None:
            raise AlreadyDecided(_("Already dealt with: this fiche waits for its review, or is published."))
        if not may_resume_review(current, by):
            raise PermissionDenied
        _refuse_obstacles(current)
        if current.approved_schedule:
            cancel_schedule(current)
        _resume(step, by=by)
        log(instance=current, action=BACK_IN_REVIEW, user=by, revision=current.latest_revision)
        review_resumed.send(type(current), instance=current, user=by)


def _resume(step: TaskState, *, by: AbstractUser) -> None:
    """Starts the step again in its review, of which who submitted it and who passed it stay known."""
    review = WorkflowState.objects.get(pk=step.workflow_state_id)
    waiting = review.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
    waiting.update(status=TaskState.STATUS_CANCELLED, finished_at=timezone.now(), finished_by=by)
    unsent_outcomes(review).delete()
    review.status, review.current_task_state = WorkflowState.STATUS_IN_PROGRESS, None
    review.save(update_fields=["status", "current_task_state"])
    review.update(next_task=step.task)


def revision_to_put_back_online(fiche: FichePage) -> Revision | None:
    """The revision that was online, if the fiche was taken off the site and not a word of it was written since; else None."""
    if fiche.live or fiche.expired:
        return None
    withdrawal = next((entry for entry in reversed(log_of(fiche)) if entry.action == UNPUBLISHED), None)
    if withdrawal is None or withdrawal.revision_id is None:
        return None
    if fiche.latest_revision_created_at and fiche.latest_revision_created_at > withdrawal.timestamp:
        return None
    if fiche.workflow_in_progress or fiche.approved_schedule:
        return None
    return fiche.revisions.filter(pk=withdrawal.revision_id).first()


def may_put_back_online(fiche: FichePage, user: AbstractUser) -> bool:
    """Whether ``user`` may put the fiche back online, alone: those who may take it off."""
    return revision_to_put_back_online(fiche) is not None and may_take_offline(fiche, user) and not obstacles(fiche)


def put_back_online(*, fiche: FichePage, by: AbstractUser) -> None:
    """Puts back online the revision that was taken off the site.

    :raises DecisionRefused: nothing changed; the message says why.
    :raises PermissionDenied: ``by`` may not take it off the site either.
    """
    with transaction.atomic():
        current = _locked(fiche)
        if not may_take_offline(current, by):
            raise PermissionDenied
        _refuse_obstacles(current)
        if current.live:
            raise AlreadyDecided(_("Already dealt with: this fiche is online."))
        revision = revision_to_put_back_online(current)
        if revision is None:
            raise DecisionRefused(
                _(
                    "This fiche changed since it was online, or waits for a decision: only its review puts it back online."
                )
            )
        revision.publish(user=by, log_action=BACK_ONLINE, skip_permission_checks=True)


def note_withdrawn_revision(page: Page, revision: int | None) -> None:
    """Writes in the log of a withdrawal, just made, which revision was online."""
    last = PageLogEntry.objects.filter(page=page.pk, action=UNPUBLISHED).order_by("-timestamp", "-pk").values("pk")[:1]
    PageLogEntry.objects.filter(pk__in=list(last.values_list("pk", flat=True))).update(revision=revision)


def _locked(fiche: FichePage) -> FichePage:
    current = FichePage.objects.filter(pk=fiche.pk).first() if lock_row(fiche.pk) else None
    if current is None:
        raise AlreadyDecided(_("This page has been deleted."))
    return current


def _refuse_obstacles(fiche: FichePage) -> None:
    if reasons := obstacles(fiche):
        raise DecisionRefused(" ".join(reasons))
