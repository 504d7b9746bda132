"""Wagtail's mails to reviewers and authors leave once the decision that they tell of is certain.

Sent at once, as Wagtail does, a mail server that hangs would keep the page, and on SQLite the whole database, waiting;
one that refuses would undo the decision.
"""

from functools import partial

from django.db import transaction
from django.utils.translation import gettext_noop
from wagtail.admin import signal_handlers
from wagtail.models import TaskState, WorkflowState
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected, workflow_submitted

TELL = (
    (task_submitted, TaskState, "task_submission", "group_approval_task_submitted"),
    (workflow_submitted, WorkflowState, "workflow_submission", "workflow_state_submitted"),
    (workflow_rejected, WorkflowState, "workflow_rejection", "workflow_state_rejected"),
    (workflow_approved, WorkflowState, "workflow_approval", "workflow_state_approved"),
)

GREETING = gettext_noop("Hello %(username)s,")
"""How these mails begin. It is named here so that our catalogue, which comes first, words it: Wagtail's is familiar."""


def connect():
    """Takes the place of Wagtail's receivers, whichever of us Django starts first."""
    for signal, sender, notifier, name in TELL:
        uid = f"{name}_email_notification"
        signal.disconnect(sender=sender, dispatch_uid=uid)
        tell = getattr(signal_handlers, f"{notifier}_email_notifier")
        signal.connect(after_commit(tell), sender=sender, dispatch_uid=uid, weak=False)


def after_commit(notifier):
    def tell(**kwargs):
        transaction.on_commit(partial(notifier, **kwargs), robust=True)

    return tell
