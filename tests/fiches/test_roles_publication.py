"""A fiche goes online through its review alone, whoever asks and by whatever way."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from fiches.models import FichePage
from tests.factories import (
    ContentPageFactory,
    EtapePageFactory,
    FichePageFactory,
    UserFactory,
)
from tests.fiches.screens import edit_url
from tests.formulaires import filled_form

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["redaction", "moderation", "partenaire"])
def author(request, tree):
    return UserFactory(role=request.param)


@pytest.fixture
def draft(tree, author):
    return FichePageFactory(
        parent=tree.fiches, live=False, complete=True, owner=author, revision=author, title="Brouillon"
    )


def is_offline(page):
    page = FichePage.objects.get(pk=page.pk)
    return not page.live and page.live_revision is None and not page.approved_schedule


def test_the_form_of_a_fiche_publishes_nothing(client, draft, author):
    client.force_login(author)
    form = filled_form(client.get(edit_url(draft)))
    client.post(edit_url(draft), {**form, "action-publish": "action-publish"})
    assert is_offline(draft)
    soon = {"go_live_at": "2026-11-25 00:00", "action-publish": "action-publish"}
    client.post(edit_url(draft), {**form, **soon})
    call_command("publish_scheduled", verbosity=0)
    assert is_offline(draft)


def test_going_back_to_a_revision_publishes_nothing(client, draft, author):
    client.force_login(author)
    form = filled_form(client.get(edit_url(draft)))
    url = reverse("wagtailadmin_pages:revisions_revert", args=[draft.pk, draft.latest_revision_id])
    client.post(url, {**form, "action-publish": "action-publish"})
    assert is_offline(draft)


def test_a_new_fiche_is_a_draft_whatever_is_asked(client, tree, author):
    client.force_login(author)
    url = reverse("wagtailadmin_pages:add", args=["rallynov_fiches", "fichepage", tree.fiches.pk])
    response = client.get(url)
    if response.status_code == 200:
        form = {**filled_form(response), "title": "Directe", "slug": "directe", "organisation": "Nous"}
        client.post(url, {**form, "action-publish": "action-publish"})
    assert not FichePage.objects.filter(live=True).exists()


@pytest.mark.parametrize("what", ["fiche", "list"])
def test_publishing_many_at_once_leaves_fiches_alone(client, tree, draft, author, what):
    client.force_login(author)
    page = draft if what == "fiche" else tree.fiches
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    client.post(f"{url}?id={page.pk}", {"include_descendants": "on"})
    assert is_offline(draft)


def test_a_copy_of_a_published_fiche_is_a_draft(client, tree, author):
    fiche = FichePageFactory(parent=tree.fiches, owner=author)
    client.force_login(author)
    url = reverse("wagtailadmin_pages:copy", args=[fiche.pk])
    data = {"new_title": "Copie", "new_slug": "copie", "new_parent_page": tree.fiches.pk, "publish_copies": "on"}
    client.post(url, {**data, "alias": "on"})
    client.post(url, data)
    assert list(FichePage.objects.filter(live=True)) == [fiche]


def test_communication_publishes_everything_else(client, tree, redaction):
    client.force_login(redaction)
    for page in (
        ContentPageFactory(parent=tree.home, live=False),
        EtapePageFactory(parent=tree.etapes, live=False),
    ):
        page.save_revision()
        form = filled_form(client.get(edit_url(page)))
        assert client.post(edit_url(page), {**form, "action-publish": "action-publish"}).status_code == 302
        assert type(page).objects.get(pk=page.pk).live


@pytest.mark.parametrize(
    ("role", "live"), [("redaction", True), ("partenaire", True), ("moderation", False), ("admin", False)]
)
def test_moderators_take_a_fiche_offline(client, tree, role, live):
    person = UserFactory(role=role)
    fiche = FichePageFactory(parent=tree.fiches, owner=person)
    client.force_login(person)
    client.post(reverse("wagtailadmin_pages:unpublish", args=[fiche.pk]))
    assert FichePage.objects.get(pk=fiche.pk).live is live


@pytest.mark.parametrize(
    ("role", "deleted", "restricted"),
    [
        ("partenaire", {"their draft"}, set()),
        ("redaction", {"their draft", "a draft", "read by Rédaction"}, set()),
        ("moderation", {"their draft", "a draft"}, {"their draft", "a draft", "read by Rédaction", "online"}),
    ],
)
def test_who_may_delete_a_fiche_and_make_it_private(client, tree, role, deleted, restricted):
    person, partner = UserFactory(role=role), UserFactory(role="partenaire")
    submitter = person if role == "partenaire" else partner
    UserFactory(role="redaction")  # who reads it
    fiches = {
        "their draft": FichePageFactory(parent=tree.fiches, live=False, owner=person),
        "a draft": FichePageFactory(parent=tree.fiches, live=False, owner=partner),
        "read by Rédaction": FichePageFactory(parent=tree.fiches, live=False, owner=submitter, complete=True),
        "online": FichePageFactory(parent=tree.fiches, owner=person),
    }
    fiches["read by Rédaction"].get_workflow().start(fiches["read by Rédaction"], submitter)
    client.force_login(person)

    def opened(verb):
        return {
            name
            for name, fiche in fiches.items()
            if client.get(reverse(f"wagtailadmin_pages:{verb}", args=[fiche.pk])).status_code == 200
        }

    assert (opened("delete"), opened("set_privacy")) == (deleted, restricted)


def test_an_administrator_publishes_directly_only_what_is_not_under_review(client, tree):
    admin = UserFactory(role="admin")
    client.force_login(admin)
    fiche = FichePageFactory(parent=tree.fiches, live=False, complete=True)
    fiche.get_workflow().start(fiche, None)
    form = filled_form(client.get(edit_url(fiche)))
    client.post(edit_url(fiche), {**form, "action-publish": "action-publish"})
    assert is_offline(fiche)
    FichePage.objects.get(pk=fiche.pk).current_workflow_state.cancel(user=admin)
    client.post(edit_url(fiche), {**form, "action-publish": "action-publish"})
    assert FichePage.objects.get(pk=fiche.pk).live
