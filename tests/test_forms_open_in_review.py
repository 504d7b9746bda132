"""Whatever page is in whatever step of the review, its form opens for each role of the staff, or says no; it never fails."""

import pytest
from django.test import Client
from wagtail.models import Page, TaskState, Workflow

from fiches.moderation.decision import decide
from fiches.moderation.roles import WORKFLOW
from tests.factories import CarnetPageFactory, ContentPageFactory, EtapePageFactory, UserFactory

ROLES = ("redaction", "moderation", "partenaire", "admin")
MADE = {
    "étape": lambda tree: EtapePageFactory(parent=tree.etapes),
    "carnet": lambda tree: CarnetPageFactory(parent=tree.carnets),
    "page": lambda tree: ContentPageFactory(parent=tree.home),
}
STEPS = {
    "a draft": (),
    "in reading": (),
    "sent back from reading": ("reject",),
    "in approval": ("approve",),
    "sent back from approval": ("approve", "reject"),
}


def reviewed(page, step):
    readers = [UserFactory(role=role) for role in ("redaction", "moderation")]
    page.save_revision()
    page = Page.objects.get(pk=page.pk).specific
    state = Workflow.objects.get(name=WORKFLOW).start(page, None)
    for reader, action in zip(readers, STEPS[step], strict=False):
        task_state = TaskState.objects.get(pk=state.current_task_state_id)
        decide(task_state=task_state, action=action, by=reader, revision_read=page.latest_revision_id)
        state.refresh_from_db()
    if step == "a draft":
        state.cancel(user=None)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("kind", MADE)
def test_the_form_opens_at_each_step_for_each_role(tree, kind, step):
    page = MADE[kind](tree)
    reviewed(page, step)
    for role in ROLES:
        client = Client()
        client.force_login(UserFactory(role=role))
        answer = client.get(f"/admin/pages/{page.pk}/edit/")
        opens = "data-edit-form" in answer.content.decode()
        if opens or role == "admin":
            assert (answer.status_code, opens) == (200, True)
        else:
            assert answer.status_code in {302, 404}
