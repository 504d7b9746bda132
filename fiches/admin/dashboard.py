"""The panels of the admin's home page: tasks by section, fiches to review, first steps of a new site."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib.auth.models import AbstractUser
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.template import Context
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.components import Component
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.views.home import RecentEditsPanel, WorkflowObjectsToModeratePanel
from wagtail.models import TaskState, get_default_page_content_type

from fiches.models import FichePage
from fiches.models.corbeille import is_in_the_bin
from fiches.models.derived_fiches import fiche_models
from fiches.moderation.decision import notices
from fiches.moderation.reviewers import passable_by

# In the order of display.
SECTIONS = {
    "attend": gettext_lazy("What waits for you"),
    "retard": gettext_lazy("What is late"),
    "a_venir": gettext_lazy("What is coming"),
    "a_mender": gettext_lazy("What to mend"),
}


class Line(NamedTuple):
    """A line of the dashboard: ``number`` records, their ``label``, and the ``address`` of the list filtered to them."""

    section: str
    label: str
    number: int
    address: str


LINES: list[Callable] = []


def register_lines(lines: Callable[..., Any]) -> None:
    """Registers ``lines(user)``, which yields :class:`Line` objects in a constant number of queries; lines with the number 0
    are not shown. Called from ``AppConfig.ready()``."""
    if lines not in LINES:
        LINES.append(lines)


class Step(NamedTuple):
    """A step of the installation of a new site. ``address`` is that of the view where it is done, ``""`` while an earlier step is
    needed; ``rank`` sorts the steps of all apps."""

    rank: int
    label: str
    done: bool
    address: str


STEPS: list[Callable] = []


def register_first_steps(steps: Callable[..., Any]) -> None:
    """Registers ``steps(request)``, which yields the :class:`Step` objects that the user may do. Called from
    ``AppConfig.ready()``."""
    if steps not in STEPS:
        STEPS.append(steps)


def first_steps(request: HttpRequest) -> list[Step]:
    """The steps in order; empty once a fiche is public, or when all are done."""
    if FichePage.objects.visible().exists():
        return []
    steps = sorted((step for steps in STEPS for step in steps(request)), key=lambda step: step.rank)
    return steps if any(not step.done for step in steps) else []


def sections_for(user: AbstractUser) -> list[Any]:
    """``[(heading, [Line])]`` of the sections that have lines."""
    shown = [line for lines in LINES for line in lines(user) if line.number]
    grouped = ((heading, [line for line in shown if line.section == name]) for name, heading in SECTIONS.items())
    return [(heading, lines) for heading, lines in grouped if lines]


class TasksPanel(Component):
    """The panel of tasks, each with a link to the filtered list."""

    name = "tasks"
    template_name = "fiches/admin/taches.html"
    order = 50

    def get_context_data(self, parent_context: Context) -> dict[str, list[Step]]:
        request = parent_context["request"]
        return {"sections": sections_for(request.user), "steps": first_steps(request)}


class FichesToReviewPanel(Component):
    """The panel of the fiches to read or approve. It has no buttons to decide: a fiche must be opened first."""

    name = "fiches_to_review"
    template_name = "fiches/admin/a_relire.html"
    order = 100

    def get_context_data(self, parent_context: Context) -> dict[str, list[Any]]:
        return {"rows": rows_for(parent_context["request"].user)}


class OtherObjectsToReviewPanel(WorkflowObjectsToModeratePanel):
    """Wagtail's panel of pages to review, without the fiches, and without what the user may not decide on."""

    def get_context_data(self, parent_context: Context) -> dict[Any, Any]:
        awaited = set(others_to_review(parent_context["request"].user).values_list("pk", flat=True))
        if not awaited:
            return {}
        context = super().get_context_data(parent_context)
        context["states"] = [state for state in context["states"] if state["task_state"].pk in awaited]
        return context


class RecentlyEditedPanel(RecentEditsPanel):
    """Wagtail's panel of recent edits, without the pages in the bin."""

    def get_context_data(self, parent_context: Context) -> dict[str, Any]:
        context = super().get_context_data(parent_context)
        context["last_edits"] = [edit for edit in context["last_edits"] if not is_in_the_bin(edit[1])]
        return context


def others_to_review(user: AbstractUser) -> QuerySet:
    """The task states that ``user`` may decide on, except those of fiches."""
    fiches = ContentType.objects.get_for_models(*fiche_models()).values()
    states = TaskState.objects.reviewable_by(user).exclude(workflow_state__content_type__in=fiches)
    others = ~Q(workflow_state__base_content_type=get_default_page_content_type())
    return states.filter(others | Q(pk__in=passable_by(user)))


def rows_for(user: AbstractUser) -> list[Any]:
    """``[{"fiche", "state", "requested_by", "notices"}]`` of the fiches that ``user`` may decide on, the longest waiting first.
    ``notices`` are texts to read before the decision. A constant number of queries."""
    states = (
        TaskState.objects.filter(pk__in=passable_by(user))
        .select_related("task", "revision", "workflow_state__requested_by")
        .defer("revision__content")
        .order_by("started_at")
    )
    states = list(states)
    fiches = FichePage.objects.defer("corps").in_bulk([int(state.workflow_state.object_id) for state in states])
    texts = notices(list(fiches.values()))
    return [
        {
            "fiche": fiche,
            "state": state,
            "requested_by": _submitter(state.workflow_state.requested_by),
            "notices": texts[fiche.pk],
        }
        for state in states
        if (fiche := fiches.get(int(state.workflow_state.object_id)))
    ]


def _submitter(user: AbstractUser | None) -> str:
    return get_user_display_name(user) if user else _("an applicant")
