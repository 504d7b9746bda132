"""Separation of duties in the review: nobody reads a fiche that they wrote, nor approves one that they wrote or read.

The authors of a fiche are its owner, the user who submitted it, and those who wrote revisions since the live one. During «
Relecture », a reader may correct the fiche and still pass it on; during « Approbation », a correction makes its writer an
author.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple, TypeVar

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.db.models import IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name
from wagtail.models import (
    AbstractGroupApprovalTask,
    Page,
    PageLogEntry,
    Revision,
    Task,
    TaskState,
    WorkflowState,
    get_default_page_content_type,
)
from wagtail.workflows import get_task_types

from fiches.models.fiche import FichePage
from fiches.models.moderation import EtapeDeModeration
from fiches.moderation.current_reader import once_a_request

# People named in a message, at most.
NAMED = 5
# Log entries of a page that are read, at most.
MOST_ENTRIES = 100
RESUMED = "wagtail.workflow.resume"
# A step of another state, rejected or cancelled, comes again.
OVER_OR_CURRENT = {TaskState.STATUS_APPROVED, TaskState.STATUS_SKIPPED, TaskState.STATUS_IN_PROGRESS}
# The attribute in which `cache_reads` keeps what was read of a fiche.
CACHED_READS = "_review_read"

Result = TypeVar("Result")


def may_pass(*, task: Task, fiche: Page, user: AbstractUser) -> bool:
    """Whether ``user``, a member of the step's groups, may pass it: they did not write, submit or read the fiche."""
    return user.pk not in barred(task=task, fiche=fiche)


class _History(NamedTuple):
    """What was done to a fiche, on which depends who may decide. Attributes:

    - state: its current workflow state;
    - written: ``[(key of the revision, key of the user, datetime)]`` since the live version;
    - resubmitted: the keys of the users who submitted it again after corrections, in this review;
    - steps: those of this review.
    """

    state: WorkflowState | None
    written: list[tuple[int, int, datetime]]
    resubmitted: set[int | None]
    steps: list[TaskState]


def _history_of(fiche: Page) -> _History:
    return _once(fiche, "history", lambda: _read_history(fiche))


def _read_history(fiche: Page) -> _History:
    live = fiche.live_revision_id or 0
    written = [
        (each.pk, each.user_id, each.created_at) for each in revisions_of(fiche) if each.user_id and each.pk > live
    ]
    state = fiche.current_workflow_state
    if state is None:
        return _History(None, written, set(), [])
    steps = [step for step in task_states_of(fiche) if step.workflow_state_id == state.pk]
    log = log_of(fiche)
    if len(log) == MOST_ENTRIES:
        log = list(PageLogEntry.objects.filter(page=fiche.pk, action=RESUMED, timestamp__gte=state.created_at))
    resubmitted = {entry.user_id for entry in log if entry.action == RESUMED and entry.timestamp >= state.created_at}
    return _History(state, written, resubmitted, steps)


def cache_reads(fiche: Page) -> None:
    """Makes the functions below, and the questions about who may decide, read each table once for this ``fiche``. For a screen that
    asks several of them; a decision reads them anew."""
    setattr(fiche, CACHED_READS, {})


def _once(fiche: Page, name: str, read: Callable[[], Result]) -> Result:
    known = getattr(fiche, CACHED_READS, None)
    if known is None:
        return read()
    if name not in known:
        known[name] = read()
    return known[name]


def revisions_of(fiche: Page, *, with_content: bool = False) -> list[Revision]:
    """The revisions of a page with their authors, the oldest first.

    :param with_content: loads the content of each with them; otherwise, it is loaded when it is read.
    """
    revisions = fiche.revisions.select_related("user").order_by("pk")
    return _once(fiche, "revisions", lambda: list(revisions if with_content else revisions.defer("content")))


def task_states_of(fiche: Page) -> list[TaskState]:
    """The task states of all the reviews of a page, the oldest first, with what they belong to and who decided."""
    states = TaskState.objects.for_instance(fiche).select_related("workflow_state__requested_by", "task", "finished_by")
    return _once(fiche, "task states", lambda: list(states.order_by("pk")))


def log_of(fiche: Page) -> list[PageLogEntry]:
    """The last :data:`MOST_ENTRIES` log entries of a page, the oldest first, with their authors."""
    entries = PageLogEntry.objects.filter(page=fiche.pk).select_related("user").order_by("-timestamp")
    return _once(fiche, "log", lambda: list(entries[:MOST_ENTRIES])[::-1])


