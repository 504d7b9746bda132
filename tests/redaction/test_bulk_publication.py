"""Publication and deletion of many pages at once, while other users work on them."""

import pytest
from wagtail.models import Page

from fiches.models import FichePage
from home.models import ContentPage
from tests.factories import ContentPageFactory, FichePageFactory
from tests.redaction.screens import admin as admin
from tests.redaction.screens import bulk, message_texts, run_before_bulk_action

pytestmark = pytest.mark.django_db
PAGE = "wagtailcore/page"


def test_pages_that_are_deleted_meanwhile_are_listed_and_the_others_are_published(client, tree, admin):
    first, second = (ContentPageFactory(parent=tree.home, title=title, live=False) for title in "AB")
    for page in (first, second):
        page.save_revision()
    with run_before_bulk_action(lambda: Page.objects.get(pk=first.pk).delete()):
        answer = client.post(bulk(PAGE, "publish", [first, second]), follow=True)
    assert message_texts(answer) == ["« A » n’est pas traitée. Cette page a été supprimée.", "1 page a été publiée"]
    assert [page.title for page in ContentPage.objects.filter(live=True)] == ["B"]


def test_the_latest_version_is_published_at_once_with_many(client, tree, admin):
    page = ContentPageFactory(parent=tree.home, title="A", live=False)
    page.save_revision()

    def write():
        page.title = "B"
        page.save_revision()

    with run_before_bulk_action(write):
        client.post(bulk(PAGE, "publish", [page]))
    page = ContentPage.objects.get(pk=page.pk)
    assert (page.live, page.title, page.has_unpublished_changes) == (True, "B", False)


def test_a_fiche_that_is_submitted_meanwhile_is_not_published_with_many(client, tree, admin):
    first, second = (FichePageFactory(parent=tree.fiches, title=title, live=False, complete=True) for title in "AB")
    with run_before_bulk_action(lambda: first.get_workflow().start(first, None)):
        answer = client.post(bulk(PAGE, "publish", [first, second]), follow=True)
    assert message_texts(answer)[0].startswith("« A » n’est pas traitée. ")
    assert list(FichePage.objects.filter(live=True)) == [second]
