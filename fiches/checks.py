"""System checks of the database, at `manage.py check --database default` and at each `migrate`."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, register
from django.core.checks import Warning as Caution
from django.db import DEFAULT_DB_ALIAS, connections
from wagtail.models import GroupApprovalTask, WorkflowTask

from fiches.models.territoire import Commune
from fiches.moderation.roles import WORKFLOW
from fiches.territoire.territory import territory


@register(Tags.database, "rallynov")
def communes_are_the_territorys(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Checks that the database holds the communes of the territory."""
    if not _is_migrated(databases):
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
def the_review_has_people(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Checks that each step of the review has an active account in its groups. A warning: a superuser can act."""
    if not _is_migrated(databases):
        return []
    steps = WorkflowTask.objects.filter(workflow__name=WORKFLOW, workflow__active=True, task__active=True)
    tasks = [task for step in steps if isinstance(task := step.task.specific, GroupApprovalTask)]
    text = "No active account can pass the step “{}” of the review. Put one in its group (Settings, Users)."
    without = [task for task in tasks if not task.groups.filter(user__is_active=True).exists()]
    return [Caution(text.format(task.name), id="rallynov.W001") for task in without]


def _is_migrated(databases: Sequence[str] | None) -> bool:
    tables = {WorkflowTask._meta.db_table, Commune._meta.db_table}
    return DEFAULT_DB_ALIAS in (databases or ()) and tables <= set(
        connections[DEFAULT_DB_ALIAS].introspection.table_names()
    )
