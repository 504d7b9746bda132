"""The admin's list of the background tasks that failed: why, and a button that runs one again or forgets it.

For accounts with the permission to change tasks of the queue: superusers, unless a host gives it to others. Installed with
`django_tasks_db` only, whose table it reads.
"""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template import Context
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from django_tasks_db.models import DBTaskResult
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.reports import ReportView

from fiches.admin.columns import FormColumn
from fiches.admin.dashboard import CountedLine

# What a task does, by the name of its function.
LABELS = {
    "work_on_import": gettext_lazy("works on an import"),
    "compare_pages": gettext_lazy("looks for what changed, for webhooks"),
    "compare_all_pages": gettext_lazy("looks for what changed, for webhooks"),
    "send_message": gettext_lazy("calls a webhook"),
    "announce": gettext_lazy("prepares alerts"),
    "notify": gettext_lazy("prepares alerts"),
    "read_documents": gettext_lazy("reads the text of documents"),
    "make_fiche_of_dossier": gettext_lazy("makes the fiche of a dossier"),
    "send_courriel": gettext_lazy("sends a mail"),
    "send_batch": gettext_lazy("sends mails"),
    "distribute_announcement": gettext_lazy("prepares mails to registered people"),
    "distribute": gettext_lazy("prepares the mails of a road book"),
    "update_reference_index_task": gettext_lazy("notes which page uses which picture"),
    "delete_again": gettext_lazy("deletes a file"),
    "delete_file_from_storage_task": gettext_lazy("deletes a file"),
    "set_image_focal_point_task": gettext_lazy("looks for the main part of a picture"),
    "purge_urls_from_cache_task": gettext_lazy("has the cache of pages renewed"),
}


def may_act(user: AbstractUser | AnonymousUser) -> bool:
    return user.has_perm("django_tasks_database.change_dbtaskresult")


def label_of_task(task: DBTaskResult) -> str:
    """What the task does. Its path, which nobody but a developer reads, stands in the details."""
    return str(LABELS.get(task.task_path.rpartition(".")[2], _("another task of the site")))


class TaskColumn(Column):
    def get_value(self, instance: DBTaskResult) -> str:
        return label_of_task(instance)


class ReasonColumn(Column):
    """The class of the error, and its whole trace folded."""

    cell_template_name = "fiches/admin/_cause_de_la_tache.html"


class RetryColumn(FormColumn):
    """The buttons that run the task again, and forget it."""

    cell_template_name = "fiches/admin/_reprendre_la_tache.html"

    def get_cell_context_data(self, instance: Any, parent_context: Context) -> dict[str, Any]:
        return {**super().get_cell_context_data(instance, parent_context), "task": label_of_task(instance)}


class FailedTasksView(ReportView):
    model = DBTaskResult
    page_title = gettext_lazy("Failed tasks")
    header_icon = "warning"
    index_url_name = "fiches_taches"
    index_results_url_name = "fiches_taches_results"
    default_ordering = "-finished_at"
    columns = [
        TaskColumn("task", label=gettext_lazy("Task")),
        DateColumn("finished_at", label=gettext_lazy("Failed on"), sort_key="finished_at"),
        ReasonColumn("reason", label=gettext_lazy("Why"), accessor="exception_class_path"),
        RetryColumn("retry", label=gettext_lazy("Run again or forget"), accessor="pk"),
    ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_act(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_base_queryset(self) -> QuerySet:
        return DBTaskResult.objects.failed().defer("args_kwargs", "return_value")

    @cached_property
    def no_results_message(self) -> str:
        return _("No task failed.")


@require_POST
@transaction.atomic
def act_on_task(request: HttpRequest, pk: Any, verbe: str) -> HttpResponse:
    """Runs a failed task again, or forgets it."""
    if not may_act(request.user):
        raise PermissionDenied
    task = get_object_or_404(DBTaskResult.objects.failed(), pk=pk)
    if verbe == "reprendre":
        try:
            again = task.task.using(run_after=None)
        except ImportError:
            messages.error(request, _("This task no longer exists in this version of the site: forget it."))
            return redirect("fiches_taches")
        again.enqueue(*task.args_kwargs["args"], **task.args_kwargs["kwargs"])
        messages.success(request, _("“%(task)s” runs again.") % {"task": label_of_task(task)})
    task.delete()
    return redirect("fiches_taches")


def lines(user: AbstractUser) -> Iterator[CountedLine]:
    """Yields the dashboard line of the failed tasks."""
    if may_act(user):
        yield CountedLine(
            "a_mender",
            lambda number: ngettext("background task that failed", "background tasks that failed", number),
            DBTaskResult.objects.failed(),
            reverse("fiches_taches"),
            since="finished_at",
        )


class FailedTasksMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_act(request.user)


urlpatterns = [
    path("taches/", FailedTasksView.as_view(), name="fiches_taches"),
    path("taches/results/", FailedTasksView.as_view(results_only=True), name="fiches_taches_results"),
    path("taches/<uuid:pk>/reprendre/", act_on_task, {"verbe": "reprendre"}, name="fiches_tache_reprendre"),
    path("taches/<uuid:pk>/oublier/", act_on_task, {"verbe": "oublier"}, name="fiches_tache_oublier"),
]
