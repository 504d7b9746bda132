"""The three groups of users with their permissions, and the workflow: created by migrations, restored by `manage.py roles`.

Each app declares its permissions as ``GRANTS`` in a module ``<app>/roles.py``, and its migration calls :func:`grant`.
Permissions on an index page are given when the page is created.
"""

from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any, TypedDict

from django.apps import apps as installed
from django.apps.registry import Apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_save
from django.utils.module_loading import module_has_submodule
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page, Task, Workflow

from fiches.media.access import PARTNERS_COLLECTION

# A role's key is also the first name of its group.
REDACTION = "Rédaction"
MODERATION = "Modération"
PARTENAIRES = "Partenaires"
GROUPS = (REDACTION, MODERATION, PARTENAIRES)

WORKFLOW = "Relecture des fiches"
STEPS = (("relecturetask", "Relecture", REDACTION), ("approbationtask", "Approbation", MODERATION))

ROOT = ""
ALL = ("add", "change", "delete", "view")
MEDIA = ("wagtailimages.{}_image", "wagtaildocs.{}_document")


# ``{last word of a codename: model}``, for permissions that aren't named after their model.
NAMED_OTHERWISE = {"translation": "simpletranslation"}


def media(*actions: str) -> list[str]:
    """Permissions on pictures and documents, such as ``wagtailimages.add_image``."""
    return [permission.format(action) for permission in MEDIA for action in actions]


def records(*models: str, actions: Iterable[str] = ALL) -> list[str]:
    """Permissions such as ``rallynov_fiches.add_partenaire``."""
    return [f"{app}.{action}_{name}" for app, name in (model.split(".") for model in models) for action in actions]


class Rights(TypedDict, total=False):
    """The permissions of a group. Keys: permissions (global), collections (``{name of a collection: permissions}``), pages
    (``{label of a page type: actions}``)."""

    permissions: list[str]
    collections: dict[str, list[str]]
    pages: dict[str, list[str]]


Grants = dict[str, Rights]

GRANTS: Grants = {
    REDACTION: {
        "permissions": [
            "wagtailadmin.access_admin",
            *records(
                "rallynov_fiches.dimension",
                "rallynov_fiches.partenaire",
                "rallynov_fiches.edition",
                "rallynov_fiches.motcle",
                "rallynov_fiches.synonyme",
            ),
            *records("rallynov_fiches.modeledecourriel"),
            *records("rallynov_fiches.courriel", actions=["view", "change"]),
            *records("rallynov_fiches.recherchevaine", "rallynov_fiches.abonnement", actions=["view", "delete"]),
        ],
        "collections": {ROOT: media("add", "change", "choose")},
        "pages": {"rallynov_fiches.ficheindexpage": ["add", "change", "lock", "unlock"]},
    },
    MODERATION: {
        "permissions": [
            "wagtailadmin.access_admin",
            *records(
                "rallynov_fiches.dimension", "rallynov_fiches.partenaire", "rallynov_fiches.edition", actions=["view"]
            ),
            # "change" allows to see and stop the mails of the review only; "view", all those that have no permission of their own.
            *records("rallynov_fiches.courriel", actions=["change"]),
        ],
        "collections": {ROOT: media("add", "choose")},
        # "publish" allows to unpublish a fiche only: publication is decided in the workflow (`fiches.moderation.permissions`).
        "pages": {"rallynov_fiches.ficheindexpage": ["change", "publish", "lock", "unlock"]},
    },
    PARTENAIRES: {
        "permissions": ["wagtailadmin.access_admin"],
        "collections": {PARTNERS_COLLECTION: media("add")},
        "pages": {"rallynov_fiches.ficheindexpage": ["add"]},
    },
}


def declared_grants() -> Iterator[Grants]:
    """Yields the grants of each installed app, ours first."""
    yield GRANTS
    for config in installed.get_app_configs():
        if module_has_submodule(config.module, "roles"):
            grants = getattr(import_module(f"{config.name}.roles"), "GRANTS", None)
            if grants:
                yield grants


