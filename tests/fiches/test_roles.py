"""Who may do what to fiches, étapes, pictures: by the groups, and by every way in."""

import json

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import reverse
from wagtail.documents.models import Document
from wagtail.images import get_image_model
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page, Workflow, WorkflowPage
from wagtail.permissions import policy_registry

from fiches.models import ApprobationTask, FichePage, RelectureTask
from fiches.models.moderation import STEPS
from fiches.moderation.roles import GROUPS, WORKFLOW
from tests import pictures
from tests.factories import (
    ContentPageFactory,
    EtapePageFactory,
    FicheIndexPageFactory,
    FichePageFactory,
    PartenaireFactory,
    UserFactory,
)
from tests.fiches.screens import edit_url
from tests.formulaires import blocks, filled_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def own_draft(tree, partenaire):
    return FichePageFactory(parent=tree.fiches, live=False, owner=partenaire, revision=partenaire, title="À moi")


@pytest.fixture
def foreign_draft(tree):
    """A draft of another partner's; its words are nobody else's."""
    other = UserFactory(role="partenaire")
    return FichePageFactory(
        parent=tree.fiches, live=False, owner=other, revision=other, title="Zygomatique", organisation="Zygomatique"
    )


def group_permissions(name):
    """Everything that a group may do, as words."""
    group = Group.objects.get(name=name)
    pages = group.page_permissions.values_list("page__slug", "permission__codename")
    collections = group.collection_permissions.values_list("collection__name", "permission__codename")
    return (
        {f"{p.content_type.app_label}.{p.codename}" for p in group.permissions.select_related("content_type")},
        {f"{slug}: {codename}" for slug, codename in pages},
        {f"{name}: {codename}" for name, codename in collections},
    )


def steps():
    """The workflow as (task type, name, groups)."""
    workflow = Workflow.objects.get(name=WORKFLOW)
    tasks = [task.specific for task in workflow.tasks]
    return [(type(task), task.name, [group.name for group in task.groups.all()]) for task in tasks]


# --- The groups ------------------------------------------------------------------------------------------------------


def test_a_partner_may_only_add_fiches_pictures_and_documents(tree):
    assert group_permissions("Partenaires") == (
        {"wagtailadmin.access_admin"},
        {"fiches: add_page"},
        {"Partenaires (privé): add_image", "Partenaires (privé): add_document"},
    )


def test_only_moderators_may_take_a_fiche_offline(tree):
    publish = GroupPagePermission.objects.filter(group__name__in=GROUPS, permission__codename="publish_page")
    assert sorted(publish.values_list("group__name", "page__slug")) == [
        ("Modération", "fiches"),
        ("Rédaction", "accueil"),
        ("Rédaction", "carnets"),
        ("Rédaction", "etapes"),
    ]


def test_no_group_manages_accounts_sites_collections_or_workflows():
    given = {right for name in GROUPS for right in group_permissions(name)[0]}
    apps = {right.split(".")[0] for right in given}
    rooms = {
        "home",
        *(f"rallynov_{name}" for name in ("fiches", "candidatures", "diffusion", "palmares", "etapes", "carnets")),
    }
    assert apps <= {"wagtailadmin", "wagtailredirects", "simple_translation", *rooms}


def test_the_workflow_has_the_steps_of_the_table_and_comes_with_the_list_of_the_fiches(tree):
    assert steps() == [(step.task, step.name, [step.role]) for step in STEPS]
    assert [(step.task, step.role) for step in (STEPS[0], STEPS[-1])] == [
        (RelectureTask, "Rédaction"),
        (ApprobationTask, "Modération"),
    ]
    assert WorkflowPage.objects.get(page=tree.fiches).workflow.name == WORKFLOW


def test_the_command_puts_back_what_was_taken_and_leaves_the_accounts(tree, partenaire):
    before = {name: group_permissions(name) for name in GROUPS}, steps()
    Group.objects.get(name="Rédaction").permissions.clear()
    GroupPagePermission.objects.all().delete()
    GroupCollectionPermission.objects.all().delete()
    Group.objects.get(name="Modération").delete()
    Workflow.objects.get(name=WORKFLOW).workflow_tasks.all().delete()
    WorkflowPage.objects.all().delete()
    call_command("roles", verbosity=0)
    call_command("roles", verbosity=0)
    assert ({name: group_permissions(name) for name in GROUPS}, steps()) == before
    assert [group.name for group in partenaire.groups.all()] == ["Partenaires"]
    assert WorkflowPage.objects.get(page=tree.fiches).workflow.name == WORKFLOW


