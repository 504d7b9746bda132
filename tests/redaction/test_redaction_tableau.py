"""The dashboard: what there is to do, and the lists that it leads to."""

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.utils import timezone
from wagtail.models import WorkflowPage

from fiches.admin.dashboard import lines_for
from fiches.mail.outbox import post
from tests.factories import CarnetPageFactory, EtapePageFactory, FichePageFactory, UserFactory

pytestmark = pytest.mark.django_db


def dashboard_lines(user):
    """``{label: (number, address)}``."""
    return {line.label: (line.number, line.address) for line in lines_for(user)}


def titles(client, address):
    """The fiches of a list, as they stand in its context."""
    return {fiche.title for fiche in client.get(address).context["object_list"]}


def test_each_line_leads_to_the_list_of_just_those(client, tree):
    redaction = UserFactory(role="redaction")
    client.force_login(redaction)
    FichePageFactory(parent=tree.fiches, title="En ligne")
    sent_back = FichePageFactory(parent=tree.fiches, title="À moi", live=False, owner=redaction, complete=True)
    sent_back.get_workflow().start(sent_back, redaction)
    sent_back.current_workflow_state.current_task_state.reject(user=UserFactory(role="admin"))
    number, address = dashboard_lines(redaction)["fiche de vous à corriger"]
    assert (number, titles(client, address)) == (1, {"À moi"})


def awaiting_approval(page, submitter, days):
    """The page, submitted and read, that has awaited its approval for some days."""
    page.save_revision()
    workflow = page.get_workflow().start(page, submitter)
    state = workflow.current_task_state
    state.started_at = timezone.now() - timezone.timedelta(days=days)
    state.save()
    return page


@pytest.fixture
def reader(client, tree):
    user = UserFactory(role="redaction")
    client.force_login(user)
    return user


@pytest.fixture
def reviewed(tree, reader):
    """Two étapes, a road book and an editorial page that wait for their reading."""
    ContentPage = apps.get_model("home.ContentPage")
    for parent in (tree.carnets, tree.home):
        WorkflowPage.objects.get_or_create(page=parent, defaults={"workflow": tree.fiches.get_workflow()})
    writer = UserFactory(role="admin", first_name="Ugo", last_name="Blanc")
    page = tree.home.add_child(instance=ContentPage(title="Qui sommes-nous", slug="qui", live=False))
    stages = [EtapePageFactory(parent=tree.etapes, title=f"Étape {town}", live=False) for town in ("à Dole", "à Lure")]
    return [
        awaiting_approval(stages[0], writer, 9),
        awaiting_approval(stages[1], writer, 2),
        awaiting_approval(CarnetPageFactory(parent=tree.carnets, live=False), writer, 3),
        awaiting_approval(page, writer, 1),
    ]


def test_all_that_waits_for_this_person_is_listed_one_click_from_the_decision(client, reader, reviewed):
    _old, _young, carnet, page = reviewed
    home = client.get("/admin/")
    rows = BeautifulSoup(home.content, "html.parser").select("#a-faire-section li:has(.button)")
    assert [(row.select_one("a").get_text(), row.select_one("a.button")["href"]) for row in rows] == [
        (each.draft_title, f"/admin/redaction/innovations/{each.pk}/")
        for each in (reviewed[0], carnet, reviewed[1], page)
    ]
    assert all("Relecture · Ugo Blanc" in row.get_text() for row in rows)
    assert dashboard_lines(UserFactory(role="partenaire")) == {}


def test_one_list_has_what_waits_for_a_decision_first_then_the_tasks(client, reader, reviewed):
    post("un", modele="inscription_rappel", destinataires=["a@b.example"])
    home = BeautifulSoup(client.get("/admin/").content, "html.parser")
    items = [item.get_text() for item in home.select("#a-faire-section li")]
    assert all("Lire et décider" in item for item in items[:4])
    assert any("courriel" in item for item in items[4:])
    assert "Vous n’avez rien à faire" not in home.get_text()


def test_nothing_to_do_is_said_to_whom_nothing_waits_for(client, tree):
    partner = UserFactory(role="partenaire")
    fiche = FichePageFactory(parent=tree.fiches, complete=True, live=False)
    EtapePageFactory(parent=tree.etapes, title="À venir")
    for user in (partner, UserFactory(role="moderation")):
        client.force_login(user)
        assert "Vous n’avez rien à faire" in client.get("/admin/").content.decode()
    awaiting_approval(fiche, partner, 1)
    assert fiche.current_workflow_task.name == "Approbation"
    assert "Vous n’avez rien à faire" not in client.get("/admin/").content.decode()


def test_mails_about_to_leave_are_told_to_who_may_see_them(client, tree):
    post("un", modele="inscription_rappel", destinataires=["a@b.example"])
    assert dashboard_lines(UserFactory(role="redaction"))["courriel à envoyer"] == (1, "/admin/redaction/courriels/")
    assert "courriel à envoyer" not in dashboard_lines(UserFactory(role="moderation"))
