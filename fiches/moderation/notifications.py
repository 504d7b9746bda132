"""Sends Wagtail's workflow notifications through our outbox, in the transaction of the decision, with retries.

Wagtail sends them during the request: a mail server that hangs would block the page (on SQLite, the whole database), and one
that is down would lose them. This module also notifies the other reviewers when a correction makes its author unable to pass
the step.
"""

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from typing import Any, cast

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, gettext_noop, override
from wagtail import hooks
from wagtail.admin import mail
from wagtail.admin.utils import get_user_display_name
from wagtail.models import Page, Revision, Task, TaskState, WorkflowState
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected, workflow_submitted
from wagtail.users.models import UserProfile

from fiches.mail.wordings import Obsolete, Wording, register_letter
from fiches.models import ApprobationTask, Courriel, FichePage
from fiches.models.courriel import CourrielQuerySet

LETTER = "moderation"
# Keys in the mail's context: the task state that awaits a decision, the review that goes on, the page, the page that was approved. The
# mail isn't sent once the decision is taken, the review is over, the page is deleted or in the bin, or what was approved is off the site.
AWAITED, REVIEW, ABOUT, APPROVED = "etape_attendue", "parcours", "page", "approuvee"
WORDING = Wording(gettext_lazy("To the reviewers: what the workflow tells"), ("objet", "texte"), ("objet",))

# The greeting of Wagtail's templates: only marked, so that our catalogue, which comes first, translates it formally.
gettext_noop("Hello %(username)s,")


class ByTheOutbox(mail.EmailNotificationMixin, mail.Notifier):
    """Mixin of Wagtail's notifiers: the same recipients and templates, sent by the outbox."""

    def get_context(self, instance: Model, **kwargs: Any) -> dict[str, Any]:
        step, context = getattr(instance, "current_task_state_id", ""), super().get_context(instance, **kwargs)
        known = {ABOUT: context["page"].pk} if "page" in context else {}
        return {
            **context,
            "fait": f"{type(instance).__name__}:{instance.pk}:{step}",
            "tant_que": {**known, **self.awaited(instance)},
        }

    def awaited(self, instance: Model) -> dict[str, Any]:
        """Returns what the mail asks for, keyed by :data:`AWAITED` or :data:`REVIEW`; empty if it announces an outcome."""
        return {}

    def send_emails(
        self, template_set: dict[str, str], context: dict[str, Any], recipients: Iterable[AbstractUser], **kwargs: Any
    ) -> bool:
        def words() -> Iterable[str]:
            return (render_to_string(template_set[part], variables).strip() for part in ("subject", "text"))

        for person in recipients:
            variables = {"user": person, **context}
            _post(f"{self.notification}:{context['fait']}", person, words, **context["tant_que"])
        return True


def _post(fact: str, person: AbstractUser, words: Callable[[], Iterable[str]], **more: Any) -> None:
    """Posts a mail to ``person``, once per ``fact``.

    :param fact: identifies the event.
    :param words: ``words()`` returns the subject and the text; it is called in the person's language.
    :param more: added to the mail's context.
    """
    from fiches.mail.outbox import post

    with override(UserProfile.get_for_user(person).get_preferred_language()):
        objet, texte = words()
    post(
        f"{LETTER}:{fact}:{person.pk}",
        modele=LETTER,
        destinataires=[person.email],
        contexte={"objet": objet, "texte": texte, **more},
    )


