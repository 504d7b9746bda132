"""Sends Wagtail's workflow notifications through our outbox, in the transaction of the decision, with retries.

Wagtail sends them during the request: a mail server that hangs would block the page (on SQLite, the whole database), and one
that is down would lose them."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db.models import Model, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, gettext_noop, override
from wagtail.admin import mail
from wagtail.models import Page, Task, TaskState, WorkflowState
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected, workflow_submitted
from wagtail.users.models import UserProfile

from fiches.mail.wordings import Obsolete, Wording, register_letter
from fiches.models import Courriel, FichePage
from fiches.models.courriel import CourrielQuerySet
from fiches.models.moderation import STEPS, EtapeDeModeration

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
    """Notifies the users who may pass the step; if nobody in its groups may, the administrators. Of what our review decides on, the
    mail leads to the screen of the decision. It is not sent once it was taken."""

    def awaited(self, instance: Model) -> dict[str, Any]:
        return {AWAITED: instance.pk}

    def send_emails(
        self, template_set: dict[str, str], context: dict[str, Any], recipients: Iterable[AbstractUser], **kwargs: Any
    ) -> bool:
        page, task = context.get("page"), context["task"]
        if not isinstance(page, FichePage) and not isinstance(task, EtapeDeModeration):
            return super().send_emails(template_set, context, recipients, **kwargs)
        for person in recipients:
            fact = f"{self.notification}:{context['fait']}"
            _post(fact, person, lambda: _awaited(page, task), **context["tant_que"])
        return True

    def get_recipient_users(self, task_state: TaskState, **kwargs: Any) -> QuerySet:
        from fiches.moderation.reviewers import administrators_for, barred

        people = super().get_recipient_users(task_state, **kwargs)
        about = task_state.workflow_state.content_object
        if not isinstance(about, Page):
            return people
        task = task_state.task.specific
        people = people.filter(is_active=True).exclude(pk__in=barred(task=task, page=about))
        return people if people.exists() else administrators_for(task=task, page=about)


def _awaited(page: Page, task: Task) -> tuple[str, str]:
    """The subject and text of the mail to those who may decide on a page: those of its step; in a host's own workflow, of the first."""
    from fiches.mail.outbox import admin_url

    step = next((step for step in STEPS if isinstance(task, step.task)), STEPS[0])
    title = {"title": page.get_admin_display_title()}
    what = gettext("Read what will be published, and decide, at this address:")
    return (
        step.subject % title,
        f"{step.text % title}\n\n{what}\n{admin_url(reverse('fiches_innovation', args=[page.pk]))}",
    )


def unsent_outcomes(review: WorkflowState) -> CourrielQuerySet:
    """The mails about the outcome of a review that have not left."""
    mails = Courriel.objects.none()
    for outcome in ("approved", "rejected"):
        mails |= Courriel.objects.filter(
            modele=LETTER, cle__startswith=f"{LETTER}:{outcome}:WorkflowState:{review.pk}:"
        )
    return mails.unsent()


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
    for signal, sender, notifier, name in NOTIFIERS:
        uid = f"{name}_email_notification"
        signal.disconnect(sender=sender, dispatch_uid=uid)
        signal.connect(notifier(), sender=sender, dispatch_uid=uid, weak=False)
