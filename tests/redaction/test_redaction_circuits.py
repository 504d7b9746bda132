"""No page enters a workflow that nobody can pass: the review has people, or the site says so when it starts."""

import io

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.contrib.messages import get_messages
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import (
    GroupApprovalTask,
    GroupPagePermission,
    Page,
    Task,
    Workflow,
    WorkflowPage,
    WorkflowState,
    WorkflowTask,
)

from etapes.models import EtapePage
from fiches.models import ApprobationTask, FichePage, RelectureTask
from fiches.moderation import decision, roles
from tests.factories import (
    CarnetPageFactory,
    ContentPageFactory,
    EtapePageFactory,
    FichePageFactory,
    PartenaireFactory,
    UserFactory,
)
from tests.formulaires import filled_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(tree):
    return [UserFactory(role=role) for role in ("redaction", "moderation", "partenaire")]


@pytest.fixture
def etape(tree, people):
    etape = EtapePageFactory(parent=tree.etapes, title="Dole", organisateurs=[PartenaireFactory(membres=[people[2]])])
    etape.save_revision().publish()
    return EtapePage.objects.get(pk=etape.pk)


def create_wagtail_workflow():
    """Wagtail's own workflow, on the root as on a new site."""
    workflow = Workflow.objects.create(name="Moderators approval")
    task = GroupApprovalTask.objects.create(name="Moderators approval")
    task.groups.add(Group.objects.get_or_create(name="Moderators")[0])
    WorkflowTask.objects.create(workflow=workflow, task=task)
    WorkflowPage.objects.create(page=Page.get_first_root_node(), workflow=workflow)
    return task


def post_form(client, user, page, **buttons):
    client.force_login(user)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return client.post(address, {**filled_form(client.get(address)), **buttons})


def approve(client, user, page):
    client.force_login(user)
    address = reverse("fiches_innovation", args=[page.pk])
    form = filled_form(client.get(address), "form:has(input[name=tache])")
    return client.post(address, {**form, "action": "approve"})


def test_what_an_organiser_changes_is_read_then_approved_then_online(client, etape, people):
    redaction, moderation, partner = people
    post_form(client, partner, etape, chapo="Une nouvelle salle.", **{"action-submit": "1"})
    steps = []
    for person in (redaction, moderation):
        steps.append(EtapePage.objects.get(pk=etape.pk).current_workflow_task.name)
        approve(client, person, etape)
    assert steps == ["Relecture", "Approbation"]
    etape = EtapePage.objects.get(pk=etape.pk)
    assert (etape.chapo, etape.workflow_in_progress) == ("Une nouvelle salle.", False)


def test_an_organiser_does_not_read_their_own_change(client, etape, people):
    post_form(client, people[2], etape, chapo="Une nouvelle salle.", **{"action-submit": "1"})
    people[2].groups.add(Group.objects.get(name="Rédaction"))
    approve(client, people[2], etape)
    assert EtapePage.objects.get(pk=etape.pk).current_workflow_task.name == "Relecture"


def test_communication_publishes_what_has_no_review_and_is_offered_none(client, tree, people):
    for page in (CarnetPageFactory(parent=tree.carnets, live=False), ContentPageFactory(parent=tree.home, live=False)):
        page.save_revision()
        assert page.get_workflow() is None
        post_form(client, people[0], page, **{"action-publish": "1"})
        page.refresh_from_db()
        assert page.live


def test_the_migrations_leave_no_workflow_but_ours_and_on_two_lists():
    assert list(WorkflowPage.objects.exclude(workflow__name=roles.WORKFLOW)) == []


def test_each_list_that_is_reviewed_gets_the_review_and_the_command_puts_it_back(tree, people):
    reviewed = {tree.fiches.pk, tree.etapes.pk}
    assert set(WorkflowPage.objects.values_list("page", flat=True)) == reviewed
    WorkflowPage.objects.all().delete()
    create_wagtail_workflow()
    call_command("roles", stdout=io.StringIO())
    assert set(WorkflowPage.objects.values_list("page", flat=True)) == reviewed