class TaskSubmitted(ByTheOutbox, mail.GroupApprovalTaskStateSubmissionEmailNotifier):
    """Notifies the users who may pass the step; if nobody in its groups may, the administrators. Of a fiche, the mail leads to the
    screen where it is decided on, and is not sent once it was."""

    def awaited(self, instance: Model) -> dict[str, Any]:
        return {AWAITED: instance.pk}

    def send_emails(
        self, template_set: dict[str, str], context: dict[str, Any], recipients: Iterable[AbstractUser], **kwargs: Any
    ) -> bool:
        page = context.get("page")
        if not isinstance(page, FichePage):
            return super().send_emails(template_set, context, recipients, **kwargs)
        for person in recipients:
            fact = f"{self.notification}:{context['fait']}"
            _post(fact, person, lambda: _awaited(page, context["task"]), **context["tant_que"])
        return True

    def get_recipient_users(self, task_state: TaskState, **kwargs: Any) -> QuerySet:
        from fiches.moderation.reviewers import administrators_for, barred

        people = super().get_recipient_users(task_state, **kwargs)
        about = task_state.workflow_state.content_object
        if not isinstance(about, Page):
            return people
        task = task_state.task.specific
        people = people.filter(is_active=True).exclude(pk__in=barred(task=task, fiche=about))
        return people if people.exists() else administrators_for(task=task, fiche=about)


def _awaited(page: Page, task: Task) -> tuple[str, str]:
    """The subject and text of the mail to those who may decide on a fiche."""
    from fiches.mail.outbox import admin_url

    approves, title = isinstance(task, ApprobationTask), {"title": page.get_admin_display_title()}
    subject = gettext("To approve: “%(title)s”") if approves else gettext("To read: “%(title)s”")
    text = gettext("“%(title)s” awaits its approval.") if approves else gettext("“%(title)s” awaits its reading.")
    what = gettext("Read what will be published, and decide, at this address:")
    return subject % title, f"{text % title}\n\n{what}\n{admin_url(reverse('fiches_innovation', args=[page.pk]))}"


def recipients_of_passing(*, fiche: Page, by: AbstractUser) -> str:
    """The display names of the users who get a mail once ``by`` passes the current step; ``""`` for nobody."""
    from fiches.moderation.reviewers import administrators_for, display_names, next_task, people_for

    if task := next_task(fiche):
        people = mailed(people_for(task=task, fiche=fiche, but=by), "submitted")
        return display_names(people) or display_names(mailed(administrators_for(task=task, fiche=fiche), "submitted"))
    submitter = fiche.current_workflow_state.requested_by_id
    people = get_user_model().objects.filter(pk=submitter).exclude(pk=by.pk)
    return display_names(mailed(people, "approved")) if submitter else ""


def unsent_outcomes(review: WorkflowState) -> CourrielQuerySet:
    """The mails about the outcome of a review that have not left."""
    mails = Courriel.objects.none()
    for outcome in ("approved", "rejected"):
        mails |= Courriel.objects.filter(
            modele=LETTER, cle__startswith=f"{LETTER}:{outcome}:WorkflowState:{review.pk}:"
        )
    return mails.unsent()


def mailed(people: QuerySet, notification: str) -> QuerySet:
    """Those who have an address and did not turn off this notification of Wagtail's."""
    refused = {f"wagtail_userprofile__{notification}_notifications": False}
    return people.filter(is_active=True).exclude(email="").exclude(**refused)


def corrected(request: HttpRequest, page: Page) -> None:
    """Hook ``after_edit_page``: if the user could pass the current step before this edit and no longer can, notifies those who
    can. After an autosave, the mails wait for ten minutes: they don't leave if the user takes back what they typed."""
    from fiches.mail import outbox
    from fiches.moderation.reviewers import may_pass

    instance = page.latest_revision
    if instance is None:
        return
    about = {"base_content_type": instance.base_content_type_id, "object_id": instance.object_id}
    waiting = TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS)
    state = waiting.filter(**{f"workflow_state__{name}": value for name, value in about.items()}).first()
    if state is None:
        return
    fact = f"handed_over:{state.pk}:{request.user.pk}"
    if instance.user_id != request.user.pk:
        if may_pass(task=state.task.specific, fiche=page, user=cast(AbstractUser, request.user)):
            Courriel.objects.filter(cle__startswith=f"{LETTER}:{fact}:").unsent().delete()
    elif _barred_themselves(state, instance):
        with nullcontext() if request.accepts("text/html") else outbox.delayed():
            for person in TaskSubmitted().get_valid_recipients(state, user=instance.user):
                _post(fact, person, lambda: _handed_over(instance), **{AWAITED: state.pk})


