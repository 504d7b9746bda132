"""The groups of users with their permissions, and the workflow of the review. `manage.py roles` restores them; the first migration of
a database makes them.

Three tables say what each role may do, in all our apps; what belongs to an app that is not installed is left out. A site adds its own
rows in ``AppConfig.ready()``. Permissions on an index page are given when the page is created.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth.models import Group, Permission
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model, Q
from django.db.models.signals import post_migrate, post_save
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Task,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from fiches.media.access import PARTNERS_COLLECTION
from fiches.models.moderation import STEPS, Step
from fiches.models.role_group import JURY as JURY
from fiches.models.role_group import MODERATION, PARTENAIRES, REDACTION, RoleGroup

GROUPS = (REDACTION, MODERATION, PARTENAIRES)

WORKFLOW = "Relecture des fiches"
ALL = ("add", "change", "delete", "view")
PUBLISH = ("add", "change", "publish", "lock", "unlock")


def records(*models: str, actions: Iterable[str] = ALL) -> list[str]:
    """Permissions such as ``rallynov_fiches.add_partenaire``."""
    return [f"{app}.{action}_{name}" for app, name in (model.split(".") for model in models) for action in actions]


def media(*actions: str) -> list[str]:
    """Permissions on pictures and documents, such as ``wagtailimages.add_image``."""
    return records("wagtailimages.image", "wagtaildocs.document", actions=actions)


PERMISSIONS = {
    REDACTION: [
        "wagtailadmin.access_admin",
        *records(
            "rallynov_fiches.dimension",
            "rallynov_fiches.partenaire",
            "rallynov_fiches.edition",
            "rallynov_fiches.motcle",
            "rallynov_fiches.synonyme",
            "rallynov_fiches.modeledecourriel",
            "rallynov_candidatures.appel",
            "rallynov_diffusion.webhook",
            "rallynov_palmares.palmares",
            "rallynov_palmares.categorie",
            "wagtailredirects.redirect",
        ),
        *records("rallynov_fiches.courriel", actions=["view", "change"]),
        *records("rallynov_fiches.recherchevaine", "rallynov_fiches.abonnement", actions=["view", "delete"]),
        *records("rallynov_candidatures.dossier", "rallynov_candidatures.signalement", actions=["view", "change"]),
        *records("rallynov_candidatures.confidentialite", actions=["change"]),
        *records("rallynov_diffusion.livraison", "rallynov_diffusion.chargement", actions=["view"]),
        *records("rallynov_carnets.diffusion", actions=["view", "add"]),
        "simple_translation.submit_translation",
    ],
    # Of the palmarès, moderators close the scoring, record the jury's decisions and see them before they are announced.
    MODERATION: [
        "wagtailadmin.access_admin",
        *records(
            "rallynov_fiches.dimension",
            "rallynov_fiches.partenaire",
            "rallynov_fiches.edition",
            "rallynov_candidatures.appel",
            "rallynov_candidatures.signalement",
            "rallynov_diffusion.chargement",
            "rallynov_palmares.palmares",
            "rallynov_palmares.categorie",
            actions=["view"],
        ),
        # "change" allows to see and stop the mails of the review only; "view", all those that have no permission of their own.
        *records("rallynov_fiches.courriel", actions=["change"]),
        *records("rallynov_candidatures.dossier", actions=["view", "change"]),
        "rallynov_palmares.decide_palmares",
    ],
    PARTENAIRES: ["wagtailadmin.access_admin"],
}
# ``{role: (name of a collection below the root, or "" for the root, permissions)}``.
COLLECTIONS = {
    REDACTION: ("", media("add", "change", "choose")),
    MODERATION: ("", media("add", "choose")),
    PARTENAIRES: (PARTNERS_COLLECTION, media("add")),
}
# ``{type of an index page: {role: actions}}``. On the fiches, "publish" allows to unpublish only: publication is decided in the
# workflow (`fiches.moderation.permissions`).
PAGES: dict[str, dict[str, Iterable[str]]] = {
    "rallynov_fiches.ficheindexpage": {
        REDACTION: ("add", "change", "lock", "unlock"),
        MODERATION: ("change", "publish", "lock", "unlock"),
        PARTENAIRES: ("add",),
    },
    "rallynov_etapes.etapeindexpage": {REDACTION: PUBLISH},
    "rallynov_carnets.carnetindexpage": {REDACTION: PUBLISH},
    "rallynov_palmares.palmarespage": {REDACTION: PUBLISH},
}


def role_group(key: str) -> Group:
    """The group of users that has this role, created if needed. A group of that name that is not ours, such as a host's own
    « Rédaction », is left alone: ours is then called « Rédaction (Rally’nov) »."""
    known = RoleGroup.objects.filter(pk=key).select_related("group").first()
    if known:
        return known.group
    name = f"{key} (Rally’nov)" if Group.objects.filter(name=key).exists() else key
    group, _created = Group.objects.get_or_create(name=name)
    RoleGroup.objects.create(key=key, group=group)
    return group


@transaction.atomic
def restore() -> None:
    """Gives the three groups and the workflow back what the tables say. What the site's owner gave them more stays. Idempotent."""
    create_workflow()
    for key, permissions in PERMISSIONS.items():
        group = role_group(key)
        group.permissions.add(*(_permission(each) for each in permissions if _is_installed(each)))
        name, permissions = COLLECTIONS[key]
        for each in permissions:
            GroupCollectionPermission.objects.get_or_create(
                group=group, collection=_collection(name), permission=_permission(each)
            )
    for label in filter(_is_installed, PAGES):
        model = apps.get_model(label)
        for index in model.objects.all():
            page_created(model, index, created=True)