def test_a_step_of_the_review_is_added_by_its_type_and_is_of_no_other(client, tree):
    client.force_login(UserFactory(role="admin"))
    group = Group.objects.get(name="Modération")
    offered = client.get("/admin/workflows/tasks/select_type/").content.decode()
    for kind in (RelectureTask, ApprobationTask):
        address = f"/admin/workflows/tasks/add/rallynov_fiches/{kind._meta.model_name}/"
        assert address in offered
        client.post(address, {"name": "En plus", "groups": group.pk})
        task = Task.objects.latest("pk")
        assert (type(task.specific), task.name, list(task.specific.groups.all())) == (kind, "En plus", [group])
        assert [type(each) for each in kind.objects.order_by("pk")] == [kind, kind]


def test_the_command_leaves_a_hosts_own_workflow_that_has_people(tree, people):
    create_wagtail_workflow().groups.get().user_set.add(UserFactory())
    call_command("roles", stdout=io.StringIO())
    assert WorkflowPage.objects.filter(page__depth=1).count() == 1


@pytest.fixture
def at_its_host(client, tree, people):
    """A fiche that waits in a host's own workflow, and who approves it there."""
    task = create_wagtail_workflow()
    WorkflowPage.objects.filter(page=tree.fiches).update(workflow=Workflow.objects.get(workflow_tasks__task=task))
    chief = UserFactory()
    chief.groups.add(group := task.groups.get())
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for right in ("change_page", "publish_page"):
        given = Permission.objects.get(codename=right, content_type__app_label="wagtailcore")
        GroupPagePermission.objects.create(group=group, page=tree.home, permission=given)
    fiche = FichePageFactory(parent=tree.fiches, title="Le four", live=False, complete=True)
    post_form(client, people[0], fiche, chapo="Un four.", **{"action-submit": "1"})
    assert FichePage.objects.get(pk=fiche.pk).current_workflow_task.name == task.name
    return fiche, chief


def test_a_hosts_own_workflow_on_the_fiches_publishes_and_says_so(client, at_its_host, monkeypatch):
    fiche, chief = at_its_host
    with monkeypatch.context() as patch:
        patch.setattr(decision, "obstacles", lambda page: ["L’accord est retiré."])
        refused = approve(client, chief, fiche)
    assert "L’accord est retiré." in refused.content.decode()
    assert not FichePage.objects.get(pk=fiche.pk).live
    answer = approve(client, chief, fiche)
    fiche = FichePage.objects.get(pk=fiche.pk)
    assert (fiche.live, fiche.chapo, fiche.workflow_in_progress) == (True, "Un four.", False)
    (told,) = [str(message) for message in get_messages(answer.wsgi_request)]
    assert told.startswith("«\u00a0Le four\u00a0» est approuvée")


def test_what_a_host_does_at_the_end_of_its_own_workflow_stays(client, at_its_host, monkeypatch):
    (fiche, chief), ended = at_its_host, []
    monkeypatch.setattr(WorkflowState, "on_finish", lambda state, user: ended.append(state.object_id))
    approve(client, chief, fiche)
    assert (ended, FichePage.objects.get(pk=fiche.pk).live) == ([str(fiche.pk)], False)


def test_a_page_under_a_host_s_workflow_offers_to_submit_to_that_one_and_ours_to_the_review(client, tree):
    create_wagtail_workflow()
    page = ContentPageFactory(parent=tree.home, live=False)
    fiche = FichePageFactory(parent=tree.fiches, live=False)
    client.force_login(UserFactory(role="redaction"))
    labels = {}
    for each in (page, fiche):
        screen = client.get(reverse("wagtailadmin_pages:edit", args=[each.pk]))
        button = BeautifulSoup(screen.content, "html.parser").select_one("[name=action-submit]")
        labels[each] = " ".join(button.get_text().split())
    assert labels == {page: "Soumettre à Moderators approval", fiche: "Soumettre à la relecture"}
