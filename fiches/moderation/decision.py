"""Decisions on a fiche under review: the one way in which it is passed on, approved or sent back.

Two people who decide, edit or delete at once come one after the other: each takes the page's row first
(:func:`hold`), then looks at what is there. What goes online is the revision that was read, and no other.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.signals import pre_save
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name
from wagtail.models import Page, Revision, Task, TaskState, WorkflowState

from fiches.models.moderation import Review, register_review
from fiches.models.querysets import hold
from fiches.moderation.completeness import faults
from fiches.moderation.permissions import FicheIndexPermissionTester, FichePermissionTester
from fiches.moderation.readers import may_pass, people_for, who_to_ask
from fiches.moderation.reasons import ReasonForm

if TYPE_CHECKING:
    from fiches.models import FichePage

APPROVE, REJECT = "approve", "reject"

_obstacles: list[Callable[[Page], str | None]] = []
_notices: list[Callable[[Iterable["FichePage"]], dict[int, str]]] = []


def register_obstacle(find: Callable[[Page], str | None]) -> None:
    """``find(fiche)`` says in words why a fiche may not go online, or returns None: what a room above knows of it."""
    _obstacles.append(find)


def obstacles(fiche: Page) -> list[str]:
    """Why a fiche may not go online, in words; empty when nothing of a room above stands in its way."""
    return [text for find in _obstacles if (text := find(fiche))]


def register_notice(find: Callable[[Iterable["FichePage"]], dict[int, str]]) -> None:
    """``find(fiches)`` returns ``{key of a fiche: text}``: what a room above knows that who decides is to read. It asks the
    same number of queries whatever the number of fiches."""
    _notices.append(find)


def notices(fiches: Iterable["FichePage"]) -> dict[int, list[str]]:
    """``{key of a fiche: [text]}`` of each of ``fiches``."""
    found = [find(fiches) for find in _notices]
    return {fiche.pk: [texts[fiche.pk] for texts in found if fiche.pk in texts] for fiche in fiches}


class DecisionRefused(Exception):  # noqa: N818 - it names what happened, as a reader says it
    """Nothing was decided; ``str()`` tells why to the person who tried."""

    compare_url: str | None = None


class AlreadyDecided(DecisionRefused):
    """Somebody was faster."""


class ChangedSinceRead(DecisionRefused):
    """What would go online is not what was read; ``compare_url`` shows what changed."""


class OwnFiche(DecisionRefused):
    """Nobody reads or approves their own fiche, nor approves what they read."""


class IncompleteFiche(DecisionRefused):
    """What the public would read isn't all there."""


class NotToBePublished(DecisionRefused):
    """Something stands in the way: its company no longer agrees."""


@transaction.atomic
def decide(
    *, task_state: TaskState, action: str, by: AbstractUser | None, revision_read: int | str, comment: str = ""
) -> TaskState:
    """Pass on, approve (``"approve"``) or send back (``"reject"``) a fiche under review.

    :param revision_read: id of the revision that ``by`` had on screen: the one that is passed on, or published.
    :returns: the task state, decided.
    :raises DecisionRefused: nothing changed; says why in words.
    :raises PermissionDenied: ``by`` has no say in this step.
    """
    about = WorkflowState.objects.filter(pk=task_state.workflow_state_id).values_list("object_id", flat=True).first()
    if about is None or not hold(about):
        raise AlreadyDecided(_("This page has been deleted."))
    state = TaskState.objects.select_related("workflow_state", "task", "finished_by").filter(pk=task_state.pk).first()
    if state is None or not _is_open(state):
        raise AlreadyDecided(already_decided(state))
    fiche = state.workflow_state.content_object.specific
    revision = _checked_revision(fiche, int(revision_read))
    _check_say(state.task.specific, fiche, action=action, by=by)
    if state.revision_id != revision.pk:
        state.revision = revision
        state.save(update_fields=["revision"])
    decision = {APPROVE: state.approve, REJECT: state.reject}[action]
    return decision(user=by, comment=comment)


def connect() -> None:
    """Called once, when Django starts."""
    register_review(Review(decide, may_pass, people_for, ReasonForm, FichePermissionTester, FicheIndexPermissionTester))
    pre_save.connect(approve_as_read, sender=TaskState, dispatch_uid="rallynov_approval")


