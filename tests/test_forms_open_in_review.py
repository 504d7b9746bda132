"""Whatever page is in whatever step of the review, its form opens for each role of the staff, or says no; it never fails."""

import pytest
from django.test import Client
from wagtail.models import Page, TaskState, Workflow

from fiches.moderation.decision import decide
from fiches.moderation.roles import WORKFLOW
from tests.factories import CarnetPageFactory, ContentPageFactory, EtapePageFactory, UserFactory

pytestmark = pytest.mark.nightly

ROLES = ("redaction", "moderation", "partenaire", "admin")
MADE = {
    "étape": lambda tree: EtapePageFactory(parent=tree.etapes),
    "carnet": lambda tree: CarnetPageFactory(parent=tree.carnets),
    "page": lambda tree: ContentPageFactory(parent=tree.home),
}
# The decisions of two reviews, each from its start: sent back from reading, then approved there and sent back from approval.
REVIEWS = (("reject",), ("approve", "reject"))


def steps_of(page):
    """Takes a page from one step of the review to the next, and yields the name of each."""
    readers = [UserFactory(role=role) for role in ("redaction", "moderation")]
    page.save_revision()
    page = Page.objects.get(pk=page.pk).specific
    yield "a draft"
    for actions in REVIEWS:
        state = Workflow.objects.get(name=WORKFLOW).start(page, None)
        if actions == REVIEWS[0]:
            yield "in reading"
        for reader, action in zip(readers, actions, strict=False):
            task_state = TaskState.objects.get(pk=state.current_task_state_id)
            decide(task_state=task_state, action=action, by=reader, revision_read=page.latest_revision_id)
            state.refresh_from_db()
            yield f"after {actions}, {action}"
        state.cancel(user=None)


@pytest.mark.parametrize("kind", MADE)
def test_the_form_opens_at_each_step_for_each_role(tree, kind):
    page = MADE[kind](tree)
    clients = {role: Client() for role in ROLES}
    for role, client in clients.items():
        client.force_login(UserFactory(role=role))
    for step in steps_of(page):
        for role, client in clients.items():
            answer = client.get(f"/admin/pages/{page.pk}/edit/")
            opens = "data-edit-form" in answer.content.decode()
            if opens or role == "admin":
                assert (answer.status_code, opens) == (200, True), (step, role)
            else:
                assert answer.status_code in {302, 404}, (step, role)
