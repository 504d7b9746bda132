"""The panel of the admin's home page: what is to be reviewed, and tasks."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import QuerySet
from django.template import Context
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.ui.components import Component
from wagtail.admin.utils import get_user_display_name
from wagtail.models import Page, TaskState
from wagtail.permissions import policy_registry

from fiches.admin import review_status
from fiches.models import FichePage
from fiches.models.moderation import EtapeDeModeration
from fiches.moderation.decision import notices
from fiches.moderation.reviewers import awaiting


class DashboardLine(NamedTuple):
    """A line of the dashboard: ``number`` records, their ``label``, and the ``address`` of the list filtered to them."""

    label: str
    number: int
    address: str


LINES: list[Callable] = []


def register_lines(lines: Callable[..., Any]) -> None:
    """Registers ``lines(user)``, which yields :class:`DashboardLine` objects; lines with the number 0 are not shown. Called from
    ``AppConfig.ready()``."""
    if lines not in LINES:
        LINES.append(lines)


def lines_for(user: AbstractUser) -> list[DashboardLine]:
    """Returns the registered lines of ``user`` whose number is not 0."""
    return [line for lines in LINES for line in lines(user) if line.number]


def pages_seen_by(user: AbstractUser | AnonymousUser, model: Any = FichePage) -> QuerySet:
    """The fiches, or the pages of another ``model``, that the user sees in the admin."""
    pages = policy_registry.get_by_type(Page).explorable_instances(user)
    return model.objects.filter(pk__in=pages.values("pk"))


def lines(user: AbstractUser) -> Iterator[DashboardLine]:
    """Yields the dashboard line of the user's own fiches to correct. :func:`rows_for` lists what they read and approve."""
    number = pages_seen_by(user).filter(review_status.with_status("corrections"), owner=user).count()
    label = ngettext("fiche of yours to correct", "fiches of yours to correct", number)
    yield DashboardLine(
        label, number, f"{reverse('fiches_admin:index')}?etape_de_relecture=corrections&owner={user.pk}"
    )


class TasksPanel(Component):
    """The panel of all that waits for the user: first what is to be read or approved (fiches, étapes, other pages and records), instead
    of Wagtail's panel, of which each row costs queries; then the tasks, each with a link to the filtered list. It has no buttons to
    decide: what is decided on must be opened first."""

    name = "tasks"
    template_name = "fiches/admin/taches.html"
    order = 50

    def get_context_data(self, parent_context: Context) -> dict[str, list[Any]]:
        user = parent_context["request"].user
        return {"rows": rows_for(user), "lines": lines_for(user)}


def rows_for(user: AbstractUser) -> list[Any]:
    """``[{"title", "what", "address", "state", "requested_by", "notices"}]`` of what ``user`` may decide on, the longest waiting
    first. ``what`` is the organisation of a fiche, else the kind of the page; ``notices`` are texts to read before the decision."""
    states = [state for state in awaiting(user) if awaited_object(state)]
    return [
        {
            "title": str(getattr(about, "draft_title", about)),
            "what": about.organisation if isinstance(about, FichePage) else capfirst(about._meta.verbose_name),
            "address": decision_url(state),
            "state": state,
            "requested_by": get_user_display_name(by)
            if (by := state.workflow_state.requested_by)
            else _("an applicant"),
            "notices": notices(about) if isinstance(about, FichePage) else [],
        }
        for state in states
        for about in [awaited_object(state)]
    ]


def awaited_object(state: TaskState) -> Any:
    """The page, or the other object, that a task state of :func:`awaiting` is about; None if it is gone."""
    return state.page if hasattr(state, "page") else state.workflow_state.content_object


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
