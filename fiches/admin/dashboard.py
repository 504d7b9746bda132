"""The panels of the admin's home page: tasks by section, what is to be reviewed, first steps of a new site."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.contrib.auth.models import AbstractUser
from django.contrib.contenttypes.models import ContentType
from django.db.models import DateTimeField, Exists, F, Func, IntegerField, QuerySet, Subquery
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.ui.components import Component
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.views.home import LockedPagesPanel, RecentEditsPanel
from wagtail.models import Page, TaskState, get_default_page_content_type

from fiches.admin import review_status
from fiches.models import FichePage
from fiches.models.corbeille import is_in_the_bin
from fiches.models.moderation import EtapeDeModeration
from fiches.moderation.decision import notices
from fiches.moderation.reviewers import awaiting

# In the order of display.
SECTIONS = {
    "attend": gettext_lazy("What waits for you"),
    "retard": gettext_lazy("What is late"),
    "a_venir": gettext_lazy("What is coming"),
    "a_mender": gettext_lazy("What to mend"),
}


class DashboardLine(NamedTuple):
    """A line of the dashboard: ``number`` records, their ``label``, and the ``address`` of the list filtered to them; ``since``
    when the oldest waits."""

    section: str
    label: str
    number: int
    address: str
    since: datetime | None = None

    @property
    def age(self) -> str:
        """How long the oldest has been waiting: « 9 jours »; "" for less than a minute."""
        if self.since is None or timezone.now() - self.since < timedelta(minutes=1):
            return ""
        return timesince(self.since, depth=1)


class CountedLine(NamedTuple):
    """A line whose ``records`` are counted in one query with those of the other lines.

    - ``label(number)``: the label of the line;
    - ``since``: the field with the moment since which a record waits.
    """

    section: str
    label: Callable[[int], str]
    records: QuerySet
    address: str
    since: str = ""


LINES: list[Callable] = []


def register_lines(lines: Callable[..., Any]) -> None:
    """Registers ``lines(user)``, which yields :class:`DashboardLine` objects in a constant number of queries, or
    :class:`CountedLine` objects without any; lines with the number 0 are not shown. Called from ``AppConfig.ready()``."""
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
    """The steps in order; empty when all are done. Only shown while no fiche is public."""
    steps = sorted((step for steps in STEPS for step in steps(request)), key=lambda step: step.rank)
    return steps if any(not step.done for step in steps) else []


class Day(NamedTuple):
    """What a user has to do: ``[(heading, [DashboardLine])]`` of the sections that have lines; ``is_open``: whether a fiche is
    public."""

    sections: list[Any]
    is_open: bool


def day_of(user: AbstractUser) -> Day:
    """What ``user`` has to do. All :class:`CountedLine` are counted in one query."""
    lines = [line for lines in LINES for line in lines(user)]
    columns: dict[str, Any] = {"is_open": Exists(FichePage.objects.visible())}
    for place, line in enumerate(lines):
        if isinstance(line, CountedLine):
            columns[f"number_{place}"] = _aggregate(line.records, "COUNT", "pk")
            if line.since:
                columns[f"since_{place}"] = _aggregate(line.records, "MIN", line.since)
    # The type of the pages always exists: its row carries the answers.
    row = ContentType.objects.filter(pk=get_default_page_content_type().pk).values(**columns)
    values: dict[str, Any] = {**row.get()}

    def counted(place: int, line: DashboardLine | CountedLine) -> DashboardLine:
        if isinstance(line, DashboardLine):
            return line
        number = values[f"number_{place}"] or 0
        return DashboardLine(line.section, line.label(number), number, line.address, values.get(f"since_{place}"))

    shown = [line for place, each in enumerate(lines) if (line := counted(place, each)).number]
    grouped = ((heading, [line for line in shown if line.section == name]) for name, heading in SECTIONS.items())
    return Day([(heading, lines) for heading, lines in grouped if lines], values["is_open"])


def _aggregate(rows: QuerySet, function: str, field: str) -> Subquery:
    """The subquery of an aggregate over all ``rows``. Django's own aggregates would group them."""
    kind = IntegerField() if function == "COUNT" else DateTimeField()
    value = Func(F(field), function=function, output_field=kind)
    return Subquery(rows.order_by().annotate(_aggregate=value).values("_aggregate"), output_field=kind)


