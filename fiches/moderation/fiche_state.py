"""What a decision changes on a fiche, or on a page of another app: its publication and its review. Read before, and restored when the
decision is undone."""

from functools import partial
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.urls import reverse
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.log_actions import log
from wagtail.models import Page, Revision, TaskState, WorkflowState, get_default_page_content_type
from wagtail.signals import page_published

from fiches.models import DecisionAnnulable, FichePage
from fiches.models.bulk import update
from fiches.models.corbeille import in_the_bin
from fiches.models.querysets import lock_row
from fiches.moderation.undoable_decisions import FICHE, DecidedKind, register_decided_kind

UNDONE = "rallynov.decision.undo"
# Columns that a publication changes.
PUBLICATION = (
    "live",
    "live_revision",
    "latest_revision",
    "has_unpublished_changes",
    "first_published_at",
    "last_published_at",
    "go_live_at",
    "expired",
)
RESTORED = ("has_unpublished_changes", "first_published_at", "last_published_at", "go_live_at", "expired")
STEP = ("status", "revision", "finished_at", "finished_by", "comment")


def connect() -> None:
    """Called once, when Django starts."""
    register_decided_kind(FICHE, page_kind(FichePage)._replace(of_fiche=lambda pk: [pk], address=_address))


def _address(pk: int, user: AbstractUser) -> str:
    return reverse("fiches_innovation", args=[pk])


def page_kind(model: type[Page]) -> DecidedKind:
    """The kind of the pages of ``model``, of which the decisions can be undone. For :func:`register_decided_kind`."""
    return DecidedKind(lambda pk: (), lock_row, partial(page_state, model), partial(restore_page, model), model)


def page_state(model: type[Page], pk: int) -> dict[str, Any] | None:
    """The publication and the review of a page. Five queries.

    :returns: None for a page that was deleted, or is in the bin.
    """
    columns = model.objects.filter(pk=pk).exclude(in_the_bin()).values(*PUBLICATION).first()
    if columns is None:
        return None
    latest = Revision.objects.filter(pk=columns["latest_revision"]).values_list("content__go_live_at", flat=True)
    workflow = _workflow_states(pk).values("pk", "status", "current_task_state").first()
    steps = (
        TaskState.objects.filter(workflow_state=workflow["pk"]).order_by("pk") if workflow else TaskState.objects.none()
    )
    return {
        "page": columns,
        "date": latest.first(),
        "dates": {str(key): moment for key, moment in _scheduled(pk).values_list("pk", "approved_go_live_at")},
        "parcours": workflow,
        "etapes": {str(step.pop("pk")): step for step in steps.values("pk", *STEP)},
    }


def restore_page(
    model: type[Page], pk: int, before: dict[str, Any], decision: DecisionAnnulable, by: AbstractUser
) -> None:
    """Takes the page off the site, or puts back online what was; restores the dates and the review. One line of log."""
    page = model.objects.get(pk=pk)
    columns = before["page"]
    if page.live and not columns["live"]:
        UnpublishPageAction(page, user=by, log_action=False).execute(skip_permission_checks=True)
    elif page.live_revision_id != columns["live_revision"]:
        online = page.revisions.get(pk=columns["live_revision"])
        online.publish(user=by, log_action=False, skip_permission_checks=True)
    elif columns["live"] and not page.live:  # it was online without a revision: its row still holds all of it
        page.live = True
        page.save(clean=False)
        page_published.send(sender=type(page), instance=page, revision=None)
        page.update_aliases()
    _scheduled(pk).update(approved_go_live_at=None)
    for key, moment in before["dates"].items():
        Revision.objects.filter(pk=key).update(approved_go_live_at=moment)
    if latest := Revision.objects.filter(pk=columns["latest_revision"]).first():
        latest.content["go_live_at"] = before["date"]
        latest.save(update_fields=["content"])
    update(model.objects.filter(pk=pk), **{name: columns[name] for name in RESTORED})
    if before["parcours"]:
        _restore_review(before["parcours"], before["etapes"])
    log(instance=model.objects.get(pk=pk), action=UNDONE, user=by)


def cancel_schedule(page: FichePage) -> None:
    """Cancels the date at which a fiche goes online, and forgets it. Nobody is mailed."""
    if not _scheduled(page.pk).update(approved_go_live_at=None):
        return
    revision = page.latest_revision
    revision.content["go_live_at"] = None
    revision.save(update_fields=["content"])
    update(FichePage.objects.filter(pk=page.pk), go_live_at=None)


def _restore_review(workflow: dict[str, Any], steps: dict[str, dict[str, Any]]) -> None:
    state = WorkflowState.objects.get(pk=workflow["pk"])
    state.status, state.current_task_state_id = workflow["status"], workflow["current_task_state"]
    state.save(update_fields=["status", "current_task_state"])
    for key, values in steps.items():
        TaskState.objects.filter(pk=key).update(**values)
    state.task_states.exclude(pk__in=steps).delete()


def _workflow_states(pk: int) -> Any:
    about = {"base_content_type": get_default_page_content_type(), "object_id": str(pk)}
    return WorkflowState.objects.filter(**about).order_by("-pk")


def _scheduled(pk: int) -> Any:
    return Revision.page_revisions.filter(object_id=str(pk), approved_go_live_at__isnull=False)
