"""What Django checks of the site's contents: `manage.py check --database default`, and each `migrate`, which a start begins with."""

from django.apps import apps
from django.core.checks import Error, Tags, register
from django.core.checks import Warning as Caution
from django.db import DEFAULT_DB_ALIAS, connections
from wagtail.models import AbstractGroupApprovalTask, Page, WorkflowPage

from fiches.models.revisions import RevisedWhenChanged
from fiches.moderation.roles import WORKFLOW

HINT = (
    "Put an active account in one of the groups (Settings, Users), or take the workflow off these pages (Settings, Workflows, or "
    "`manage.py roles`, which leaves the fiches and the étapes their own)."
)


@register(Tags.database, "rallynov")
def workflows_have_people(app_configs=None, databases=None, **kwargs) -> list:
    """A workflow in force on our pages has, at each step, an active account of its groups. Ours may wait for its first
    accounts, a superuser acting meanwhile: that is a warning."""
    if DEFAULT_DB_ALIAS not in (databases or ()) or not _is_migrated():
        return []
    return [_told(workflow, task) for workflow in _in_force() for task in _steps_of(workflow) if not _people_of(task)]


def _is_migrated():
    known = connections[DEFAULT_DB_ALIAS].introspection.table_names()
    return {WorkflowPage._meta.db_table, "fiches_relecturetask"} <= set(known)


def _in_force():
    """The active workflows that some page of ours is under: that of the nearest page that has one."""
    rows = WorkflowPage.objects.filter(workflow__active=True).select_related("workflow", "page")
    assigned = {row.page.path: row.workflow for row in rows}
    if not assigned:
        return set()
    ours = [model for model in apps.get_models() if issubclass(model, RevisedWhenChanged) and issubclass(model, Page)]
    found = set()
    for model in ours:
        for path in model.objects.order_by().values_list("path", flat=True):
            above = (path[:end] for end in range(len(path), 0, -Page.steplen))
            found.add(next((assigned[each] for each in above if each in assigned), None))
    return found - {None}


def _steps_of(workflow):
    tasks = (task.specific for task in workflow.tasks if task.active)
    return [task for task in tasks if isinstance(task, AbstractGroupApprovalTask)]


def _people_of(task):
    return task.groups.filter(user__is_active=True).exists()


def _told(workflow, task):
    groups = ", ".join(group.name for group in task.groups.all()) or "no group"
    text = (
        f"The workflow “{workflow.name}” is in force, and no active account can pass its step “{task.name}” ({groups})."
    )
    if workflow.name == WORKFLOW:
        return Caution(text, hint=HINT, id="rallynov.W001")
    return Error(text, hint=HINT, id="rallynov.E001")