class TasksPanel(Component):
    """The panel of tasks, each with a link to the filtered list."""

    name = "tasks"
    template_name = "fiches/admin/taches.html"
    order = 50

    def get_context_data(self, parent_context: Context) -> dict[str, list[Step]]:
        request = parent_context["request"]
        day = day_of(request.user)
        return {"sections": day.sections, "steps": [] if day.is_open else first_steps(request)}


class ToReviewPanel(Component):
    """The panel of all that is to be read or approved: fiches, étapes, other pages and records. Instead of Wagtail's, of which
    each row costs queries. It has no buttons to decide: what is decided on must be opened first."""

    name = "fiches_to_review"
    template_name = "fiches/admin/a_relire.html"
    order = 100

    def get_context_data(self, parent_context: Context) -> dict[str, list[Any]]:
        return {"rows": rows_for(parent_context["request"].user)}


class YourLockedPagesPanel(LockedPagesPanel):
    """Wagtail's panel of the pages that the user locked, in a constant number of queries."""

    def get_context_data(self, parent_context: Context) -> dict[str, Any]:
        context = super().get_context_data(parent_context)
        locked = context["locked_pages"].prefetch_workflow_states().annotate_approved_schedule()
        return {**context, "locked_pages": locked}


class RecentlyEditedPanel(RecentEditsPanel):
    """Wagtail's panel of recent edits, without the pages in the bin."""

    def get_context_data(self, parent_context: Context) -> dict[str, Any]:
        context = super().get_context_data(parent_context)
        context["last_edits"] = [edit for edit in context["last_edits"] if not is_in_the_bin(edit[1])]
        return context


def rows_for(user: AbstractUser) -> list[Any]:
    """``[{"title", "what", "address", "state", "requested_by", "notices"}]`` of what ``user`` may decide on, the longest waiting
    first. ``what`` is the organisation of a fiche, else the kind of the page; ``notices`` are texts to read before the decision.
    A constant number of queries."""
    states = [state for state in awaiting(user) if awaited_object(state)]
    texts = notices([state.page for state in states if review_status.is_of_a_fiche(state)])
    return [
        {
            "title": str(getattr(about, "draft_title", about)),
            "what": about.organisation
            if isinstance(about, FichePage)
            else capfirst(kind_of_task(state)._meta.verbose_name),
            "address": decision_url(state),
            "state": state,
            "requested_by": _submitter(state.workflow_state.requested_by),
            "notices": texts.get(about.pk, []) if isinstance(about, FichePage) else [],
        }
        for state in states
        for about in [awaited_object(state)]
    ]


def awaited_object(state: TaskState) -> Any:
    """The page, or the other object, that a task state of :func:`awaiting` is about; None if it is gone."""
    return state.page if hasattr(state, "page") else state.workflow_state.content_object


def kind_of_task(state: TaskState) -> Any:
    """The model of what a task state is about."""
    return ContentType.objects.get_for_id(state.workflow_state.content_type_id).model_class()


def decision_url(state: TaskState) -> str:
    """The address of the screen where ``state`` is decided on."""
    about = awaited_object(state)
    if isinstance(about, FichePage) or (
        isinstance(about, Page) and isinstance(state.task.specific_deferred, EtapeDeModeration)
    ):
        return reverse("fiches_innovation", args=[about.pk])
    if isinstance(about, Page):
        return reverse("wagtailadmin_pages:edit", args=[about.pk])
    return AdminURLFinder().get_edit_url(about) or ""


def _submitter(user: AbstractUser | None) -> str:
    return get_user_display_name(user) if user else _("an applicant")