def barred(*, task: Task, fiche: Page, before: Revision | None = None) -> set[int]:
    """The keys of the users who may not pass ``task`` for this fiche, superusers included.

    Revisions written during a step whose reader may correct don't count for that step.

    :param before: considers only the revisions older than this one.
    """
    history = _history_of(fiche)
    corrects = getattr(task, "corrects", False)
    now = timezone.now()
    spans = [
        (step.started_at, step.finished_at or now) for step in history.steps if corrects and step.task_id == task.pk
    ]
    keys = {fiche.owner_id} | {
        user
        for pk, user, when in history.written
        if (before is None or pk < before.pk) and not any(first <= when <= last for first, last in spans)
    }
    if history.state:
        passed = (s for s in history.steps if s.status == TaskState.STATUS_APPROVED and s.task_id != task.pk)
        keys |= {history.state.requested_by_id} | history.resubmitted | {s.finished_by_id for s in passed}
    return {key for key in keys if key is not None}


def next_task(fiche: Page) -> Task | None:
    """The task that follows the current step of the review; None after the last one."""
    history = _history_of(fiche)
    if history.state is None:
        return None
    over = {step.task_id for step in history.steps if step.status in OVER_OR_CURRENT}
    tasks = Task.objects.filter(workflow_tasks__workflow=history.state.workflow_id, active=True)
    following = tasks.exclude(pk__in=over).order_by("workflow_tasks__sort_order").first()
    return following and following.specific_deferred


def passable_by(user: AbstractUser) -> list[int]:
    """The keys of the task states that ``user`` may decide on: those of their groups, for pages that they did not write,
    submit or read. A constant number of queries."""
    pages = get_default_page_content_type().pk
    return [state.pk for state in awaiting(user) if state.workflow_state.base_content_type_id == pages]


def awaiting(user: AbstractUser) -> list[TaskState]:
    """The task states that ``user`` may decide on, of pages as in :func:`passable_by` and of other objects; those that wait longest
    come first. Read once in a request."""
    return once_a_request(("awaiting", user.pk), lambda: _read_awaiting(user))


def _read_awaiting(user: AbstractUser) -> list[TaskState]:
    reviewable = _reviewable_by(user).select_related("task", "revision", "workflow_state__requested_by")
    states = list(reviewable.defer("revision__content").order_by("started_at", "pk"))
    pages = get_default_page_content_type().pk
    of_pages = [state for state in states if state.workflow_state.base_content_type_id == pages]
    if not of_pages:
        return states
    pages_of = _pages_of(of_pages)
    owners = {pk: (page.owner_id, page.live_revision_id or 0) for pk, page in pages_of.items()}
    activity = _activity_of(user, of_pages, owners)
    barred_from = {state.pk for state in of_pages if _is_barred(user, state, owners, activity)}
    return [state for state in states if state.pk not in barred_from]


def _pages_of(states: list[TaskState]) -> dict[int, Page]:
    """The pages of these states by key, fiches as such; sets the ``page`` of each state, None for one that is gone."""
    keys = {int(state.workflow_state.object_id) for state in states}
    pages: dict[int, Page] = FichePage.objects.defer("corps").in_bulk(keys)
    if others := keys - pages.keys():
        pages |= Page.objects.in_bulk(others)
    for state in states:
        state.page = pages.get(int(state.workflow_state.object_id))
    return pages


def _reviewable_by(user: AbstractUser) -> QuerySet:
    """``TaskState.objects.reviewable_by(user)``, in one query where all tasks are approvals by groups."""
    kinds = get_task_types()
    stock = AbstractGroupApprovalTask.get_task_states_user_can_moderate
    if any(getattr(kind, "get_task_states_user_can_moderate", None) is not stock for kind in kinds):
        return TaskState.objects.reviewable_by(user)
    states = TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS, task__active=True)
    if user.is_superuser:
        return states
    own = Q()
    for kind in {kind._meta.concrete_model for kind in kinds}:  # ours are among Wagtail's own
        own |= Q(task__in=kind.objects.filter(groups__in=user.groups.all()).values("pk"))
    return states.filter(own)


class _Activity(NamedTuple):
    """What one user did to the pages under review. Attributes:

    - written: ``{page: [(revision, datetime)]}``, the revisions that they wrote;
    - submitted: ``{page: [datetime]}``, when they submitted the page again after corrections;
    - passed: ``{(workflow state, task)}``, the steps that they passed;
    - readings: ``{(workflow state, task): [(start, end)]}`` of the steps in which readers may correct, whoever read.
    """

    written: dict[int, list[tuple[int, datetime]]]
    submitted: dict[int, list[datetime]]
    passed: set[tuple[int, int]]
    readings: dict[tuple[int, int], list[tuple[datetime, datetime]]]


