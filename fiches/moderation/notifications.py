"""Wagtail's mails to reviewers and authors leave through our outbox: written with the decision that they tell of, sent
once after it is certain, tried again while the mail server refuses, hangs or is gone.

Sent at once, as Wagtail does, a mail server that hangs would keep the page, and on SQLite the whole database, waiting;
one that is gone for a minute would lose them.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db.models import Model, QuerySet
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy, gettext_noop, override
from wagtail.admin import mail
from wagtail.models import Page, TaskState, WorkflowState
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected, workflow_submitted
from wagtail.users.models import UserProfile

from fiches.mail.wordings import Wording, register_letter

LETTER = "moderation"
WORDING = Wording(gettext_lazy("To the reviewers: what the workflow tells"), ("objet", "texte"), ("objet",))

GREETING = gettext_noop("Hello %(username)s,")
"""How these mails begin. It is named here so that our catalogue, which comes first, words it: Wagtail's is familiar."""


class ByTheOutbox(mail.EmailNotificationMixin, mail.Notifier):
    """For a notifier of Wagtail's: the same people, the same words, sent by the outbox."""

    def get_context(self, instance: Model, **kwargs: Any) -> dict[str, Any]:
        step = getattr(instance, "current_task_state_id", "")
        return {**super().get_context(instance, **kwargs), "fait": f"{type(instance).__name__}:{instance.pk}:{step}"}

    def send_emails(
        self, template_set: dict[str, str], context: dict[str, Any], recipients: Iterable[AbstractUser], **kwargs: Any
    ) -> bool:
        from fiches.mail.outbox import post

        for person in recipients:
            with override(UserProfile.get_for_user(person).get_preferred_language()):
                told = {"user": person, **context}
                objet = render_to_string(template_set["subject"], told).strip()
                texte = render_to_string(template_set["text"], told).strip()
            post(
                f"{LETTER}:{self.notification}:{context['fait']}:{person.pk}",
                modele=LETTER,
                destinataires=[person.email],
                contexte={"objet": objet, "texte": texte},
            )
        return True


class TaskSubmitted(ByTheOutbox, mail.GroupApprovalTaskStateSubmissionEmailNotifier):
    """Tells those who may take the step, its authors left out."""

    def get_recipient_users(self, task_state: TaskState, **kwargs: Any) -> QuerySet:
        from fiches.moderation.readers import barred

        people = super().get_recipient_users(task_state, **kwargs)
        about = task_state.workflow_state.content_object
        if not isinstance(about, Page):
            return people
        return people.exclude(pk__in=barred(task=task_state.task.specific, fiche=about))


class WorkflowSubmitted(ByTheOutbox, mail.WorkflowStateSubmissionEmailNotifier):
    pass


class WorkflowRejected(ByTheOutbox, mail.WorkflowStateRejectionEmailNotifier):
    pass


class WorkflowApproved(ByTheOutbox, mail.WorkflowStateApprovalEmailNotifier):
    pass


TELL = (
    (task_submitted, TaskState, TaskSubmitted, "group_approval_task_submitted"),
    (workflow_submitted, WorkflowState, WorkflowSubmitted, "workflow_state_submitted"),
    (workflow_rejected, WorkflowState, WorkflowRejected, "workflow_state_rejected"),
    (workflow_approved, WorkflowState, WorkflowApproved, "workflow_state_approved"),
)


def connect() -> None:
    """Takes the place of Wagtail's receivers, whichever of us Django starts first."""
    register_letter(LETTER, WORDING)
    for signal, sender, notifier, name in TELL:
        uid = f"{name}_email_notification"
        signal.disconnect(sender=sender, dispatch_uid=uid)
        signal.connect(notifier(), sender=sender, dispatch_uid=uid, weak=False)
