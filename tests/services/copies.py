"""Many fiches under review, copied from one that was made by the real ways: a race is then the race alone."""

import uuid

from django.db.models import F
from wagtail.models import Page, Revision, TaskState, WorkflowState

from fiches.models import FichePage


def copies(fiche, number):
    """``number`` fiches as ``fiche``, beside it, each with its revision and its review: ``[(fiche, open task state)]``."""
    pages = _pages(fiche, number)
    revisions = Revision.objects.bulk_create(
        _like(fiche.latest_revision, object_id=str(page.pk), content=_content(fiche, page)) for page in pages
    )
    for page, revision in zip(pages, revisions, strict=True):
        page.latest_revision = revision
    Page.objects.bulk_update(pages, ["latest_revision"])
    states = _reviews(fiche, pages, revisions)
    return list(
        zip(FichePage.objects.child_of(fiche.get_parent()).exclude(pk=fiche.pk).order_by("pk"), states, strict=True)
    )


def _like(row, model=None, **values):
    """A row as another, with its own key."""
    model = model or type(row)
    fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
    return model(**{field.attname: getattr(row, field.attname) for field in fields} | values)


def _pages(fiche, number):
    parent = fiche.get_parent()
    places = range(parent.numchild + 1, parent.numchild + 1 + number)
    pages = Page.objects.bulk_create(
        _like(
            fiche,
            Page,
            path=Page._get_path(parent.path, fiche.depth, place),
            slug=f"{fiche.slug}-{place}",
            url_path=f"{parent.url_path}{fiche.slug}-{place}/",
            translation_key=uuid.uuid4(),
        )
        for place in places
    )
    Page.objects.filter(pk=parent.pk).update(numchild=F("numchild") + number)
    for page in pages:
        _like(fiche, FichePage, page_ptr_id=page.pk).save_base(raw=True, force_insert=True)
    return pages


def _content(fiche, page):
    own = {name: getattr(page, name) for name in ("pk", "path", "slug", "url_path")}
    return {**fiche.latest_revision.content, **own, "translation_key": str(page.translation_key)}


def _reviews(fiche, pages, revisions):
    review = fiche.current_workflow_state
    reviews = WorkflowState.objects.bulk_create(
        _like(review, object_id=str(page.pk), current_task_state_id=None) for page in pages
    )
    for step in review.task_states.order_by("pk"):
        steps = TaskState.objects.bulk_create(
            _like(step, workflow_state_id=review.pk, revision_id=revision.pk)
            for review, revision in zip(reviews, revisions, strict=True)
        )
        for review, state in zip(reviews, steps, strict=True):
            review.current_task_state = state
    WorkflowState.objects.bulk_update(reviews, ["current_task_state"])
    return steps
