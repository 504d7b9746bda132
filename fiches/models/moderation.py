"""The two steps of the review of a fiche, as tasks of Wagtail's workflow."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.forms import Form
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, PagePermissionTester, TaskState

from fiches.models.querysets import hold
from fiches.models.revisions import RevisedWhenChanged


class Review(NamedTuple):
    """What `fiches.moderation` decides for these models, so that they do not import it: it registers itself with
    :func:`register_review`. The parameters are those of its functions of the same names."""

    decide: Callable[..., Any]
    may_pass: Callable[..., bool]
    people_for: Callable[..., QuerySet]
    ReasonForm: type[Form]
    FichePermissionTester: type[PagePermissionTester]
    FicheIndexPermissionTester: type[PagePermissionTester]


_registered: list[Review] = []


def register_review(review: Review) -> None:
    """Called once, when Django starts."""
    _registered[:] = [review]


def _review() -> Review:
    return _registered[0]


class ReviewedIndex(RevisedWhenChanged):
    """A list whose pages go online through the review alone."""

    is_reviewed = True

    def permissions_for_user(self, user):
        return _review().FicheIndexPermissionTester(user, self)


class ReviewedPage(RevisedWhenChanged):
    """A page that goes online through the review alone, and that changes while nobody decides on it."""

    @property
    def current_workflow_task(self):
        """As Wagtail's, without a query: the steps of the review have no field of their own."""
        state = self.current_workflow_task_state
        return state and state.task.specific_deferred

    def permissions_for_user(self, user):
        return _review().FichePermissionTester(user, self)

    def save_revision(self, user=None, *args, **kwargs):
        """Whatever form or API asks for it.

        :raises PermissionDenied: the page is locked for ``user``.
        """
        with transaction.atomic():
            hold(self.pk)
            if user and (lock := self.get_lock()) and lock.for_user(user):
                raise PermissionDenied(gettext("This fiche is locked: somebody else is to decide on it."))
            return super().save_revision(user, *args, **kwargs)


class EtapeDeModeration(AbstractGroupApprovalTask):
    """A step of the review. Whatever asks for a decision here, `fiches.moderation.decision.decide` takes it."""

    # Whether who takes the step may correct the fiche, and pass it on all the same.
    corrects = False

    class Meta:
        abstract = True

    def get_actions(self, obj, user):
        actions = super().get_actions(obj, user)
        if actions and not _review().may_pass(task=self, fiche=obj, user=user):
            return [action for action in actions if action[0] != "approve"]
        return actions

    def get_form_for_action(self, action):
        return _review().ReasonForm if action == "reject" else super().get_form_for_action(action)

    def on_action(self, task_state, user, action_name, revision_read=None, comment="", **kwargs):
        """``revision_read`` is the id of the revision that was on screen; by default, the one under review."""
        read = revision_read or task_state.revision_id
        _review().decide(task_state=task_state, action=action_name, by=user, revision_read=read, comment=comment)


class RelectureTask(EtapeDeModeration):
    """« Relecture »: communication reads, corrects, and passes on. Where nobody but the author could, it is left out."""

    corrects = True

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")

    def start(self, workflow_state, user=None):
        fiche = workflow_state.content_object.specific
        if _review().people_for(task=self, fiche=fiche, but=user).exists():
            return super().start(workflow_state, user=user)
        return TaskState.objects.create(
            workflow_state=workflow_state,
            task=self,
            revision=fiche.get_latest_revision(),
            status=TaskState.STATUS_SKIPPED,
            finished_at=timezone.now(),
        )

    @classmethod
    def get_description(cls):
        return _("The chosen groups read and correct a fiche that is not their own, then pass it on or send it back.")


class ApprobationTask(EtapeDeModeration):
    """« Approbation »: moderators approve what they read, which is then published. Nobody approves their own fiche, nor one
    that they passed on."""

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")

    @classmethod
    def get_description(cls):
        return _("The chosen groups approve a fiche that is not their own, as they read it, or send it back.")