def test_the_command_takes_nothing_of_what_the_site_s_owner_gave(tree):
    partners, direction = Group.objects.get(name="Partenaires"), Group.objects.create(name="Direction")
    right = Group.objects.get(name="Rédaction").permissions.get(codename="add_partenaire")
    partners.permissions.add(right)
    change = GroupPagePermission.objects.filter(permission__codename="change_page").first().permission
    on_pages = GroupPagePermission.objects.create(group=partners, page=tree.home, permission=change)
    given = GroupCollectionPermission.objects.first()
    on_files = GroupCollectionPermission.objects.create(
        group=partners, collection=Collection.get_first_root_node(), permission=given.permission
    )
    ApprobationTask.objects.get().groups.add(direction)
    call_command("roles", verbosity=0)
    assert right in partners.permissions.all()
    assert {on_pages} <= {*GroupPagePermission.objects.all()}
    assert {on_files} <= {*GroupCollectionPermission.objects.all()}
    assert direction in ApprobationTask.objects.get().groups.all()


def test_a_host_s_own_group_of_the_same_name_gains_and_loses_nothing(tree):
    Group.objects.filter(name="Rédaction").delete()
    theirs = Group.objects.create(name="Rédaction")
    page_right = GroupPagePermission.objects.filter(permission__codename="change_page").first().permission
    GroupPagePermission.objects.create(group=theirs, page=tree.home, permission=page_right)
    before = group_permissions("Rédaction")
    call_command("roles", verbosity=0)
    assert group_permissions("Rédaction") == before
    assert "rallynov_fiches.add_partenaire" in group_permissions("Rédaction (Rally’nov)")[0]
    assert steps()[0] == (RelectureTask, "Relecture", ["Rédaction (Rally’nov)"])


def test_a_group_that_is_renamed_keeps_its_role(tree):
    before = group_permissions("Rédaction")
    Group.objects.filter(name="Rédaction").update(name="Communication")
    call_command("roles", verbosity=0)
    assert group_permissions("Communication") == before
    assert not Group.objects.filter(name="Rédaction").exists()


# --- A partner sees its own fiches, and no other ---------------------------------------------------------------------


def test_a_partner_changes_and_deletes_its_own_drafts_and_no_other(own_draft, foreign_draft, partenaire):
    policy = policy_registry.get_by_type(Page)
    changes = [
        policy.user_has_permission_for_instance(partenaire, "change", page) for page in (own_draft, foreign_draft)
    ]
    assert changes == [True, False]
    mine, theirs = (page.permissions_for_user(partenaire) for page in (own_draft, foreign_draft))
    assert (mine.can_delete(), theirs.can_delete()) == (True, False)


def test_a_fiche_under_review_is_not_submitted_again(own_draft, partenaire):
    own_draft.get_workflow().start(own_draft, partenaire)
    assert not FichePage.objects.get(pk=own_draft.pk).permissions_for_user(partenaire).can_submit_for_moderation()


def test_a_closed_account_edits_none_of_the_etapes_that_it_organised(tree, partenaire):
    etape = EtapePageFactory(parent=tree.etapes, organisateurs=[PartenaireFactory(membres=[partenaire])])
    policy = policy_registry.get_by_type(Page)
    assert policy.user_has_permission_for_instance(partenaire, "change", etape)
    partenaire.is_active = False
    assert not policy.user_has_permission_for_instance(partenaire, "change", etape)


LISTS = [
    "/admin/pages/{index}/",
    "/admin/pages/{index}/results/?q=zygomat",
    "/admin/pages/search/?q=zygomat",
    "/admin/pages/search/results/?q=zygomat",
    "/admin/fiches/",
    "/admin/fiches/?export=csv",
    "/admin/pages/usage/rallynov_fiches/fichepage/",
    "/admin/choose-page/",
    "/admin/choose-page/{index}/?page_type=rallynov_fiches.FichePage",
    "/admin/choose-page/search/?q=zygomat",
    "/admin/api/main/pages/?child_of={index}&for_explorer=1",
    "/admin/api/main/pages/?search=zygomat",
    "/admin/reports/aging-pages/",
    "/admin/reports/site-history/",
    "/admin/reports/workflow/",
    "/admin/reports/workflow_tasks/",
    "/admin/",
]


