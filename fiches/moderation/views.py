"""The admin's views of a fiche, with decisions: each applies to the revision on screen, and concurrent ones run one after the
other."""

import functools
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.forms.pages import WagtailAdminPageForm
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.views.generic.workflow import BaseWorkflowFormView
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.revisions import RevisionsRevertView
from wagtail.admin.views.pages.workflow import CollectWorkflowActionDataView, WorkflowActionView
from wagtail.models import GroupApprovalTask, Page, Revision, Task, TaskState, WorkflowState

from fiches.formats import moment
from fiches.forms.older_screen import give_back
from fiches.forms.primary_key import read_key
from fiches.models import FichePage
from fiches.moderation.decision import (
    APPROVE,
    AlreadyDecided,
    DecisionRefused,
    OwnFiche,
    already_decided,
    changed_since_read,
    decide,
    lock_row,
    notices,
    own_fiche,
    publishes,
)
from fiches.moderation.permissions import refuse_others_fiches
from fiches.moderation.reviewers import cache_reads, may_pass, nobody_can, task_states_of, who_to_ask
from fiches.moderation.submitting import waits

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
    give_back(request, [typed_comment(request)])


def typed_comment(request: HttpRequest) -> str:
    """The comment of a decision, as a dialogue or the edit view sends it; ``""`` if there is none."""
    if "comment" in request.POST:
        return request.POST["comment"]
    try:
        data = json.loads(request.POST.get("workflow-action-extra-data") or "{}")
    except ValueError:
        return ""
    comment = data.get("comment") if isinstance(data, dict) else ""
    return comment if isinstance(comment, str) else ""


class ReviewEditView(EditView):
    """The edit view of a page under review: takes a decision with the form, and saves nothing if the decision is refused."""

    page: Page

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Of a page that the user may no longer edit since somebody decided on it, says what was decided."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except PermissionDenied:
            state = last_decision_for(self.page, request.user)
            if state is None or self.expects_json_response:
                raise
            messages.warning(request, already_decided(state), buttons=screen_buttons(self.page))
            return redirect(to_review_url())

    def get_template_names(self) -> list[str]:
        names = super().get_template_names()
        return ["fiches/admin/edit.html" if name == "wagtailadmin/pages/edit.html" else name for name in names]

    def get_object(self) -> Page:
        """Returns the latest revision as a page. To show the form, the tables of the review are read once; a
        decision reads them again."""
        page = super().get_object()
        if self.request.method == "GET":
            cache_reads(page)
            page._current_workflow_states = self.real_page_record._current_workflow_states  # read with the page
        return page

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        for text in review_texts(self.page, request.user, self.workflow_state, in_form=True):
            messages.info(request, text)
        if self.page.workflow_in_progress:
            for text in [*notices([self.page])[self.page.pk], *past_publication_date(self.page)]:
                messages.warning(request, text)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.POST.get("action-workflow-action"):
            refusal = self.refusal()
            if refusal:
                return self.show_refused_form(refusal)
        return super().post(request, *args, **kwargs)

    def refusal(self) -> DecisionRefused | None:
        """Why the requested decision can't be taken on the revision that was on screen; None if it can."""
        state = self.page.current_workflow_task_state
        asked = self.request.POST.get("tache", "")
        if state is None or (asked and asked != str(state.pk)):
            return AlreadyDecided(already_decided(self.requested_state(asked)))
        read = self.request.POST.get("loaded_revision_id") or str(state.revision_id)
        if self.is_out_of_date or read != str(self.page.latest_revision_id):
            return changed_since_read(self.page, read_key(read) or 0)
        action = self.request.POST.get("workflow-action-name")
        task = state.task.specific
        if action == APPROVE and not may_pass(task=task, fiche=self.page, user=self.request.user):
            return OwnFiche(own_fiche(task=task, fiche=self.page))
        return None if self.workflow_action_is_valid() else AlreadyDecided(already_decided(None))

    def requested_state(self, asked: str) -> TaskState | None:
        """The task state whose id the form sent, else the current one."""
        if key := read_key(asked):
            return TaskState.objects.for_instance(self.page).filter(pk=key).first()
        return self.workflow_state and self.workflow_state.current_task_state

    def show_refused_form(self, refusal: DecisionRefused) -> HttpResponseBase:
        """Shows the refusal: with the form as it was sent if something was typed, else with the page as it is now."""
        show_refusal(self.request, refusal)
        if not self.form_as_opened().has_changed():
            return self.redirect_and_remain()
        self.form = self.bound_form(self.page)
        self.has_unsaved_changes = True
        self.errors_debug = ""
        return self.render_to_response(self.get_context_data())

    def form_as_opened(self) -> WagtailAdminPageForm:
        """The posted form, bound to the revision that the user had opened, to see whether something was typed."""
        loaded = read_key(self.request.POST.get("loaded_revision_id", ""))
        revision = self.page.revisions.filter(pk=loaded).first()
        return self.bound_form(revision.as_object() if revision else self.get_object())

    def bound_form(self, page: Page) -> WagtailAdminPageForm:
        return self.form_class(
            self.request.POST,
            self.request.FILES,
            instance=page,
            subscription=self.subscription,
            parent_page=self.parent,
            for_user=self.request.user,
        )

    def perform_workflow_action(self) -> HttpResponseBase:
        """Takes the decision. Typed corrections are saved first, and the decision applies to the revision that they make."""
        state, read = self.page.current_workflow_task_state, self.page.latest_revision_id
        if self.has_content_changes:
            read = self.save_corrections().pk
        if question := ask_before_approval(self.request, self.page, state, self.workflow_action):
            return question
        try:
            decide(
                task_state=state,
                action=self.workflow_action,
                by=self.request.user,
                revision_read=read,
                comment=typed_comment(self.request),
            )
        except DecisionRefused as refusal:
            show_refusal(self.request, refusal)
            if self.has_content_changes:
                messages.info(self.request, _("Your corrections are saved."))
            return self.redirect_and_remain()
        text = outcome(state, self.workflow_action, self.page)
        messages.success(self.request, text, buttons=[self.get_edit_message_button(), *screen_buttons(self.page)])
        return self.run_hook("after_edit_page", self.request, self.page) or redirect(to_review_url())

    def save_corrections(self) -> Revision:
        self.page = self.form.save(commit=not self.page.live)
        self.subscription.save()
        revision = self.page.save_revision(
            user=self.request.user,
            log_action=True,
            previous_revision=self.previous_revision if self.is_reverting else None,
            clean=False,  # the form validated it; a page sent back may be invalid, an approved one is validated again
        )
        if "comments" in self.form.formsets:
            changes = self.get_commenting_changes()
            self.log_commenting_changes(changes, revision)
            self.send_commenting_notifications(changes)
        return revision


