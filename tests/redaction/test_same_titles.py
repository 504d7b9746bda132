"""The draft of a page whose title another page has is saved, with a slug of its own."""

import pytest
from django.urls import reverse
from wagtail.models import Page

from tests.factories import CarnetPageFactory, ContentPageFactory, EtapePageFactory, FichePageFactory, UserFactory
from tests.formulaires import filled_form

pytestmark = pytest.mark.django_db
TITLE = {"title": "L’été à Mouthe", "slug": "lete-a-mouthe"}


@pytest.fixture
def editor(client, tree):
    client.force_login(UserFactory(role="redaction"))
    return client


@pytest.fixture(params=["fiche", "etape", "carnet", "page"])
def first(request, tree):
    factories = {
        "fiche": (FichePageFactory, tree.fiches),
        "etape": (EtapePageFactory, tree.etapes),
        "carnet": (CarnetPageFactory, tree.carnets),
        "page": (ContentPageFactory, tree.home),
    }
    factory, parent = factories[request.param]
    return factory(parent=parent, **TITLE)


def sent(client, address, **typed):
    """What Wagtail's automatic save sends: the form as the browser has it."""
    form = filled_form(client.get(address), "#page-edit-form") | {"date": "16/04/2030"} | TITLE | typed
    return client.post(address, form, headers={"Accept": "application/json"})


def test_a_draft_with_the_title_of_another_page_is_saved_and_keeps_the_slug_that_it_got(editor, first):
    parent, kind = first.get_parent(), type(first)
    address = reverse("wagtailadmin_pages:add", args=[kind._meta.app_label, kind._meta.model_name, parent.pk])
    answer = sent(editor, address)
    assert answer.json()["success"]
    draft = Page.objects.child_of(parent).get(slug="lete-a-mouthe-2")
    edit = reverse("wagtailadmin_pages:edit", args=[draft.pk])
    assert sent(editor, edit).json()["success"]  # the form is still open with the first slug
    assert sent(editor, edit, slug="lete-a-mouthe").json()["success"]
    assert draft.get_latest_revision_as_object().slug == "lete-a-mouthe-2"
    assert draft.get_latest_revision_as_object().title == first.title


def test_a_slug_that_was_typed_or_that_readers_know_is_never_replaced_in_silence(editor, tree):
    FichePageFactory(parent=tree.fiches, **TITLE)
    draft = FichePageFactory(parent=tree.fiches, live=False, complete=True, title="Un autre titre")
    edit = reverse("wagtailadmin_pages:edit", args=[draft.pk])
    form = filled_form(editor.get(edit), "#page-edit-form") | {"slug": "lete-a-mouthe"}
    answer = editor.post(edit, {**form, "action-submit": "1"})
    assert list(answer.context["form"].errors) == ["slug"]
    known = FichePageFactory(parent=tree.fiches, title="Une fiche en ligne", slug="en-ligne")
    edit = reverse("wagtailadmin_pages:edit", args=[known.pk])
    answer = editor.post(edit, filled_form(editor.get(edit), "#page-edit-form") | {"slug": "lete-a-mouthe"})
    assert list(answer.context["form"].errors) == ["slug"]