def _activity_of(user: AbstractUser, states: Iterable[TaskState], pages: Iterable[int]) -> _Activity:
    written: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    submitted: dict[int, list[datetime]] = defaultdict(list)
    readings: dict[tuple[int, int], list[tuple[datetime, datetime]]] = defaultdict(list)
    revisions = Revision.objects.filter(
        user=user, base_content_type=get_default_page_content_type(), object_id__in=[str(pk) for pk in pages]
    )
    log = PageLogEntry.objects.filter(user=user, page__in=list(pages), action=RESUMED)
    done = revisions.annotate(number=Cast("object_id", IntegerField())).values_list("number", "pk", "created_at")
    resumed = log.annotate(no_revision=Value(None, IntegerField())).values_list("page", "no_revision", "timestamp")
    for page, revision, instant in done.union(resumed.order_by(), all=True):
        if revision is None:
            submitted[page].append(instant)
        else:
            written[page].append((revision, instant))
    passed: set[tuple[int, int]] = set()
    correcting = {step.kind().pk for step in EtapeDeModeration.__subclasses__() if step.corrects}
    columns = ("workflow_state", "task", "task__content_type", "status", "finished_by", "started_at", "finished_at")
    steps = TaskState.objects.filter(workflow_state__in=[state.workflow_state_id for state in states])
    for state, task, kind, status, who, first, last in steps.values_list(*columns):
        if kind in correcting:
            readings[state, task].append((first, last or timezone.now()))
        if status == TaskState.STATUS_APPROVED and who == user.pk:
            passed.add((state, task))
    return _Activity(written, submitted, passed, readings)


def _is_barred(
    user: AbstractUser, state: TaskState, pages: dict[int, tuple[int | None, int]], activity: _Activity
) -> bool:
    """Whether ``user`` may not pass the step, by the rules of :func:`barred`, without a query.

    :param pages: ``{pk: (owner, key of the live revision or 0)}``.
    """
    page, workflow = int(state.workflow_state.object_id), state.workflow_state
    owner, live = pages.get(page, (None, 0))
    if user.pk in (owner, workflow.requested_by_id):
        return True
    if any(instant >= workflow.created_at for instant in activity.submitted[page]):
        return True
    if any(task != state.task_id for passed, task in activity.passed if passed == workflow.pk):
        return True
    spans = activity.readings[workflow.pk, state.task_id]
    written = (instant for pk, instant in activity.written[page] if pk > live)
    return any(not any(first <= instant <= last for first, last in spans) for instant in written)


def people_for(*, task: Task, fiche: Page, but: AbstractUser | None = None) -> QuerySet:
    """The active members of the step's groups who may pass it.

    :param but: a user to leave out: the one who is submitting the fiche.
    """
    keys = barred(task=task, fiche=fiche) | ({but.pk} if but else set())
    members = get_user_model().objects.filter(is_active=True, groups__in=task.groups.all())
    return members.exclude(pk__in=keys).distinct().order_by("pk")


def administrators_for(*, task: Task, fiche: Page) -> QuerySet:
    """The active superusers who may pass ``task``."""
    superusers = get_user_model().objects.filter(is_active=True, is_superuser=True)
    return superusers.exclude(pk__in=barred(task=task, fiche=fiche)).order_by("pk")


def who_to_ask(*, task: Task, fiche: Page) -> str:
    """A message that names the users who may pass this step, or says how to add one."""
    groups = ", ".join(f"«\u00a0{group.name}\u00a0»" for group in task.groups.all())
    if names := display_names(people_for(task=task, fiche=fiche)):
        return _("Ask one of these people: %(names)s (group %(group)s).") % {"names": names, "group": groups}
    if names := display_names(administrators_for(task=task, fiche=fiche)):
        return _(
            "Nobody else of the group %(group)s can. Ask one of the people who administer the site: %(names)s."
        ) % {
            "names": names,
            "group": groups,
        }
    return _(
        "Nobody else on this site can. An account must be added to the group %(group)s: who administers the site does it in "
        "Settings, Users."
    ) % {"group": groups}


def nobody_can(*, task: Task, fiche: Page) -> bool:
    """Whether no active user, not even a superuser, may pass this step."""
    return not (people_for(task=task, fiche=fiche).exists() or administrators_for(task=task, fiche=fiche).exists())


def display_names(people: QuerySet) -> str:
    """The display names of at most :data:`NAMED` of ``people``; ``""`` for none."""
    names = [get_user_display_name(person) for person in people[: NAMED + 1]]
    return ", ".join(names[:NAMED]) + (", …" if len(names) > NAMED else "")
