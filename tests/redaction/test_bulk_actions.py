"""Bulk actions of the admin's lists: what their confirmation screens offer, what they change and what they say."""

import pytest
from wagtail.models import Page, WorkflowState

from fiches.moderation.submitting import submit_as_read
from tests.factories import EditionFactory, FichePageFactory, UserFactory
from tests.formulaires import filled_form
from tests.redaction.screens import FICHE, FORM, bulk, message_texts, run_before_bulk_action
from tests.redaction.screens import admin as admin

pytestmark = pytest.mark.django_db

SUBMITTED, IN_REVIEW = "1 page modifiée.", "Vous ne pouvez pas soumettre cette page, ou elle est déjà en relecture."


def latest(page):
    return type(page).objects.get(pk=page.pk).get_latest_revision_as_object()


def test_a_choice_left_as_it_is_shown_is_asked_again_and_nothing_is_taken_away(client, tree, admin):
    edition = EditionFactory(annee=2014)
    fiches = [FichePageFactory(parent=tree.fiches, live=False, edition=edition) for _each in range(2)]
    address = bulk(FICHE, "edition", fiches)
    answer = client.post(address, filled_form(client.get(address), FORM))
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["edition"])
    assert [latest(fiche).edition for fiche in fiches] == [edition, edition]


def test_a_fiche_that_another_user_submits_meanwhile_is_listed_and_the_others_are_submitted(client, tree, admin):
    fiches = [FichePageFactory(parent=tree.fiches, title=title, live=False, complete=True) for title in "AB"]
    other = UserFactory(role="redaction")
    with run_before_bulk_action(lambda: submit_as_read(page=fiches[0], by=other, revision_read=None)):
        answer = client.post(bulk(FICHE, "soumettre", fiches), follow=True)
    assert message_texts(answer) == [f"« A » n’est pas traitée. {IN_REVIEW}", SUBMITTED]
    states = [WorkflowState.objects.for_instance(fiche).get() for fiche in fiches]
    assert [state.requested_by for state in states] == [other, admin]


def test_the_second_of_two_users_who_submit_the_same_fiches_reads_which_were_submitted_already(client, tree, admin):
    fiches = [FichePageFactory(parent=tree.fiches, title=title, live=False, complete=True) for title in "AB"]
    address = bulk(FICHE, "soumettre", fiches)
    form = filled_form(client.get(address), FORM)
    submit_as_read(page=fiches[1], by=UserFactory(role="redaction"), revision_read=None)
    assert message_texts(client.post(address, form, follow=True)) == [
        f"« B » n’est pas traitée. {IN_REVIEW}",
        SUBMITTED,
    ]
    assert message_texts(client.post(address, form, follow=True)) == [
        f"« A » n’est pas traitée. {IN_REVIEW}« B » n’est pas traitée. {IN_REVIEW}"
    ]


def test_what_is_online_without_a_change_or_has_a_wrong_value_is_not_submitted(client, tree, admin):
    online = FichePageFactory(parent=tree.fiches, title="En ligne")
    wrong = FichePageFactory(parent=tree.fiches, title="Fausse", live=False, complete=True)
    wrong.siret = "123"
    wrong.save_revision(clean=False)
    answer = client.post(bulk(FICHE, "soumettre", [online, wrong]), follow=True)
    text = " ".join(message_texts(answer))
    assert "« En ligne » n’est pas traitée. Il n’y a rien à soumettre" in text
    assert "« Fausse » n’est pas traitée." in text
    assert WorkflowState.objects.count() == 0


def test_a_bulk_change_keeps_what_another_user_writes_meanwhile_and_lists_what_they_delete(client, tree, admin):
    edition = EditionFactory(annee=2014)
    changed, deleted = (FichePageFactory(parent=tree.fiches, title=title, live=False) for title in "AB")

    def act():
        draft = latest(changed)
        draft.chapo = "Réécrit."
        draft.save_revision()
        Page.objects.get(pk=deleted.pk).delete()

    with run_before_bulk_action(act):
        answer = client.post(bulk(FICHE, "edition", [changed, deleted]), {"edition": edition.pk}, follow=True)
    assert message_texts(answer) == ["« B » n’est pas traitée. Cette page a été supprimée.", "1 page modifiée."]
    assert (latest(changed).chapo, latest(changed).edition) == ("Réécrit.", edition)
