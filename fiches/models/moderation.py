"""The two steps of the review of a fiche, as tasks of Wagtail's workflow."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask

from fiches.revisions import RevisedWhenChanged


class ReviewedIndex(RevisedWhenChanged):
    """A list whose pages go online through the review alone."""

    def permissions_for_user(self, user):
        from fiches.permissions import FicheIndexPermissionTester

        return FicheIndexPermissionTester(user, self)


class ReviewedPage(RevisedWhenChanged):
    """A page that goes online through the review alone, and that changes while nobody decides on it."""

    @property
    def current_workflow_task(self):
        """As Wagtail's, without a query: the steps of the review have no field of their own."""
        state = self.current_workflow_task_state
        return state and state.task.specific_deferred

    def permissions_for_user(self, user):
        from fiches.permissions import FichePermissionTester

        return FichePermissionTester(user, self)

    def save_revision(self, user=None, *args, **kwargs):
        """Whatever form or API asks for it.

        :raises PermissionDenied: the page is locked for ``user``.
        """
        from fiches.moderation import hold

        with transaction.atomic():
            hold(self.pk)
            if user and (lock := self.get_lock()) and lock.for_user(user):
                raise PermissionDenied(gettext("This fiche is locked: somebody else is to decide on it."))
            return super().save_revision(user, *args, **kwargs)


class EtapeDeModeration(AbstractGroupApprovalTask):
    """A step of the review. Whatever asks for a decision here, `fiches.moderation.decide` takes it."""

    class Meta:
        abstract = True

    def get_actions(self, obj, user):
        from fiches.moderation import may_approve

        actions = super().get_actions(obj, user)
        if actions and not may_approve(task=self, fiche=obj, user=user):
            return [action for action in actions if action[0] != "approve"]
        return actions

    def get_form_for_action(self, action):
        from fiches.raisons import ReasonForm

        return ReasonForm if action == "reject" else super().get_form_for_action(action)

    def on_action(self, task_state, user, action_name, revision_read=None, comment="", **kwargs):
        """``revision_read`` is the id of the revision that was on screen; by default, the one under review."""
        from fiches.moderation import decide

        read = revision_read or task_state.revision_id
        decide(task_state=task_state, action=action_name, by=user, revision_read=read, comment=comment)


class RelectureTask(EtapeDeModeration):
    """« Relecture »: communication reads, corrects, and passes on."""

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")

    @classmethod
    def get_description(cls):
        return _("The chosen groups read and correct a fiche, then pass it on or send it back.")


class ApprobationTask(EtapeDeModeration):
    """« Approbation »: moderators approve what they read, which is then published. Nobody approves their own fiche."""

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")

    @classmethod
    def get_description(cls):
        return _("The chosen groups approve a fiche that is not their own, as they read it, or send it back.")
