"""The admin's views of a page: concurrent ones run one after the other; and what the screens of the review say."""

import functools
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.views.pages.edit import EditView
from wagtail.models import Page, TaskState, WorkflowState

from fiches.formats import moment
from fiches.forms.public_form import give_back
from fiches.moderation.decision import APPROVE, DecisionRefused, lock_row, own_page, publishes
from fiches.moderation.permissions import refuse_others_fiches
from fiches.moderation.reviewers import may_pass, nobody_can, task_states_of, who_to_ask

NAMES_OF_THE_PAGE = ("page_id", "pk", "page_to_move_id")


def one_at_a_time(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Decorator of a page's view: locks the page's row during a POST, so that concurrent ones run one after the other. Also
    raises PermissionDenied, on any request, if the user may see their own fiches only and this isn't one."""

    @functools.wraps(view)
    def locked_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        pk = next((kwargs[name] for name in NAMES_OF_THE_PAGE if name in kwargs), None)
        if pk is None:
            return view(request, *args, **kwargs)
        refuse_others_fiches(request.user, int(pk))
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with transaction.atomic():
            if not lock_row(pk):
                raise Http404
            return view(request, *args, **kwargs)

    return locked_view


def show_refusal(request: HttpRequest, refusal: DecisionRefused) -> None:
    """Adds an error message with the reason of a refusal, and a button to the comparison if there is one; and a message with the
    comment that was typed, which the next page may have no field for."""
    url = refusal.compare_url
    messages.error(request, str(refusal), buttons=[messages.button(url, _("See what changed"))] if url else [])
    give_back(request, [request.POST.get("comment", "")])


def review_texts(
    page: Page, user: Any, workflow_state: WorkflowState | None, *, in_form: bool = False
) -> Iterator[str]:
    """Yields what the user reads of the review of a page: the corrections asked for, and why they can't pass the step although
    their groups may.

    :param workflow_state: the page's current one.
    :param in_form: whether they stand above the form of the page, where the user may write.
    """
    if not workflow_state or not workflow_state.is_active:
        return
    steps = [step for step in task_states_of(page) if step.workflow_state_id == workflow_state.pk]
    yield from correction_messages(workflow_state, steps)
    if any(step.status == TaskState.STATUS_SKIPPED for step in steps):
        text = _("Nobody but its author could read “%(title)s”: it went straight to its approval.")
        yield text % {"title": page.draft_title}
    task = page.current_workflow_task
    if task is None:
        return
    if task.get_actions(page, user):
        if not may_pass(task=task, page=page, user=user):
            yield own_page(task=task, page=page)
        elif in_form and not getattr(task, "corrects", False):
            yield _("What you type here is saved by itself. If you change this text, somebody else approves it.")
    elif nobody_can(task=task, page=page):
        yield who_to_ask(task=task, page=page)


def past_publication_date(draft: Page) -> Iterator[str]:
    """Yields a warning if ``draft`` is not online and the date from which it was to be is past."""
    if not draft.live and draft.go_live_at and draft.go_live_at <= timezone.now():
        text = _(
            "The publication was planned for %(date)s. This date is past: once approved, the page is online at once."
        )
        yield text % {"date": moment(draft.go_live_at)}


def correction_messages(workflow_state: WorkflowState, steps: list[TaskState]) -> Iterator[str]:
    """Yields a message for each correction that reviewers asked for, the oldest first, in the past tense once it was submitted
    again.

    :param steps: the task states of ``workflow_state``.
    """
    sent_back = [step for step in steps if step.status == TaskState.STATUS_REJECTED and step.comment]
    awaited = workflow_state.status == WorkflowState.STATUS_NEEDS_CHANGES
    for state in sorted(sent_back, key=lambda step: step.finished_at):
        current = awaited and state.pk == workflow_state.current_task_state_id
        text = (
            _("%(who)s asked for corrections: “%(comment)s”")
            if current
            else _("On %(when)s, before it was sent again, %(who)s had asked for: “%(comment)s”")
        )
        who = get_user_display_name(state.finished_by) if state.finished_by else _("somebody")
        when = moment(state.finished_at)
        yield text % {"who": who, "comment": state.comment, "when": when}


def to_review_url() -> str:
    """The address to which a user goes after a decision: what is to be reviewed, on the admin's home page."""
    return f"{reverse('wagtailadmin_home')}#a-faire-section"  # as Wagtail names a panel's element


def outcome(state: TaskState, action: str, page: Page, *, go_live_at: datetime | None = None) -> str:
    """The message to the user about the decision they took, on a fiche or an étape.

    :param go_live_at: when the approved page will be online, if it isn't at once.
    """
    if go_live_at:
        when = moment(go_live_at)
        text = _("“%(title)s” is approved, as you read it. It will be online from %(when)s.")
        return text % {"title": page.draft_title, "when": when}
    if action != APPROVE:
        text = _("“%(title)s” is sent back, with your reasons.")
    elif publishes(state):
        text = _("“%(title)s” is approved, as you read it.")
    else:
        text = _("“%(title)s” is passed on: it awaits its approval.")
    return text % {"title": page.draft_title}


def ask_before_approval(request: Any, page: Page, state: TaskState, action: str) -> HttpResponseRedirect | None:
    """The redirection that asks to confirm an approval, from the hooks ``before_approval(request, page, state)``, by which other apps
    show what they find surprising in what would be published. None for another decision, and for one that is refused to the user."""
    task = state.task.specific
    if action != APPROVE or not publishes(state):
        return None
    if not may_pass(task=task, page=page, user=request.user):
        return None
    responses = (hook(request, page, state) for hook in hooks.get_hooks("before_approval"))
    return next(filter(None, responses), None)


class FicheEditView(EditView):
    """The edit view of a page under review. Nothing is decided there: see `fiches.admin.innovation`."""

    page: Page

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        for text in review_texts(self.page, request.user, self.workflow_state, in_form=True):
            messages.info(request, text)
        return super().get(request, *args, **kwargs)