SHOWN_IN = {"/admin/pages/{index}/", "/admin/fiches/", "/admin/choose-page/{index}/"}


def test_a_partner_sees_its_own_fiches_and_no_other_in_any_list(client, tree, partenaire, own_draft, foreign_draft):
    foreign_draft.get_workflow().start(foreign_draft, foreign_draft.owner)
    client.force_login(partenaire)
    for address in (*LISTS, *SHOWN_IN):
        response = client.get(address.format(index=tree.fiches.pk, foreign=foreign_draft.pk))
        assert response.status_code == 200, address
        content = b"".join(response.streaming_content if response.streaming else response).decode()
        assert "Zygomatique" not in content, address
        if address in SHOWN_IN:
            assert "À moi" in (json.loads(content)["html"] if content.startswith("{") else content), address


CLOSED = [
    "/admin/pages/{pk}/",
    "/admin/pages/{pk}/edit/",
    "/admin/pages/{pk}/edit/preview/",
    "/admin/pages/{pk}/view_draft/",
    "/admin/pages/{pk}/usage/",
    "/admin/pages/{pk}/delete/",
    "/admin/pages/{pk}/unpublish/",
    "/admin/pages/{pk}/move/",
    "/admin/pages/{pk}/move/{index}/confirm/",
    "/admin/pages/workflow/confirm_cancellation/{pk}/",
    "/admin/pages/{pk}/copy/",
    "/admin/pages/{pk}/privacy/",
    "/admin/pages/{pk}/history/",
    "/admin/pages/{pk}/history/results/",
    "/admin/pages/{pk}/workflow_history/",
    "/admin/pages/{pk}/revisions/{revision}/view/",
    "/admin/pages/{pk}/revisions/{revision}/revert/",
    "/admin/pages/{pk}/revisions/compare/earliest...latest/",
    "/admin/api/main/pages/{pk}/",
]


def test_nothing_of_another_fiche_is_told_at_any_address(client, tree, partenaire, own_draft, foreign_draft):
    client.force_login(partenaire)
    names = {"pk": foreign_draft.pk, "index": tree.fiches.pk, "revision": foreign_draft.latest_revision_id}
    for address in CLOSED:
        response = client.get(address.format(**names), follow=True)
        assert "Zygomatique" not in response.content.decode(), address
        assert response.status_code in {404, 403} or response.redirect_chain == [("/admin/", 302)], address


def test_a_partner_makes_a_fiche_and_submits_it(client, tree, partenaire):
    UserFactory(role="redaction")
    client.force_login(partenaire)
    url = reverse("wagtailadmin_pages:add", args=["rallynov_fiches", "fichepage", tree.fiches.pk])
    form = filled_form(client.get(url))
    data = {**form, "title": "La nôtre", "slug": "la-notre", "organisation": "Nous", "action-submit": "1"}
    assert client.post(url, data).context["form"].errors.keys() == {"chapo", "corps", "commune"}
    data |= {"chapo": "Nous partageons.", "sans_localisation": "on"}
    data |= blocks(
        "corps", [{"type": "citation", "value": {"texte": "À deux.", "auteur": "", "fonction": ""}, "id": ""}]
    )
    assert client.post(url, {**data, "action-publish": "1"}).status_code == 302
    fiche = FichePage.objects.get(slug="la-notre")
    assert (fiche.live, fiche.owner, fiche.current_workflow_task.name) == (False, partenaire, "Relecture")


# --- A partner changes the étapes that it organises ------------------------------------------------------------------


