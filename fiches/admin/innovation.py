"""The screen of one innovation, or of another page under review: what changed since it was read, what will be published, remarks,
history, and the decisions that the user may take. They are taken nowhere else.

`fiches.candidatures` shows the same screen at the dossier's address, with what the company said.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from django import forms
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import COMMENTS_RELATION_NAME, CommentReply, Page, Revision, TaskState

from fiches.admin.comparison import changes, facts, last_read, latest_and_read
from fiches.forms.private_address import read_key
from fiches.models import FichePage
from fiches.models.moderation import EtapeDeModeration
from fiches.models.page_forms import check_year
from fiches.moderation.decision import (
    APPROVE,
    REJECT,
    AlreadyDecided,
    DecisionRefused,
    ReasonForm,
    already_decided,
    decide,
    notices,
    obstacles,
    publishes,
    sources,
)
from fiches.moderation.inverse_acts import may_put_back_online, may_resume_review, put_back_online, resume_review
from fiches.moderation.permissions import refuse_others_fiches
from fiches.moderation.submitting import (
    has_something_to_submit,
    may_submit,
    submit_as_read,
)
from fiches.moderation.unpublish_views import names_of_languages, versions_online
from fiches.moderation.views import (
    ask_before_approval,
    outcome,
    past_publication_date,
    review_texts,
    show_refusal,
    to_review_url,
)


class ApprovalForm(forms.Form):
    """The approval of a page, at once or for a later date."""

    publier_le = forms.DateTimeField(
        label=gettext_lazy("Online from"),
        required=False,
        help_text=gettext_lazy("Leave it empty to publish at once."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def clean_publier_le(self) -> Any:
        moment = self.cleaned_data["publier_le"]
        check_year(moment)
        if moment and moment <= timezone.now():
            raise ValidationError(_("This date is past. Choose a later one, or leave it empty to publish at once."))
        return moment


SUBMIT = "submit"
# The records that the screen reads in the query of the page.
READ_WITH_PAGE = ("latest_revision", "owner")
FORMS: dict[str, type[forms.Form]] = {APPROVE: ApprovalForm, REJECT: ReasonForm, SUBMIT: forms.Form}


class AwaitedDecision(NamedTuple):
    """The step that awaits a decision. Attributes:

    - state: the task state;
    - actions: those that the user may take;
    - publishes: whether the approval puts the page online.
    """

    state: TaskState
    actions: set[str]
    publishes: bool


def decision_on(page: Page, user: AbstractUser) -> AwaitedDecision | None:
    """The decision that awaits on a page; None if none does, or if the user may take none."""
    state, task = page.current_workflow_task_state, page.current_workflow_task
    actions = {name for name, _label, _modal in task.get_actions(page, user)} & FORMS.keys() if task else set()
    return AwaitedDecision(state, actions, publishes(state)) if actions else None


def is_decided_there(page: Page) -> bool:
    """Whether a page is decided on at the screen of this module: fiches, and what is at a step of our review."""
    return isinstance(page, FichePage) or isinstance(page.current_workflow_task, EtapeDeModeration)


def take_decision(request: Any, page: Page, form: forms.Form) -> HttpResponseBase | None:
    """Takes the decision that the screen's form sent, on the version that was on screen.

    :returns: the response; None if it was refused, and the reason is in the messages.
    :raises PermissionDenied: the user may not decide on this step.
    """
    action, asked, read = (request.POST.get(name, "") for name in ("action", "tache", "revision"))
    state = TaskState.objects.for_instance(page).filter(pk=read_key(asked)).first()
    go_live_at = form.cleaned_data.get("publier_le")
    try:
        if state is None or read_key(read) is None:
            raise AlreadyDecided(already_decided(None))
        if question := ask_before_approval(request, page, state, action):
            return question
        decide(
            task_state=state,
            action=action,
            by=request.user,
            revision_read=read,
            comment=form.cleaned_data.get("comment", ""),
            go_live_at=go_live_at if publishes(state) else ...,
        )
    except DecisionRefused as refusal:
        show_refusal(request, refusal)
        return None
    text = outcome(state, action, page, go_live_at=go_live_at)
    here = [messages.button(request.path, _("See this fiche"))] if isinstance(page, FichePage) else []
    messages.success(request, text, buttons=here)
    return redirect(to_review_url())


def submission_of(page: Page, user: AbstractUser) -> str:
    """The label of the button that submits the latest version of a page; "" if there is nothing to submit, or if the user may
    not."""
    if not has_something_to_submit(page) or not may_submit(page, user) or obstacles(page):
        return ""
    if page.current_workflow_state:
        return _("Submit again for review")
    if page.live:
        return _("Submit the changes for review")
    return _("Put it back in review") if page.first_published_at else _("Submit for review")


def take_submission(request: Any, page: Page) -> HttpResponseBase | None:
    """Submits the version that was on screen.

    :returns: the response; None if it was refused, and the reason is in the messages.
    """
    try:
        submit_as_read(page=page, by=request.user, revision_read=request.POST.get("revision", ""))
    except DecisionRefused as refusal:
        show_refusal(request, refusal)
        return None
    messages.success(request, _("“%(title)s” is submitted: it awaits its reading.") % {"title": page.draft_title})
    return redirect(request.path)


class Remark(NamedTuple):
    """A comment that is not resolved, of the field ``name``."""

    comment: Any
    name: str
    label: str


def remarks_on(page: Page) -> list[Remark]:
    """The comments of a page that are not resolved, the oldest first, with their replies. Two queries."""
    comments = getattr(page, COMMENTS_RELATION_NAME).filter(resolved_at=None).select_related("user")
    replies = Prefetch("replies", CommentReply.objects.select_related("user"))
    comments = comments.prefetch_related(replies).order_by("pk")
    named = ((comment, comment.contentpath.partition(".")[0]) for comment in comments)
    return [Remark(comment, name, _label(page, name)) for comment, name in named]


def _label(page: Page, name: str) -> str:
    known = {field.name: field for field in page._meta.get_fields()}
    return capfirst(str(getattr(known.get(name), "verbose_name", name)))


def innovation_context(request: Any, page: Page) -> dict[str, Any]:
    """What the template ``fiches/admin/innovation.html`` shows of a page that the user may edit."""
    user, reading, permissions = request.user, last_read(page, request.user), page.permissions_for_user(request.user)
    draft, *before = latest_and_read(page, reading)
    decision = decision_on(page, user)
    scheduled = draft.go_live_at if draft.go_live_at and draft.go_live_at > timezone.now() else None
    return {
        "page": page,
        "page_lue": draft,
        "lecture": reading,
        "changements": [change for former in before for change in changes(page, former, draft, request)],
        "avis": [
            *review_texts(page, user, page.current_workflow_state),
            *notices(page),
            *(past_publication_date(draft) if decision and decision.publishes else []),
        ],
        "decision": decision,
        APPROVE: ApprovalForm(initial={"publier_le": scheduled}),
        REJECT: ReasonForm(),
        "remarques": remarks_on(page),
        "histoire": facts(page),
        "a_soumettre": submission_of(page, user),
        "peut_corriger": not permissions.page_locked(),
        "programmee": _date_to_cancel(page, permissions),
        "peut_reprendre": isinstance(page, FichePage) and may_resume_review(page, user),
        "peut_remettre_en_ligne": isinstance(page, FichePage) and may_put_back_online(page, user),
        "peut_retirer": permissions.can_unpublish(),
        "autres_langues": names_of_languages(versions_online(page, user)) if permissions.can_unpublish() else [],
    }


def _date_to_cancel(page: Page, permissions: Any) -> Revision | None:
    """The revision that goes online at a date, if the user may cancel that date and nothing keeps the page off the site."""
    scheduled = page.scheduled_revision
    return scheduled if scheduled and permissions.can_unschedule() and not obstacles(page) else None


def editable_page(user: Any, pk: int) -> Page:
    """The page of this key.

    :raises PermissionDenied: ``user`` may not edit it.
    """
    refuse_others_fiches(user, pk)
    page = Page.objects.filter(pk=pk, depth__gt=1).first()
    specific = page and page.specific_class.objects.filter(pk=pk).select_related("latest_revision", "owner").first()
    if specific is None:
        raise Http404
    if not specific.permissions_for_user(user).can_edit():
        raise PermissionDenied
    return specific


class InnovationView(WagtailAdminTemplateMixin, View):
    """The screen of one page, for those who may edit it; a POST request takes a decision."""

    template_name = "fiches/admin/innovation.html"
    header_icon = "doc-full-inverse"
    breadcrumbs_items: list[Any] = []
    request: Any
    page: Page | None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.page = self.get_page()

    def get_page(self) -> Page | None:
        """The page of the screen.

        :raises PermissionDenied: the user may not edit it.
        """
        return editable_page(self.request.user, self.kwargs["pk"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        address = self.get_other_address()
        return redirect(address) if address else self.render_to_response(self.get_context_data(**kwargs))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        action = request.POST.get("action", "")
        if self.page is None or action not in FORMS:
            raise Http404
        form = FORMS[action](request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(**{action: form}), status=422)
        answer = take_submission(request, self.page) if action == SUBMIT else take_decision(request, self.page, form)
        return answer or self.render_to_response(self.get_context_data(**{action: form}), status=409)

    def get_other_address(self) -> str | None:
        """The address of the screen that another app registered for this page, or None."""
        addresses = (source.address(self.page, self.request.user) for source in sources if self.page)
        return next(filter(None, addresses), None)

    def get_address(self) -> str:
        """The address of the screen, where its forms are sent."""
        return reverse("fiches_innovation", args=[self.kwargs["pk"]])

    def get_page_title(self) -> str:
        return self.page.draft_title if self.page else ""

    def get_page_subtitle(self) -> str:
        return getattr(self.page, "organisation", "")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        of_the_page = innovation_context(self.request, self.page) if self.page else {}
        return super().get_context_data(**{"adresse": self.get_address(), **of_the_page, **kwargs})


# The acts that take a decision back (`fiches.moderation.inverse_acts`), and what is said once they are done.
ACTS: dict[str, tuple[Callable[..., None], Any]] = {
    "reprendre": (resume_review, gettext_lazy("The decision is taken back: the fiche waits for it again.")),
    "en-ligne": (put_back_online, gettext_lazy("The fiche is back online, as it was.")),
}


@require_POST
def take_back(request: Any, pk: int, verbe: str) -> HttpResponseBase:
    """Does an act of :data:`ACTS` on a fiche that the user may edit."""
    if verbe not in ACTS:
        raise Http404
    act, done = ACTS[verbe]
    try:
        act(fiche=editable_page(request.user, pk), by=request.user)
    except DecisionRefused as refusal:
        show_refusal(request, refusal)
    else:
        messages.success(request, done)
    return redirect("fiches_innovation", pk)


urlpatterns = [
    path("innovations/<int:pk>/", InnovationView.as_view(), name="fiches_innovation"),
    path("innovations/<int:pk>/<slug:verbe>/", take_back, name="fiches_reprendre"),
]
