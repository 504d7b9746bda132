"""Decisions on a fiche under review: the one way in which it is passed on, approved or sent back.

Two people who decide, edit or delete at once come one after the other: each takes the page's row first
(:func:`hold`), then looks at what is there. What goes online is the revision that was read, and no other.
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name
from wagtail.models import Page, TaskState, WorkflowState

from fiches.completude import faults

APPROVE, REJECT = "approve", "reject"

_obstacles = []


def register_obstacle(find):
    """``find(fiche)`` says in words why a fiche may not go online, or returns None: what a room above knows of it."""
    _obstacles.append(find)


def obstacles(fiche):
    return [text for find in _obstacles if (text := find(fiche))]


class DecisionRefused(Exception):  # noqa: N818 - it names what happened, as a reader says it
    """Nothing was decided; ``str()`` tells why to the person who tried."""

    compare_url = None


class AlreadyDecided(DecisionRefused):
    """Somebody was faster."""


class ChangedSinceRead(DecisionRefused):
    """What would go online is not what was read; ``compare_url`` shows what changed."""


class OwnFiche(DecisionRefused):
    """Nobody approves their own fiche."""


class IncompleteFiche(DecisionRefused):
    """What the public would read isn't all there."""


class NotToBePublished(DecisionRefused):
    """Something stands in the way: its company no longer agrees."""


def hold(pk):
    """Take the page's row, after whoever has it; the caller is in a transaction.

    :returns: whether the page is still there.
    """
    rows = Page.objects.order_by().filter(pk=pk).select_for_update(no_key=True)
    return bool(rows.values_list("pk"))


@transaction.atomic
def decide(*, task_state, action, by, revision_read, comment=""):
    """Pass on, approve (``"approve"``) or send back (``"reject"``) a fiche under review.

    :param revision_read: id of the revision that ``by`` had on screen: the one that is passed on, or published.
    :returns: the task state, decided.
    :raises DecisionRefused: nothing changed; says why in words.
    :raises PermissionDenied: ``by`` has no say in this step.
    """
    about = WorkflowState.objects.filter(pk=task_state.workflow_state_id).values_list("object_id", flat=True).first()
    if about is None or not hold(about):
        raise AlreadyDecided(_("This fiche has been deleted."))
    state = TaskState.objects.select_related("workflow_state", "task", "finished_by").filter(pk=task_state.pk).first()
    if state is None or not _is_open(state):
        raise AlreadyDecided(already_decided(state))
    fiche = state.workflow_state.content_object.specific
    revision = _checked_revision(fiche, int(revision_read))
    _check_say(state.task.specific, fiche, action=action, by=by)
    if action == APPROVE:
        _check_complete(revision.as_object())
        if found := obstacles(fiche):
            raise NotToBePublished(" ".join(found))
    if state.revision_id != revision.pk:
        state.revision = revision
        state.save(update_fields=["revision"])
    state.workflow_state.on_finish = lambda user: revision.publish(user=user, skip_permission_checks=True)
    decision = {APPROVE: state.approve, REJECT: state.reject}[action]
    return decision(user=by, comment=comment)


def may_approve(*, task, fiche, user):
    """Whether this approval is not one of their own fiche: not its owner, nor who submitted it or wrote this revision.

    « Relecture » may be passed by anybody in its groups: it is the approval that publishes.
    """
    from fiches.models import ApprobationTask

    if not isinstance(task, ApprobationTask):
        return True
    state = fiche.current_workflow_state
    revision = fiche.get_latest_revision()
    own = {fiche.owner_id, state and state.requested_by_id, revision and revision.user_id}
    return user.pk not in own


def own_fiche():
    return _("You wrote or submitted this fiche: somebody else approves it.")


def already_decided(state):
    """« Déjà traité », by whom and when."""
    if state is None or state.finished_at is None:
        return _("Already dealt with: this fiche is no longer waiting for this decision.")
    outcome = {
        TaskState.STATUS_APPROVED: _("Already dealt with: %(who)s approved this step on %(when)s."),
        TaskState.STATUS_REJECTED: _("Already dealt with: %(who)s sent this fiche back on %(when)s."),
    }.get(state.status, _("Already dealt with: %(who)s ended this review on %(when)s."))
    who = get_user_display_name(state.finished_by) if state.finished_by else _("somebody")
    when = date_format(timezone.localtime(state.finished_at), "SHORT_DATETIME_FORMAT")
    return outcome % {"who": who, "when": when}


def changed_since_read(fiche, revision_read):
    """The refusal that shows what changed from the revision that was read to the present one."""
    latest = fiche.latest_revision
    who = get_user_display_name(latest.user) if latest.user else _("somebody")
    refusal = ChangedSinceRead(
        _("%(who)s changed this fiche after you opened it: nothing was decided. Read what changed, then decide.")
        % {"who": who}
    )
    if fiche.revisions.filter(pk=revision_read).exists():
        refusal.compare_url = reverse("wagtailadmin_pages:revisions_compare", args=[fiche.pk, revision_read, latest.pk])
    return refusal


def _is_open(state):
    workflow_state = state.workflow_state
    return (
        state.status == TaskState.STATUS_IN_PROGRESS
        and workflow_state.status == WorkflowState.STATUS_IN_PROGRESS
        and workflow_state.current_task_state_id == state.pk
    )


def _checked_revision(fiche, revision_read):
    if fiche.latest_revision_id != revision_read:
        raise changed_since_read(fiche, revision_read)
    return fiche.latest_revision


def _check_complete(fiche):
    found = faults(fiche)
    if found:
        raise IncompleteFiche(
            _("This fiche is incomplete, and wasn’t approved. %(what)s") % {"what": " ".join(found.values())}
        )


def _check_say(task, fiche, *, action, by):
    if action in {name for name, _label, _modal in task.get_actions(fiche, by)}:
        return
    if action == APPROVE and not may_approve(task=task, fiche=fiche, user=by):
        raise OwnFiche(own_fiche())
    raise PermissionDenied