def test_a_partner_changes_the_etapes_that_it_organises_and_publishes_none(client, tree, partenaire):
    mine = EtapePageFactory(parent=tree.etapes, organisateurs=[PartenaireFactory(membres=[partenaire])], title="Dole")
    theirs = EtapePageFactory(parent=tree.etapes, organisateurs=[PartenaireFactory()], title="Vesoul")
    mine.save_revision()
    client.force_login(partenaire)
    listed = client.get("/admin/etapes/").content.decode()
    assert "Dole" in listed
    assert "Vesoul" not in listed
    assert "Dole" in client.get(f"/admin/pages/{tree.etapes.pk}/").content.decode()
    form = filled_form(client.get(edit_url(mine)))
    client.post(edit_url(mine), {**form, "lieu": "Salle des fêtes", "action-publish": "action-publish"})
    mine.refresh_from_db()
    assert (mine.lieu, mine.get_latest_revision_as_object().lieu) == ("", "Salle des fêtes")
    assert client.get(edit_url(theirs)).status_code == 302
    assert client.post(reverse("wagtailadmin_pages:delete", args=[mine.pk])).status_code == 302
    assert EtapePageFactory._meta.model.objects.filter(pk=mine.pk).exists()
    may = policy_registry.get_by_type(Page).user_has_permission_for_instance
    assert [may(partenaire, "change", page) for page in (mine, theirs)] == [True, False]
    assert may(partenaire, "publish", mine) is False


# --- Pictures and documents ------------------------------------------------------------------------------------------


def private():
    return Collection.objects.get(name="Partenaires (privé)")


def image_of(user, title):
    from django.core.files.base import ContentFile

    file = ContentFile(pictures.picture(), name=f"{title}.jpg")
    return get_image_model().objects.create(title=title, file=file, collection=private(), uploaded_by_user=user)


def document_of(user, title):
    from django.core.files.base import ContentFile

    file = ContentFile(b"texte", name=f"{title}.txt")
    return Document.objects.create(title=title, file=file, collection=private(), uploaded_by_user=user)


@pytest.mark.parametrize(
    ("made", "lists"),
    [
        (image_of, ["/admin/images/", "/admin/images/chooser/", "/admin/api/main/images/"]),
        (document_of, ["/admin/documents/", "/admin/documents/chooser/", "/admin/api/main/documents/"]),
    ],
)
def test_a_partner_sees_and_chooses_its_own_uploads_only(client, partenaire, made, lists):
    made(partenaire, "lepanneau")
    made(UserFactory(role="partenaire"), "zygomatique")
    client.force_login(partenaire)
    for address in lists:
        content = client.get(address).content.decode()
        assert "zygomatique" not in content, address
    for address in lists[:2]:
        assert "lepanneau" in client.get(address).content.decode(), address


def test_what_a_published_fiche_shows_is_public(client, tree, partenaire):
    shown, kept = image_of(partenaire, "montrée"), image_of(partenaire, "gardée")
    document = document_of(partenaire, "plan")
    fiche = FichePageFactory(parent=tree.fiches, live=False, photo=shown, photo_decorative=True)
    fiche.corps = [("document", {"document": document})]
    fiche.save_revision().publish()
    for item, collection in ((shown, "Sans collection"), (kept, "Partenaires (privé)"), (document, "Sans collection")):
        item.refresh_from_db()
        assert item.collection.name == collection
    assert client.get(document.url).status_code == 200


# --- On any host -----------------------------------------------------------------------------------------------------


def test_a_second_list_of_the_fiches_comes_with_its_rights_too(tree):
    index = FicheIndexPageFactory(parent=tree.home, slug="autres")
    assert sorted(index.group_permissions.values_list("group__name", "permission__codename")) == sorted(
        tree.fiches.group_permissions.values_list("group__name", "permission__codename")
    )


def test_rights_below_another_page_are_wagtails_own(tree):
    """Who may only add elsewhere still sees what others added there, as on any Wagtail site."""
    group = Group.objects.create(name="Ailleurs")
    group.permissions.add(Group.objects.get(name="Partenaires").permissions.get(codename="access_admin"))
    add = GroupPagePermission.objects.get(group__name="Partenaires", page=tree.fiches).permission
    GroupPagePermission.objects.create(group=group, page=tree.home, permission=add)
    page = ContentPageFactory(parent=tree.home)
    person = UserFactory(groups=[group])
    assert page.pk in policy_registry.get_by_type(Page).explorable_instances(person).values_list("pk", flat=True)


@pytest.mark.parametrize("role", ["redaction", "partenaire", "admin"])
def test_who_may_add_a_fiche_opens_the_form_of_a_new_one(client, tree, role):
    client.force_login(UserFactory(role=role))
    response = client.get(reverse("wagtailadmin_pages:add", args=("rallynov_fiches", "fichepage", tree.fiches.pk)))
    assert response.status_code == 200
    assert "criteres" in response.context["form"].fields
