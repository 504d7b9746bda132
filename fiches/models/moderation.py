"""The steps of the review, as tasks of Wagtail's workflow: :data:`STEPS` says all that the other rooms know of each."""

from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import GroupApprovalTask, Page, PagePermissionTester, Revision, Task, TaskState, WorkflowState
from wagtail.models.workflows import TaskManager

from fiches.models.querysets import lock_row
from fiches.models.revisions import RevisedWhenChanged
from fiches.models.role_group import MODERATION, REDACTION

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class ReviewedIndex(RevisedWhenChanged):
    """Mixin of an index page whose children are published by the review only."""

    is_reviewed = True
    # Of `fiches.moderation.permissions`, set when Django starts, as below: models must not import that package.
    permission_tester: type[PagePermissionTester]

    def permissions_for_user(self, user: AbstractUser) -> Any:
        return self.permission_tester(user, self)


class ReviewedPage(RevisedWhenChanged):
    """Mixin of a page that is published by the review only. Saving a revision and deciding on the page exclude each other."""

    permission_tester: type[PagePermissionTester]

    @property
    def current_workflow_task(self) -> Task | None:
        """Like Wagtail's, without a query: the tasks of the review have no fields to load."""
        state = self.current_workflow_task_state
        return state and state.task.specific_deferred

    def permissions_for_user(self, user: AbstractUser) -> Any:
        return self.permission_tester(user, self)

    def save_revision(self, user: Any = None, *args: Any, **kwargs: Any) -> Revision:
        """Saves a revision with the page's row locked.

        :raises PermissionDenied: the page is locked for ``user``.
        """
        with transaction.atomic():
            lock_row(self.pk)
            if user and (lock := self.get_lock()) and lock.for_user(user):
                raise PermissionDenied(gettext("This page is locked: somebody else is to decide on it."))
            return super().save_revision(user, *args, **kwargs)


class StepManager(TaskManager):
    """The steps of one type among Wagtail's approvals by groups, in whose table they are."""

    def get_queryset(self) -> QuerySet:
        return super().get_queryset().filter(content_type=self.model.kind())


class EtapeDeModeration:
    """A step of the review: mixin of proxies of Wagtail's approval by groups. All its decisions are taken by
    `fiches.moderation.decision.decide`."""

    # The modules of `fiches.moderation`, set when Django starts.
    decision: ModuleType
    reviewers: ModuleType
    # Whether a reviewer who corrected the page during this step may still pass it on.
    corrects = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.pk:
            self.content_type = self.kind()

    @classmethod
    def kind(cls) -> ContentType:
        """The content type of the steps of this type, which is not that of their table."""
        return ContentType.objects.get_for_model(cls, for_concrete_model=False)

    def get_actions(self, obj: Page, user: AbstractUser | AnonymousUser) -> list[Any]:
        actions = super().get_actions(obj, user)
        if actions and not self.reviewers.may_pass(task=self, page=obj, user=user):
            return [action for action in actions if action[0] != "approve"]
        return actions

    def get_form_for_action(self, action: str) -> type:
        return self.decision.ReasonForm if action == "reject" else super().get_form_for_action(action)

    def on_action(
        self,
        task_state: TaskState,
        user: AbstractUser,
        action_name: str,
        revision_read: Any = None,
        comment: str = "",
        **kwargs: Any,
    ) -> None:
        """Takes the decision ``action_name``.

        :param revision_read: id of the revision that was on screen; by default, the one under review.
        """
        read = revision_read or task_state.revision_id
        self.decision.decide(task_state=task_state, action=action_name, by=user, revision_read=read, comment=comment)


class RelectureTask(EtapeDeModeration, GroupApprovalTask):
    """« Relecture »: the communication staff read, correct and pass on. Skipped when only the page's authors could do it."""

    corrects = True
    objects = StepManager()

    class Meta:
        proxy = True
        verbose_name = _("reading")
        verbose_name_plural = _("readings")

    def start(self, workflow_state: WorkflowState, user: AbstractUser | None = None) -> Any:
        page = workflow_state.content_object.specific
        if self.reviewers.people_for(task=self, page=page, but=user).exists():
            return super().start(workflow_state, user=user)
        return TaskState.objects.create(
            workflow_state=workflow_state,
            task=self,
            revision=page.get_latest_revision(),
            status=TaskState.STATUS_SKIPPED,
            finished_at=timezone.now(),
        )

    @classmethod
    def get_description(cls) -> "StrOrPromise":
        return _("The chosen groups read and correct a fiche that is not their own, then pass it on or send it back.")


class ApprobationTask(EtapeDeModeration, GroupApprovalTask):
    """« Approbation »: moderators approve the revision that they read, which is then published. Nobody may approve a fiche that
    they wrote or passed on."""

    objects = StepManager()

    class Meta:
        proxy = True
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")

    @classmethod
    def get_description(cls) -> "StrOrPromise":
        return _("The chosen groups approve a fiche that is not their own, as they read it, or send it back.")


class Step(NamedTuple):
    """A step of the review. Attributes:

    - task: the type of its task;
    - key, label: its value and its name in the filter of the fiches;
    - name: that of its task;
    - role: the key of the role that takes it;
    - subject, text: the mail to those who may take it, with the place ``title``.
    """

    task: type[Task]
    key: str
    name: str
    role: str
    label: "StrOrPromise"
    subject: "StrOrPromise"
    text: "StrOrPromise"


# In their order. The last one publishes.
STEPS = (
    Step(
        *(RelectureTask, "relecture", "Relecture", REDACTION, _("to read")),
        *(_("To read: “%(title)s”"), _("“%(title)s” awaits its reading.")),
    ),
    Step(
        *(ApprobationTask, "approbation", "Approbation", MODERATION, _("to approve")),
        *(_("To approve: “%(title)s”"), _("“%(title)s” awaits its approval.")),
    ),
)
