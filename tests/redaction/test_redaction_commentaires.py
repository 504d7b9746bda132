"""Comments: left beside a field, told to the author, answered, kept with the fiche until a person asks to be forgotten."""

import pytest
from django.urls import reverse
from wagtail.models import Comment

from fiches.models import FichePage
from tests.factories import EtapePageFactory, FichePageFactory, UserFactory
from tests.formulaires import filled_form

pytestmark = pytest.mark.django_db

SAID = {
    "comments-TOTAL_FORMS": "1",
    "comments-INITIAL_FORMS": "0",
    "comments-0-id": "",
    "comments-0-position": "",
    "comments-0-text": "Est-ce le nom exact ?",
    "comments-0-contentpath": "organisation",
    "comments-0-replies-TOTAL_FORMS": "0",
    "comments-0-replies-INITIAL_FORMS": "0",
}
"""What Wagtail's script adds to the form."""


@pytest.fixture(params=[("partenaire", "redaction"), ("redaction", "moderation")])
def people(request, tree):
    return [UserFactory(role=role) for role in request.param]


@pytest.fixture
def author(people):
    return people[0]


@pytest.fixture
def reader(people):
    return people[1]


@pytest.fixture
def fiche(tree, author, reader):
    fiche = FichePageFactory(parent=tree.fiches, live=False, complete=True, owner=author, revision=author)
    fiche.get_workflow().start(fiche, author)
    return FichePage.objects.get(pk=fiche.pk)


def comment(client, page, by):
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    client.force_login(by)
    client.post(address, {**filled_form(client.get(address)), **SAID})


def test_who_reads_a_fiche_comments_on_a_field_and_its_author_finds_it(client, fiche, author, reader):
    comment(client, fiche, reader)
    said = Comment.objects.get()
    assert (said.page_id, said.contentpath, said.text) == (fiche.pk, "organisation", "Est-ce le nom exact ?")
    client.force_login(author)
    assert "Est-ce le nom exact ?" in client.get(reverse("wagtailadmin_pages:edit", args=[fiche.pk])).content.decode()


@pytest.mark.parametrize("live", [True, False])
def test_a_comment_is_kept_and_makes_nobody_an_author(client, tree, live):
    page = EtapePageFactory(parent=tree.etapes, live=live)
    page.save_revision()
    comment(client, page, UserFactory(role="redaction"))
    assert Comment.objects.get().text == "Est-ce le nom exact ?"
    assert list(page.revisions.values_list("user", flat=True)) == [None]


def test_an_etape_is_commented_on_too(client, tree):
    etape = EtapePageFactory(parent=tree.etapes)
    address = reverse("wagtailadmin_pages:edit", args=[etape.pk])
    client.force_login(UserFactory(role="redaction"))
    assert 'id="comments-data"' in client.get(address).content.decode()