def grant(grants: Grants, apps: Apps = installed) -> None:
    """Adds permissions to the groups of the roles.

    :param apps: the registry; in a migration, the historical one. Permissions on models that a later migration creates are
        skipped: that migration gives them.
    """
    for name, rights in grants.items():
        group = role_group(name, apps)
        group.permissions.add(
            *(_permission(apps, each) for each in rights.get("permissions", ()) if _exists(apps, each))
        )
        for collection, permissions in rights.get("collections", {}).items():
            for each in permissions:
                apps.get_model("wagtailcore.GroupCollectionPermission").objects.get_or_create(
                    group=group, collection=_collection(apps, collection), permission=_permission(apps, each)
                )


def role_group(key: str, apps: Apps = installed) -> Group:
    """The group of users that has this role, created if needed. A group of that name that is not ours, such as a host's own
    « Rédaction », is left alone: ours is then called « Rédaction (Rally’nov) »."""
    RoleGroup, Group = apps.get_model("rallynov_fiches.RoleGroup"), apps.get_model("auth.Group")
    known = RoleGroup.objects.filter(pk=key).select_related("group").first()
    if known:
        return known.group
    name = f"{key} (Rally’nov)" if Group.objects.filter(name=key).exists() else key
    group, _created = Group.objects.get_or_create(name=name)
    RoleGroup.objects.create(key=key, group=group)
    return group


@transaction.atomic
def restore() -> None:
    """Resets the three groups and the workflow to what the apps declare. Idempotent. Workflows that nobody can pass are
    detached."""
    create_workflow()
    for group in map(role_group, GROUPS):
        group.permissions.clear()
        GroupCollectionPermission.objects.filter(group=group).delete()
        GroupPagePermission.objects.filter(group=group).delete()
    for grants in declared_grants():
        grant(grants)
        for page in _pages_of(grants):
            grant_pages(page, grants)
    for model in page_models():
        for index in model.objects.all() if getattr(model, "is_reviewed", False) else ():
            attach_workflow(index)
    detach_empty_workflows()


def grant_pages(page: Page, grants: Grants) -> None:
    """Gives the groups their permissions at this page, as ``grants`` declares for its type."""
    PagePermission = installed.get_model("wagtailcore.GroupPagePermission")
    for name, rights in grants.items():
        group = role_group(name)
        for action in rights.get("pages", {}).get(page._meta.label_lower, ()):
            permission = _permission(installed, f"wagtailcore.{action}_page")
            PagePermission.objects.get_or_create(group=group, page_id=page.pk, permission=permission)


def connect() -> None:
    """Connects the receivers. Called once, when Django starts."""
    for model in page_models():
        post_save.connect(page_created, sender=model, dispatch_uid=f"rallynov_rights_{model._meta.label_lower}")


