"""Separation of duties in the review: nobody reads a page that they wrote, nor approves one that they wrote or read.

The authors of a page are its owner, the user who submitted it, and those who wrote revisions since the live one. During «
Relecture », a reader may correct the page and still pass it on; during « Approbation », a correction makes its writer an
author.
"""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name
from wagtail.models import Page, PageLogEntry, Revision, Task, TaskState, get_default_page_content_type

# People named in a message, at most.
NAMED = 5
# Log entries of a page that are read, at most.
MOST_ENTRIES = 100
RESUMED = "wagtail.workflow.resume"


def may_pass(*, task: Task, page: Page, user: AbstractUser) -> bool:
    """Whether ``user``, a member of the step's groups, may pass it: they did not write, submit or read the page."""
    return user.pk not in barred(task=task, page=page)


def barred(*, task: Task, page: Page) -> set[int]:
    """The keys of the users who may not pass ``task`` for this page, superusers included.

    Revisions written during a step whose reader may correct don't count for that step.
    """
    review = page.current_workflow_state
    steps = list(review.task_states.all()) if review else []
    now = timezone.now()
    corrects = getattr(task, "corrects", False)
    spans = [(step.started_at, step.finished_at or now) for step in steps if corrects and step.task_id == task.pk]
    written = page.revisions.filter(pk__gt=page.live_revision_id or 0).values_list("user", "created_at")
    keys = {page.owner_id} | {user for user, when in written if not any(first <= when <= last for first, last in spans)}
    if review:
        log = PageLogEntry.objects.filter(page=page.pk, action=RESUMED, timestamp__gte=review.created_at)
        passed = (step for step in steps if step.status == TaskState.STATUS_APPROVED and step.task_id != task.pk)
        keys |= {review.requested_by_id, *log.values_list("user", flat=True), *(step.finished_by_id for step in passed)}
    return {key for key in keys if key is not None}


def revisions_of(page: Page) -> list[Revision]:
    """The revisions of a page with their authors, the oldest first."""
    return list(page.revisions.select_related("user").order_by("pk"))


def task_states_of(page: Page) -> list[TaskState]:
    """The task states of all the reviews of a page, the oldest first, with what they belong to and who decided."""
    states = TaskState.objects.for_instance(page).select_related("workflow_state__requested_by", "task", "finished_by")
    return list(states.order_by("pk"))


def log_of(page: Page) -> list[PageLogEntry]:
    """The last :data:`MOST_ENTRIES` log entries of a page, the oldest first, with their authors."""
    entries = PageLogEntry.objects.filter(page=page.pk).select_related("user").order_by("-timestamp")
    return list(entries[:MOST_ENTRIES])[::-1]


def awaiting(user: AbstractUser) -> list[TaskState]:
    """The task states that ``user`` may decide on; those that wait longest come first. Of a page, which is ``state.page``, only if
    they did not write, submit or read it."""
    states = TaskState.objects.reviewable_by(user).select_related("task", "workflow_state__requested_by")
    states = list(states.order_by("started_at", "pk"))
    kind = get_default_page_content_type().pk
    of_pages = [state for state in states if state.workflow_state.base_content_type_id == kind]
    keys = {state.pk: int(state.workflow_state.object_id) for state in of_pages}
    pages = {page.pk: page for page in Page.objects.filter(pk__in=keys.values()).specific()}
    for state in of_pages:
        state.page = pages.get(keys[state.pk])
    return [state for state in states if state not in of_pages or (state.page and _may_decide(state, user))]


def _may_decide(state: TaskState, user: AbstractUser) -> bool:
    return may_pass(task=state.task.specific_deferred, page=state.page, user=user)


def people_for(*, task: Task, page: Page, but: AbstractUser | None = None) -> QuerySet:
    """The active members of the step's groups who may pass it.

    :param but: a user to leave out: the one who is submitting the page.
    """
    keys = barred(task=task, page=page) | ({but.pk} if but else set())
    members = get_user_model().objects.filter(is_active=True, groups__in=task.groups.all())
    return members.exclude(pk__in=keys).distinct().order_by("pk")


def administrators_for(*, task: Task, page: Page) -> QuerySet:
    """The active superusers who may pass ``task``."""
    superusers = get_user_model().objects.filter(is_active=True, is_superuser=True)
    return superusers.exclude(pk__in=barred(task=task, page=page)).order_by("pk")


def who_to_ask(*, task: Task, page: Page) -> str:
    """A message that names the users who may pass this step, or says how to add one."""
    groups = ", ".join(f"«\u00a0{group.name}\u00a0»" for group in task.groups.all())
    if names := display_names(people_for(task=task, page=page)):
        return _("Ask one of these people: %(names)s (group %(group)s).") % {"names": names, "group": groups}
    if names := display_names(administrators_for(task=task, page=page)):
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


def nobody_can(*, task: Task, page: Page) -> bool:
    """Whether no active user, not even a superuser, may pass this step."""
    return not (people_for(task=task, page=page).exists() or administrators_for(task=task, page=page).exists())


def display_names(people: QuerySet) -> str:
    """The display names of at most :data:`NAMED` of ``people``; ``""`` for none."""
    names = [get_user_display_name(person) for person in people[: NAMED + 1]]
    return ", ".join(names[:NAMED]) + (", …" if len(names) > NAMED else "")
