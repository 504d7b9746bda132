"""System checks: of the package's own files, at every command; of the database, at `manage.py check --database default` and at
each `migrate`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Tags, register
from django.core.checks import Warning as Caution
from django.db import DEFAULT_DB_ALIAS, connections
from wagtail.models import AbstractGroupApprovalTask, Page, WorkflowPage

from fiches.models.revisions import RevisedWhenChanged
from fiches.models.territoire import Commune
from fiches.moderation.roles import WORKFLOW
from fiches.territoire.territory import territory

# The message about a workflow that is not ours.
OF_A_HOST = "rallynov.W004"
HINT = (
    "Put an active account in one of the groups (Settings, Users), or take the workflow off these pages (Settings, Workflows, or "
    "`manage.py roles`, which leaves the fiches and the étapes their own)."
)


@register("rallynov")
def the_package_is_built(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Checks that the package has its compiled translations and the browser's packages, which git doesn't hold."""
    ours = [config for config in apps.get_app_configs() if config.label.startswith("rallynov_")]
    wanted = [Path(config.path, "locale", "fr", "LC_MESSAGES", "django.mo") for config in ours]
    wanted.append(
        Path(apps.get_app_config("rallynov_fiches").path, "static", "fiches", "vendor", "leaflet", "leaflet.js")
    )
    if all(file.exists() for file in wanted):
        return []
    text = (
        "rallynov was installed from its sources without being built: texts are in English, and the map doesn't show."
    )
    hint = "Install the wheel that `make wheel` builds; in a clone of the project, run `make locale assets`."
    return [Caution(text, hint=hint, id="rallynov.W003")]


@register(Tags.database, "rallynov")
def communes_are_the_territorys(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Checks that the database holds the communes of the territory."""
    if DEFAULT_DB_ALIAS not in (databases or ()) or not _is_migrated():
        return []
    wanted = set(territory().departements)
    loaded = set(Commune.objects.order_by().values_list("departement", flat=True).distinct())
    if wanted <= loaded:
        return []
    text = (
        f"The database holds the communes of {', '.join(sorted(loaded))}, and RALLYNOV_TERRITOIRE names "
        f"{', '.join(sorted(wanted))}. Correct the variable, or run `manage.py territoire`."
    )
    return [Caution(text, id="rallynov.W002")]


@register(Tags.database, "rallynov")
def workflows_have_people(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Checks that every step of the workflows on our pages has an active account in its groups. A warning: a superuser can act."""
    if DEFAULT_DB_ALIAS not in (databases or ()) or not _is_migrated():
        return []
    return [
        _message(workflow, task)
        for workflow in _active_workflows()
        for task in _group_steps(workflow)
        if not _has_active_member(task)
    ]


def _tables() -> set[str]:
    return set(connections[DEFAULT_DB_ALIAS].introspection.table_names())


def _is_migrated() -> bool:
    return {WorkflowPage._meta.db_table, Commune._meta.db_table} <= _tables()


def _active_workflows() -> Any:
    """The active workflows that apply to at least one of our pages. A page has the workflow of its nearest ancestor that has
    one."""
    rows = WorkflowPage.objects.filter(workflow__active=True).select_related("workflow", "page")
    assigned = {row.page.path: row.workflow for row in rows}
    if not assigned:
        return set()
    pages = [model for model in apps.get_models() if issubclass(model, RevisedWhenChanged) and issubclass(model, Page)]
    ours = [
        model for model in pages if model._meta.db_table in _tables()
    ]  # an app may be unmigrated, to be uninstalled
    workflows = set()
    for model in ours:
        for path in model._default_manager.order_by().values_list("path", flat=True):
            above = (path[:end] for end in range(len(path), 0, -Page.steplen))
            workflows.add(next((assigned[each] for each in above if each in assigned), None))
    return workflows - {None}


def _group_steps(workflow: Any) -> list[AbstractGroupApprovalTask]:
    tasks = (task.specific for task in workflow.tasks if task.active)
    return [task for task in tasks if isinstance(task, AbstractGroupApprovalTask)]


def _has_active_member(task: Any) -> bool:
    return task.groups.filter(user__is_active=True).exists()


def _message(workflow: Any, task: Any) -> Any:
    groups = ", ".join(group.name for group in task.groups.all()) or "no group"
    text = (
        f"The workflow “{workflow.name}” is in force, and no active account can pass its step “{task.name}” ({groups})."
    )
    return Caution(text, hint=HINT, id="rallynov.W001" if workflow.name == WORKFLOW else OF_A_HOST)
