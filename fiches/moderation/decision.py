"""Decisions on a fiche under review: the only way to pass it on, approve it or send it back.

Decisions, edits and deletions lock the page's row first (`fiches.models.querysets.lock_row`), so that concurrent ones run one
after the other. The revision that is published is always the one that the reviewer had on screen.
"""

from datetime import datetime
from types import EllipsisType

from django import forms
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.signals import pre_save
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.utils import get_user_display_name
from wagtail.forms import TaskStateCommentForm
from wagtail.models import Page, Revision, Task, TaskState, WorkflowState, WorkflowTask
from wagtail.workflows import publish_workflow_state

from fiches.formats import moment
from fiches.mail import outbox
from fiches.models import FichePage
from fiches.models.bulk import update
from fiches.models.moderation import STEPS
from fiches.models.querysets import lock_row
from fiches.moderation.completeness import why_incomplete
from fiches.moderation.reviewers import may_pass, who_to_ask

APPROVE, REJECT = "approve", "reject"
# Sent with ``instance`` (a fiche) and ``user``, in the transaction that cancels the date of its publication.


class ReasonForm(TaskStateCommentForm):
    """The comment of a rejection, which is required: the author must know what to correct."""

    comment = forms.CharField(
        label=gettext_lazy("What is to be corrected"),
        help_text=gettext_lazy("Whoever wrote the fiche, or sent the dossier, reads these words."),
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": gettext_lazy("Say what is to be corrected.")},
    )


class FicheSource:
    """What fiches come from in another app, such as the dossiers of companies. The app subclasses it, and calls
    :func:`register_source` in ``AppConfig.ready()``."""

    def obstacle(self, page: Page) -> str | None:
        """The reason, for the user, why a page may not be published, or None."""
        return None

    def notice(self, fiche: Page) -> str | None:
        """A text that reviewers must read before they decide, or None."""
        return None

    def address(self, fiche: Page, user: AbstractUser) -> str | None:
        """The address of the app's own screen of a fiche, or None if it has none for this fiche or user."""
        return None


sources: list[FicheSource] = []


def register_source(source: FicheSource) -> None:
    """Registers what fiches come from."""
    sources.append(source)


def obstacles(page: Page) -> list[str]:
    """The reasons, for the user, why a page may not be published."""
    page = page.specific
    return [text for source in sources if (text := source.obstacle(page))]


def notices(page: Page) -> list[str]:
    """The texts that reviewers must read before they decide."""
    return [text for source in sources if (text := source.notice(page))]


class DecisionRefused(PermissionDenied):
    """The decision was not taken. ``str()`` is the reason for the user; ``compare_url`` may show what changed. Wagtail's own views
    of a workflow, which our screens don't offer, refuse it as any forbidden request."""

    compare_url: str | None = None


class AlreadyDecided(DecisionRefused):
    """Another user took the decision first, or the page was deleted."""


class ChangedSinceRead(DecisionRefused):
    """The page changed after the reviewer opened it; ``compare_url`` shows what changed."""


class OwnPage(DecisionRefused):
    """The user wrote, submitted or already read the page."""


class IncompletePage(DecisionRefused):
    """The page has missing or invalid values."""


class NotToBePublished(DecisionRefused):
    """There is an obstacle to the publication, such as a consent that was withdrawn."""


@transaction.atomic
def decide(
    *,
    task_state: TaskState,
    action: str,
    by: AbstractUser | None,
    revision_read: int | str,
    comment: str = "",
    go_live_at: datetime | EllipsisType | None = ...,
) -> TaskState:
    """Passes on or approves (``"approve"``), or sends back (``"reject"``), a page under review. Its mails leave ten minutes later.

    :param revision_read: id of the revision that ``by`` had on screen: the one that is passed on or published.
    :param go_live_at: when the approved page goes online, None for at once; by default, the date in the revision.
    :returns: the task state after the decision.
    :raises DecisionRefused: nothing changed; the message says why.
    :raises PermissionDenied: ``by`` may not decide on this step.
    """
    about = WorkflowState.objects.filter(pk=task_state.workflow_state_id).values_list("object_id", flat=True).first()
    if about is None or not lock_row(about):
        raise AlreadyDecided(_("This page has been deleted."))
    state = TaskState.objects.select_related("workflow_state", "task", "finished_by").filter(pk=task_state.pk).first()
    if state is None or not _is_open(state):
        raise AlreadyDecided(already_decided(state))
    page = state.workflow_state.content_object.specific
    revision = _checked_revision(page, int(revision_read))
    check_may_decide(state.task.specific, page, action=action, by=by)
    with outbox.delayed():
        if state.revision_id != revision.pk:
            state.revision = revision
            state.save(update_fields=["revision"])
        if action == APPROVE and go_live_at is not ...:
            revision.content["go_live_at"] = go_live_at
            revision.save(update_fields=["content"])
        decision = {APPROVE: state.approve, REJECT: state.reject}[action]
        return decision(user=by, comment=comment)


def publishes(state: TaskState) -> bool:
    """Whether the approval of a step publishes the page: the last one of our review, or of a host's own workflow."""
    if _is_of_the_review(state):
        return isinstance(state.task.specific_deferred, STEPS[-1].task)
    steps = WorkflowTask.objects.filter(workflow=state.workflow_state.workflow_id, task__active=True)
    last = steps.order_by("sort_order").last()
    return last is not None and last.task_id == state.task_id