def page_created(sender: type[Page], instance: Page, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """Receiver of ``post_save``: gives the permissions at a new index page, and attaches the review's workflow if its pages are
    reviewed."""
    if not created or raw:
        return
    for grants in declared_grants():
        grant_pages(instance, grants)
    if getattr(instance, "is_reviewed", False):
        attach_workflow(instance)


def page_models() -> list[type[Page]]:
    """The page types on which an app gives permissions."""
    labels = {label for grants in declared_grants() for rights in grants.values() for label in rights.get("pages", {})}
    return [installed.get_model(label) for label in sorted(labels)]


def create_workflow(apps: Apps = installed) -> Workflow:
    """Creates or repairs the workflow « Relecture des fiches »: « Relecture » by the communication staff, then « Approbation »
    by the moderators."""
    Workflow, WorkflowTask = apps.get_model("wagtailcore.Workflow"), apps.get_model("wagtailcore.WorkflowTask")
    tasks = [_task(apps, *step) for step in STEPS]
    known = Workflow.objects.filter(Q(workflow_tasks__task_id=tasks[0].pk) | Q(name=WORKFLOW)).order_by("pk")
    workflow = known.first() or Workflow()
    workflow.name, workflow.active = WORKFLOW, True
    workflow.save()
    WorkflowTask.objects.filter(workflow=workflow).exclude(task_id__in=[task.pk for task in tasks]).delete()
    for order, task in enumerate(tasks):
        WorkflowTask.objects.update_or_create(workflow=workflow, task_id=task.pk, defaults={"sort_order": order})
    return workflow


def attach_workflow(index: Page) -> None:
    """Attaches the workflow to ``index``, and so to the pages below it."""
    workflow = installed.get_model("wagtailcore.Workflow").objects.filter(name=WORKFLOW, active=True).first()
    if workflow:
        WorkflowPage = installed.get_model("wagtailcore.WorkflowPage")
        WorkflowPage.objects.update_or_create(page_id=index.pk, defaults={"workflow": workflow})


def detach_empty_workflows(apps: Apps = installed) -> None:
    """Detaches from all pages the workflows, except ours, with a step whose groups have no active member. Wagtail attaches its
    « Moderators approval » to the root of each new site, and a page that enters it would be locked for everyone."""
    WorkflowPage, WorkflowTask = apps.get_model("wagtailcore.WorkflowPage"), apps.get_model("wagtailcore.WorkflowTask")
    Task, Group = apps.get_model("wagtailcore.GroupApprovalTask"), apps.get_model("auth.Group")
    manned = Group.objects.filter(user__is_active=True)
    empty = Task.objects.filter(active=True).exclude(groups__in=manned)
    steps = WorkflowTask.objects.filter(task_id__in=empty.values("pk"))
    WorkflowPage.objects.filter(workflow_id__in=steps.values("workflow_id")).exclude(workflow__name=WORKFLOW).delete()


def _task(apps: Apps, model: str, name: str, role: str) -> Task:
    Task = apps.get_model("wagtailcore.GroupApprovalTask")
    content_type = _content_type(apps, f"rallynov_fiches.{model}")
    left = Task.objects.filter(name=name, workflow_tasks__workflow__name=WORKFLOW)  # by a migration that was undone
    known = Task.objects.filter(content_type=content_type)
    task = known.order_by("pk").first() or left.order_by("pk").first() or Task()
    task.content_type, task.name, task.active = content_type, name, True
    task.save()
    task.groups.set([role_group(role, apps)])
    return task


def _pages_of(grants: Grants) -> list[Page]:
    labels = {label for rights in grants.values() for label in rights.get("pages", {})}
    return [page for label in sorted(labels) for page in installed.get_model(label).objects.all()]


def _content_type(apps: Apps, label: str) -> ContentType:
    app_label, model = label.split(".")
    ContentType = apps.get_model("contenttypes.ContentType")
    return ContentType.objects.get_or_create(app_label=app_label, model=model)[0]


def _exists(apps: Apps, label: str) -> bool:
    app_label, codename = label.split(".")
    name = _model_of(codename)
    return apps is installed or app_label == "wagtailadmin" or name in apps.all_models[app_label]


def _model_of(codename: str) -> str:
    name = codename.rpartition("_")[2]
    return NAMED_OTHERWISE.get(name, name)


def _permission(apps: Apps, label: str) -> Permission:
    """The permission ``app.action_model``. Created here if it is missing, since Django creates permissions after all
    migrations."""
    app_label, codename = label.split(".")
    action, model = codename.rpartition("_")[0], _model_of(codename)

    def name() -> str:
        return f"Can {action.replace('_', ' ')} {apps.get_model(app_label, model)._meta.verbose_name_raw}"

    defaults: dict[str, Any] = {"name": name}
    return apps.get_model("auth.Permission").objects.get_or_create(
        content_type=_content_type(apps, f"{app_label}.{model}"), codename=codename, defaults=defaults
    )[0]


def _collection(apps: Apps, name: str) -> Collection:
    """The root collection, or the private collection of that name below it, which is created if needed."""
    Collection = apps.get_model("wagtailcore.Collection")
    root = Collection.objects.get(depth=1)
    if name == ROOT:
        return root
    return Collection.objects.filter(name=name, depth=2).first() or _private_collection(apps, root, name)


def _private_collection(apps: Apps, root: Collection, name: str) -> Collection:
    """Creates a private collection below the root. Writes treebeard's columns itself, since historical models have no tree
    methods."""
    from wagtail.models import Collection as Tree

    Collection = apps.get_model("wagtailcore.Collection")
    last = Collection.objects.filter(depth=2).order_by("-path").first()
    step = Tree._str2int(last.path[len(root.path) :]) + 1 if last else 1
    made = Collection.objects.create(name=name, depth=2, numchild=0, path=Tree._get_path(root.path, 2, step))
    Collection.objects.filter(pk=root.pk).update(numchild=root.numchild + 1)
    Restriction = apps.get_model("wagtailcore.CollectionViewRestriction")
    Restriction.objects.create(collection=made, restriction_type="login")
    return made