def last_decision_for(page: Page, user: Any) -> TaskState | None:
    """The last step of the review of a page, if it is over and was for one of the groups of ``user``."""
    steps = TaskState.objects.for_instance(page).select_related("task", "finished_by").order_by("-pk")
    last = steps.exclude(status=TaskState.STATUS_SKIPPED).first()
    groups = GroupApprovalTask.objects.filter(groups__user=user).values("pk")
    is_theirs = last and last.finished_at and Task.objects.filter(pk=last.task_id, pk__in=groups).exists()
    return last if is_theirs else None


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
        if not may_pass(task=task, fiche=page, user=user):
            yield own_fiche(task=task, fiche=page)
        elif in_form and not getattr(task, "corrects", False):
            yield _("What you type here is saved by itself. If you change this text, somebody else approves it.")
    elif nobody_can(task=task, fiche=page):
        yield who_to_ask(task=task, fiche=page)


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
    return f"{reverse('wagtailadmin_home')}#fiches-a-relire-section"  # as Wagtail names a panel's element


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


def screen_buttons(page: Page) -> list[Any]:
    """The button of the message after a decision: it leads to the screen of a fiche, where the decision can be taken back."""
    if not isinstance(page, FichePage):
        return []
    return [messages.button(reverse("fiches_innovation", args=[page.pk]), _("See this fiche"))]


def ask_before_approval(request: Any, page: Page, state: TaskState, action: str) -> HttpResponseRedirect | None:
    """The redirection that asks to confirm an approval, from the hooks ``before_approval(request, page, state)``, by which other apps
    show what they find surprising in what would be published. None for another decision, and for one that is refused to the user."""
    task = state.task.specific
    if action != APPROVE or not publishes(state):
        return None
    if not may_pass(task=task, fiche=page, user=request.user):
        return None
    responses = (hook(request, page, state) for hook in hooks.get_hooks("before_approval"))
    return next(filter(None, responses), None)


class FicheEditView(ReviewEditView):
    """The edit view of a fiche."""

    def add_save_confirmation_message(self) -> None:
        """Says why a fiche that was to be submitted is only saved."""
        reasons = waits(self.page) if self.request.POST.get("action-submit") else []
        if reasons:
            saved = _("Your text is saved as a draft, and is not submitted.")
            messages.error(self.request, " ".join([*reasons, saved]))
        else:
            super().add_save_confirmation_message()


class FicheRevertView(ReviewEditView, RevisionsRevertView):
    """The edit view of a fiche, filled with an earlier revision."""


class DecisionDialogue(BaseWorkflowFormView):
    """Mixin of the views of one workflow step (dialogue, or button of the dashboard): shows refusals as messages."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if str(self.task_state.workflow_state.object_id) != str(self.object.pk):
            raise Http404
        try:
            if self.object.current_workflow_task_state != self.task_state:
                raise AlreadyDecided(already_decided(self.task_state))
            return super().dispatch(request, *args, **kwargs)
        except DecisionRefused as refusal:
            show_refusal(request, refusal)
            return self.answer(self.redirect_url)

    def answer(self, url: str) -> HttpResponseBase:
        """Leads to ``url``, from a dialogue too."""
        if self.request.headers.get("x-requested-with") == "XMLHttpRequest":
            return self.render_modal_json(self.request, {"step": "success", "redirect": url})
        return redirect(url)

    def check_action(self) -> None:
        user = self.request.user
        try:
            super().check_action()
        except PermissionDenied:
            if self.action_name != APPROVE or not self.task.get_actions(self.object, user):
                raise
            raise OwnFiche(own_fiche(task=self.task, fiche=self.object)) from None


class FicheWorkflowActionView(DecisionDialogue, WorkflowActionView):
    """Decides on the revision under review, from the dashboard or the explorer."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if question := ask_before_approval(request, self.object, self.task_state, self.action_name):
            return self.answer(question.url)
        texts = notices([self.object])[self.object.pk]
        response = super().post(request, *args, **kwargs)
        if TaskState.objects.filter(pk=self.task_state.pk).exclude(status=TaskState.STATUS_IN_PROGRESS).exists():
            text = outcome(self.task_state, self.action_name, self.object)
            messages.success(request, text, buttons=screen_buttons(self.object))
            for text in texts:
                messages.warning(request, text)
        return response


class FicheCollectWorkflowActionDataView(DecisionDialogue, CollectWorkflowActionDataView):
    """The dialogue that asks for a comment, opened by the edit view."""