def connect() -> None:
    """Connects the receivers. Called once, when Django starts."""
    post_save.connect(page_created, dispatch_uid="rallynov_rights")
    last = [config for config in apps.get_app_configs() if config.models_module][-1]
    post_migrate.connect(first_migration, sender=last, dispatch_uid="rallynov_roles")


def first_migration(sender: AppConfig, using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Receiver of ``post_migrate``, sent once all permissions exist: makes the groups and the workflow of a new database. An emptied
    one (`manage.py flush`) has no root collection either."""
    connection = connections[using]
    if RoleGroup._meta.db_table not in connection.introspection.table_names() or RoleGroup.objects.exists():
        return
    if Collection.get_first_root_node() is None:
        return  # the database was flushed
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()) and Collection.objects.exists():
        restore()


def page_created(sender: type[Model], instance: Any, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """Receiver of ``post_save`` of any model: gives the permissions at a new index page, and attaches the review's workflow if its
    pages are reviewed."""
    if not created or raw or sender._meta.label_lower not in PAGES:
        return
    for key, actions in PAGES[sender._meta.label_lower].items():
        for action in actions:
            permission = _permission(f"wagtailcore.{action}_page")
            GroupPagePermission.objects.get_or_create(group=role_group(key), page_id=instance.pk, permission=permission)
    workflow = Workflow.objects.filter(name=WORKFLOW, active=True).first()
    if workflow and getattr(instance, "is_reviewed", False):
        WorkflowPage.objects.update_or_create(page_id=instance.pk, defaults={"workflow": workflow})


def create_workflow() -> Workflow:
    """Creates or repairs the workflow « Relecture des fiches », with the steps of :data:`fiches.models.moderation.STEPS`."""
    tasks = [_task(step) for step in STEPS]
    known = Workflow.objects.filter(Q(workflow_tasks__task_id=tasks[0].pk) | Q(name=WORKFLOW)).order_by("pk")
    workflow = known.first() or Workflow()
    workflow.name, workflow.active = WORKFLOW, True
    workflow.save()
    WorkflowTask.objects.filter(workflow=workflow).exclude(task_id__in=[task.pk for task in tasks]).delete()
    for order, task in enumerate(tasks):
        WorkflowTask.objects.update_or_create(workflow=workflow, task_id=task.pk, defaults={"sort_order": order})
    return workflow


def detach_empty_workflows() -> None:
    """Detaches from all pages the workflows, except ours, with a step whose groups have no active member. Wagtail attaches its
    « Moderators approval » to the root of each new site, and a page that enters it would be locked for everyone."""
    manned = Group.objects.filter(user__is_active=True)
    empty = GroupApprovalTask.objects.filter(active=True).exclude(groups__in=manned)
    steps = WorkflowTask.objects.filter(task_id__in=empty.values("pk"))
    WorkflowPage.objects.filter(workflow_id__in=steps.values("workflow_id")).exclude(workflow__name=WORKFLOW).delete()


def _task(step: Step) -> Task:
    task = step.task.objects.order_by("pk").first() or step.task()
    task.name, task.active = step.name, True
    task.save()
    task.groups.add(role_group(step.role))
    return task


def _is_installed(label: str) -> bool:
    return label.partition(".")[0] in apps.app_configs


def _permission(label: str) -> Permission:
    app_label, codename = label.split(".")
    return Permission.objects.get(content_type__app_label=app_label, codename=codename)


def _collection(name: str) -> Collection:
    """The root collection, or the private collection of that name below it, which is created if needed."""
    root = Collection.get_first_root_node()
    if not name:
        return root
    private = root.get_children().filter(name=name).first()
    if private is None:
        private = root.add_child(name=name)
        CollectionViewRestriction.objects.create(collection=private, restriction_type="login")
    return private
