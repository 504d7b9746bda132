"""Colleagues are named as they are called, in every list; by their account where they gave no name."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import EtapePageFactory, FichePageFactory, UserFactory

pytestmark = pytest.mark.django_db


REPORTS = ("locked", "workflow", "workflow_tasks", "site-history", "aging-pages")


@pytest.mark.parametrize("report", REPORTS)
def test_reports_and_their_exports_name_people_not_accounts(client, tree, report):
    someone = UserFactory(role="redaction", username="alovelace", first_name="Ada", last_name="Lovelace")
    moderator = UserFactory(role="moderation", username="mmoderne", first_name="Mona", last_name="Moderne")
    fiche = FichePageFactory(parent=tree.fiches, live=False, complete=True, owner=someone, revision=someone)
    fiche.get_workflow().start(fiche, someone)
    state = fiche.current_workflow_task_state
    state.task.on_action(state, moderator, "approve")
    etape = EtapePageFactory(parent=tree.etapes)
    etape.save_revision(user=someone, log_action=True).publish(user=someone)
    etape.refresh_from_db()
    etape.locked, etape.locked_by, etape.locked_at = True, someone, timezone.now()
    etape.save()
    client.force_login(UserFactory(role="admin"))
    address = f"/admin/reports/{report}/"
    page, export = (client.get(f"{address}{query}").getvalue().decode() for query in ("", "?export=csv"))
    assert "Ada Lovelace" in export
    for body in (page, export):
        assert not {"alovelace", "mmoderne"} & set(re.findall(r"\w+", body))


def test_the_receipt_of_an_erasure_names_who_erased(client, tree):
    client.force_login(UserFactory(role="admin", username="adm7", first_name="Ada", last_name="Lovelace"))
    data = {"courriel": "a@b.example", "confirmation": "a@b.example", "action": "effacer"}
    page = client.post(reverse("fiches_donnees_personnelles"), data, follow=True)
    assert "<dd>Ada Lovelace</dd>" in page.text
