"""The status of fiches in the review, for lists and the dashboard."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import IntegerField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision, WorkflowState, get_default_page_content_type

from fiches.models import FichePage
from fiches.models.moderation import STEPS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


CHOICES = [
    *((step.key, step.label) for step in STEPS),
    ("corrections", _("corrections asked for")),
    ("retard", _("waiting for a decision for more than a week")),
    ("hors", _("not submitted")),
    ("modifiees", _("online, with changes not submitted")),
]


def with_status(name: str) -> Q:
    """The condition on fiches with this status.

    :param name: a key of :data:`CHOICES`.
    """
    states = WorkflowState.objects.filter(base_content_type=get_default_page_content_type())
    deciding = states.filter(status=WorkflowState.STATUS_IN_PROGRESS)
    if step := next((step for step in STEPS if step.key == name), None):
        return _among(deciding.filter(current_task_state__task__in=step.task.objects.values("pk")))
    if name == "retard":
        return _among(deciding.filter(current_task_state__started_at__lt=timezone.now() - timedelta(days=7)))
    if name == "corrections":
        return _among(states.filter(status=WorkflowState.STATUS_NEEDS_CHANGES))
    active = [WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES]
    outside = ~_among(states.filter(status__in=active))
    if name == "modifiees":
        scheduled = Revision.page_revisions.filter(approved_go_live_at__isnull=False)
        return Q(live=True, has_unpublished_changes=True) & outside & ~_among(scheduled)
    return Q(live=False) & outside


def _among(states: QuerySet) -> Q:
    """The condition on the pages of these workflow states or revisions. Casts ``object_id``, a text, since PostgreSQL doesn't
    compare it with a number."""
    return Q(pk__in=states.values(number=Cast("object_id", IntegerField())))


def review_step(fiche: FichePage) -> "StrOrPromise":
    """The name of the fiche's current step, « corrections asked for », or ``""`` outside the review."""
    state = fiche.current_workflow_state
    if state is None or state.current_task_state is None:
        return ""
    if state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        return _("corrections asked for")
    return state.current_task_state.task.name
