"""What several test modules of this room do and read on its screens."""

from django.contrib.messages import get_messages
from django.urls import reverse
from wagtail.models import TaskState, WorkflowState

from fiches.models import FichePage
from fiches.moderation.submitting import submit
from tests.factories import FichePageFactory
from tests.formulaires import filled_form

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"


def open_fiche(client, user, fiche):
    """What ``user`` has on screen once the fiche is open."""
    client.force_login(user)
    response = client.get(reverse("wagtailadmin_pages:edit", args=[fiche.pk]))
    assert response.status_code == 200
    return filled_form(response)


def words(response):
    return [str(message).split("\n")[0].strip() for message in get_messages(response.wsgi_request)]


def plain(text):
    """With ordinary spaces only."""
    return " ".join(str(text).split())


def create_draft(tree, author):
    return FichePageFactory(parent=tree.fiches, live=False, complete=True, owner=author, revision=author)


def create_submitted_fiche(tree, author, by="author"):
    fiche = create_draft(tree, author)
    submit(fiche, author if by == "author" else by)
    return reload_fiche(fiche)


def reload_fiche(fiche):
    return FichePage.objects.get(pk=fiche.pk)


def state_of(fiche):
    return reload_fiche(fiche).current_workflow_task_state


def states(fiche):
    """Whether it is online, the state of its review and those of its steps, without those that nobody had to take."""
    fiche = reload_fiche(fiche)
    review = WorkflowState.objects.for_instance(fiche).latest("pk")
    taken = review.task_states.exclude(status=TaskState.STATUS_SKIPPED)
    return fiche.live, review.status, list(taken.order_by("pk").values_list("status", flat=True))


def save_correction(fiche, by):
    page = fiche.get_latest_revision_as_object()
    page.chapo = f"Une virgule, de {by.pk}."
    page.save_revision(user=by)


def edit_url(page):
    return reverse("wagtailadmin_pages:edit", args=[page.pk])
