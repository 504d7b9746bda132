"""Where a fiche stands in the review, for the lists and the dashboard."""

from datetime import timedelta

from django.db.models import IntegerField, Q
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import TaskState, WorkflowState, get_default_page_content_type

from fiches.models import ApprobationTask, FichePage, RelectureTask
from fiches.moderation.readers import passable_by

PATIENCE = timedelta(days=7)
"""A fiche that waits longer for a decision is late."""

STEPS = {"relecture": RelectureTask, "approbation": ApprobationTask}
CHOICES = [
    ("relecture", _("to read")),
    ("approbation", _("to approve")),
    ("corrections", _("corrections asked for")),
    ("retard", _("waiting for a decision for more than a week")),
    ("hors", _("not submitted")),
]


def standing(name):
    """The condition under which a fiche stands at this step; one of CHOICES."""
    states = WorkflowState.objects.filter(base_content_type=get_default_page_content_type())
    deciding = states.filter(status=WorkflowState.STATUS_IN_PROGRESS)
    if name in STEPS:
        return _among(deciding.filter(current_task_state__task__in=STEPS[name].objects.values("pk")))
    if name == "retard":
        return _among(deciding.filter(current_task_state__started_at__lt=timezone.now() - PATIENCE))
    if name == "corrections":
        return _among(states.filter(status=WorkflowState.STATUS_NEEDS_CHANGES))
    active = [WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES]
    return Q(live=False) & ~_among(states.filter(status__in=active))


def _among(states):
    """Cast, since PostgreSQL doesn't compare a number with the text in which a state names its page."""
    return Q(pk__in=states.values(number=Cast("object_id", IntegerField())))


def review_step(fiche):
    """« Relecture », « Approbation », or that corrections are awaited."""
    state = fiche.current_workflow_state
    if state is None or state.current_task_state is None:
        return ""
    if state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        return _("corrections asked for")
    return state.current_task_state.task.name


def decided_by(user):
    """The fiches that this person is to read or to approve: none of their own."""
    states = TaskState.objects.filter(pk__in=passable_by(user))
    return FichePage.objects.filter(
        pk__in=states.order_by().values(number=Cast("workflow_state__object_id", IntegerField()))
    )