def cancel_schedule(page: FichePage) -> None:
    """Cancels the date at which a page goes online, and forgets it. Nobody is mailed."""
    scheduled = page.revisions.filter(approved_go_live_at__isnull=False)
    if not scheduled.update(approved_go_live_at=None):
        return
    revision = page.latest_revision
    revision.content["go_live_at"] = None
    revision.save(update_fields=["content"])
    update(FichePage.objects.filter(pk=page.pk), go_live_at=None)


def connect() -> None:
    """Connects the receiver. Called once, when Django starts."""
    pre_save.connect(approve_as_read, sender=TaskState, dispatch_uid="rallynov_approval")


def approve_as_read(sender: type[TaskState], instance: TaskState, raw: bool = False, **kwargs: object) -> None:
    """Receiver of ``pre_save``: applies the rules of the review to every approval, Wagtail's ``task_state.approve(user=…)``
    included, and publishes the revision of the task state.

    :raises DecisionRefused: nothing changed; the message says why.
    :raises PermissionDenied: the user may not decide on this step.
    """
    if raw or instance.pk is None or instance.status != TaskState.STATUS_APPROVED:
        return
    if not _is_of_the_review(instance):
        _publish_at_the_end(instance.workflow_state)
        return
    lock_row(instance.workflow_state.object_id)
    stored = TaskState.objects.select_related("workflow_state", "finished_by").filter(pk=instance.pk).first()
    if stored and (stored.status, stored.finished_at) == (instance.status, instance.finished_at):
        return  # saved again after the decision
    if stored is None or not _is_open(stored):
        raise AlreadyDecided(already_decided(stored))
    page = stored.workflow_state.content_object.specific
    revision = _checked_revision(page, instance.revision_id)
    check_may_decide(instance.task.specific, page, action=APPROVE, by=instance.finished_by)
    if text := why_incomplete(revision.as_object()):
        raise IncompletePage(text)
    if reasons := obstacles(page):
        raise NotToBePublished(" ".join(reasons))
    instance.workflow_state.on_finish = lambda user: revision.publish(user=user, skip_permission_checks=True)


def _publish_at_the_end(workflow_state: WorkflowState) -> None:
    """Makes a host's own workflow publish a fiche when it ends: no approver has the right to publish fiches, which Wagtail asks for.

    :raises NotToBePublished: there is an obstacle; nothing changed.
    """
    page = workflow_state.content_object.specific
    if (
        not isinstance(page, FichePage) or WorkflowState.on_finish is not publish_workflow_state
    ):  # the host's own action
        return
    if reasons := obstacles(page):
        raise NotToBePublished(" ".join(reasons))
    workflow_state.on_finish = lambda user: page.get_latest_revision().publish(user=user, skip_permission_checks=True)


def _is_of_the_review(state: TaskState) -> bool:
    from fiches.models.moderation import EtapeDeModeration

    return isinstance(state.task.specific_deferred, EtapeDeModeration)


def own_page(*, task: Task, page: Page) -> str:
    """The message for a member of the step's groups who may not pass it: why, and who may."""
    text = (
        _("You wrote or submitted “%(title)s”: somebody else reads it.")
        if task.corrects
        else _("You wrote, corrected, submitted or read “%(title)s”: somebody else approves it.")
    )
    return f"{text % {'title': page.draft_title}} {who_to_ask(task=task, page=page)}"


def already_decided(state: TaskState | None) -> str:
    """The message « Déjà traité », with the person and the date if they are known."""
    if state is None or state.finished_at is None:
        return _("Already dealt with: nobody waits for this decision any more.")
    who = get_user_display_name(state.finished_by) if state.finished_by else _("somebody")
    return _("Already dealt with by %(who)s on %(when)s.") % {"who": who, "when": moment(state.finished_at)}


def changed_since_read(page: Page, revision_read: int) -> ChangedSinceRead:
    """The :class:`ChangedSinceRead` to raise, with the comparison of the revision that was read and the latest one."""
    latest = page.latest_revision
    who = get_user_display_name(latest.user) if latest.user else _("somebody")
    text = _("%(who)s changed “%(title)s” after you opened it: nothing was decided. Read what changed, then decide.")
    refusal = ChangedSinceRead(text % {"who": who, "title": page.draft_title})
    # The version that was read may have been replaced by its writer: the one before it shows more than what changed, not less.
    read = page.revisions.filter(pk__lte=revision_read).order_by("-pk").values_list("pk", flat=True).first()
    if read:
        refusal.compare_url = reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, read, latest.pk])
    return refusal


def _is_open(state: TaskState) -> bool:
    workflow_state = state.workflow_state
    return (
        state.status == TaskState.STATUS_IN_PROGRESS
        and workflow_state.status == WorkflowState.STATUS_IN_PROGRESS
        and workflow_state.current_task_state_id == state.pk
    )


def _checked_revision(page: Page, revision_read: int) -> Revision:
    if page.latest_revision_id != revision_read:
        raise changed_since_read(page, revision_read)
    return page.latest_revision


def check_may_decide(task: Task, page: Page, *, action: str, by: AbstractUser | None) -> None:
    """Called by a screen before it asks to confirm a decision, and by the decision itself.

    :raises OwnPage, PermissionDenied: the user may not take this action.
    """
    actions = {name for name, _label, _modal in task.get_actions(page, by)} if by else set()
    if action in actions:
        return
    if by and actions and action == APPROVE and not may_pass(task=task, page=page, user=by):
        raise OwnPage(own_page(task=task, page=page))
    raise PermissionDenied