def approve_as_read(sender: type[TaskState], instance: TaskState, raw: bool = False, **kwargs: object) -> None:
    """Receiver: whatever approves a step of the review, Wagtail's ``task_state.approve(user=…)`` included, is held to its
    rules, and what it publishes is the revision that the task state names.

    :raises DecisionRefused: nothing changed; :raises PermissionDenied: the person has no say in this step.
    """
    if raw or instance.pk is None or instance.status != TaskState.STATUS_APPROVED or not _is_of_the_review(instance):
        return
    hold(instance.workflow_state.object_id)
    stored = TaskState.objects.select_related("workflow_state", "finished_by").filter(pk=instance.pk).first()
    if stored and (stored.status, stored.finished_at) == (instance.status, instance.finished_at):
        return  # decided before, and saved again
    if stored is None or not _is_open(stored):
        raise AlreadyDecided(already_decided(stored))
    fiche = stored.workflow_state.content_object.specific
    revision = _checked_revision(fiche, instance.revision_id)
    _check_say(instance.task.specific, fiche, action=APPROVE, by=instance.finished_by)
    _check_complete(revision.as_object())
    if found := obstacles(fiche):
        raise NotToBePublished(" ".join(found))
    instance.workflow_state.on_finish = lambda user: revision.publish(user=user, skip_permission_checks=True)


def _is_of_the_review(state: TaskState) -> bool:
    from fiches.models.moderation import EtapeDeModeration

    return isinstance(state.task.specific, EtapeDeModeration)


def own_fiche(*, task: Task, fiche: Page) -> str:
    """Why somebody of the step's groups can't pass it, and who can."""
    told = (
        _("You wrote or submitted “%(title)s”: somebody else reads it.")
        if task.corrects
        else _("You wrote, corrected, submitted or read “%(title)s”: somebody else approves it.")
    )
    return f"{told % {'title': fiche.draft_title}} {who_to_ask(task=task, fiche=fiche)}"


def already_decided(state: TaskState | None) -> str:
    """« Déjà traité », by whom and when."""
    if state is None or state.finished_at is None:
        return _("Already dealt with: nobody waits for this decision any more.")
    outcome = {
        TaskState.STATUS_APPROVED: _("Already dealt with: %(who)s approved this step on %(when)s."),
        TaskState.STATUS_REJECTED: _("Already dealt with: %(who)s asked for corrections on %(when)s."),
    }.get(state.status, _("Already dealt with: %(who)s ended this review on %(when)s."))
    who = get_user_display_name(state.finished_by) if state.finished_by else _("somebody")
    when = date_format(timezone.localtime(state.finished_at), "SHORT_DATETIME_FORMAT")
    return outcome % {"who": who, "when": when}


def changed_since_read(fiche: Page, revision_read: int) -> ChangedSinceRead:
    """The refusal that shows what changed from the revision that was read to the present one."""
    latest = fiche.latest_revision
    who = get_user_display_name(latest.user) if latest.user else _("somebody")
    refusal = ChangedSinceRead(
        _("%(who)s changed “%(title)s” after you opened it: nothing was decided. Read what changed, then decide.")
        % {"who": who, "title": fiche.draft_title}
    )
    if fiche.revisions.filter(pk=revision_read).exists():
        refusal.compare_url = reverse("wagtailadmin_pages:revisions_compare", args=[fiche.pk, revision_read, latest.pk])
    return refusal


def _is_open(state: TaskState) -> bool:
    workflow_state = state.workflow_state
    return (
        state.status == TaskState.STATUS_IN_PROGRESS
        and workflow_state.status == WorkflowState.STATUS_IN_PROGRESS
        and workflow_state.current_task_state_id == state.pk
    )


def _checked_revision(fiche: Page, revision_read: int) -> Revision:
    if fiche.latest_revision_id != revision_read:
        raise changed_since_read(fiche, revision_read)
    return fiche.latest_revision


def _check_complete(page: Page) -> None:
    """What a fiche must hold; an étape holds what it likes."""
    from fiches.models import FichePage

    found = faults(page) if isinstance(page, FichePage) else None
    if found:
        raise IncompleteFiche(
            _("This fiche is incomplete, and wasn’t approved. %(what)s") % {"what": " ".join(found.values())}
        )


def _check_say(task: Task, fiche: Page, *, action: str, by: AbstractUser | None) -> None:
    actions = {name for name, _label, _modal in task.get_actions(fiche, by)} if by else set()
    if action in actions:
        return
    if by and actions and action == APPROVE and not may_pass(task=task, fiche=fiche, user=by):
        raise OwnFiche(own_fiche(task=task, fiche=fiche))
    raise PermissionDenied