def _barred_themselves(state: TaskState, revision: Revision) -> bool:
    """Whether the author of ``revision`` could pass the step before writing it, and no longer can."""
    from fiches.models.moderation import EtapeDeModeration
    from fiches.moderation.reviewers import barred

    task, page = state.task.specific, state.workflow_state.content_object
    if not isinstance(task, EtapeDeModeration) or not task.get_actions(page, revision.user):
        return False
    before, now = (barred(task=task, fiche=page, before=each) for each in (revision, None))
    return revision.user_id in now - before


def _handed_over(revision: Revision) -> tuple[str, str]:
    """The subject and text of the mail to the users who can pass the step now."""
    from fiches.mail.outbox import admin_url

    page = revision.content_object
    params = {"who": get_user_display_name(revision.user), "title": page.draft_title}
    name = "fiches_innovation" if isinstance(page.specific, FichePage) else "wagtailadmin_pages:edit"
    address = admin_url(reverse(name, args=[page.pk]))
    text = gettext(
        "%(who)s corrected “%(title)s” and can no longer approve it. You can: read it, then approve it or send it back."
    )
    return gettext("“%(title)s” awaits your approval") % params, f"{text % params}\n\n{address}"


def complete(courriel: Courriel) -> dict[str, Any]:
    """Called when the mail is sent; adds nothing to its context.

    :raises Obsolete: the decision that the mail asks for was taken meanwhile, the page left the review, or is gone.
    """
    held = courriel.contexte
    awaited = TaskState.objects.filter(pk=held.get(AWAITED), status=TaskState.STATUS_IN_PROGRESS)
    review = WorkflowState.objects.active().filter(pk=held.get(REVIEW))
    page = Page.objects.filter(pk=held.get(ABOUT))
    if any(held.get(key) and not rows.exists() for key, rows in ((AWAITED, awaited), (REVIEW, review), (ABOUT, page))):
        raise Obsolete
    approved = Page.objects.filter(pk=held.get(APPROVED)).first()
    if APPROVED in held and not (approved and (approved.live or approved.approved_schedule)):
        raise Obsolete
    return {}


class WorkflowSubmitted(ByTheOutbox, mail.WorkflowStateSubmissionEmailNotifier):
    def awaited(self, instance: Model) -> dict[str, Any]:
        return {REVIEW: instance.pk}


class WorkflowRejected(ByTheOutbox, mail.WorkflowStateRejectionEmailNotifier):
    pass


class WorkflowApproved(ByTheOutbox, mail.WorkflowStateApprovalEmailNotifier):
    def awaited(self, instance: Any) -> dict[str, Any]:
        page = instance.content_object
        return {APPROVED: page.pk} if isinstance(page, Page) else {}


NOTIFIERS = (
    (task_submitted, TaskState, TaskSubmitted, "group_approval_task_submitted"),
    (workflow_submitted, WorkflowState, WorkflowSubmitted, "workflow_state_submitted"),
    (workflow_rejected, WorkflowState, WorkflowRejected, "workflow_state_rejected"),
    (workflow_approved, WorkflowState, WorkflowApproved, "workflow_state_approved"),
)


def connect() -> None:
    """Replaces Wagtail's receivers by ours. Works in either order of the apps, since ours have the same ``dispatch_uid``."""
    register_letter(LETTER, WORDING, complete=complete, permission="rallynov_fiches.change_courriel")
    hooks.register("after_edit_page", corrected)
    for signal, sender, notifier, name in NOTIFIERS:
        uid = f"{name}_email_notification"
        signal.disconnect(sender=sender, dispatch_uid=uid)
        signal.connect(notifier(), sender=sender, dispatch_uid=uid, weak=False)
