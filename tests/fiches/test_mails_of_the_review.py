"""Whoever may take a decision is told by mail that it is awaited, also when somebody else could take it until then."""

import pytest
from django.core import mail

from fiches.mail.outbox import send_pending
from fiches.models import Courriel
from tests.factories import EtapePageFactory, UserFactory
from tests.fiches.screens import create_draft, create_submitted_fiche

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(tree):
    return UserFactory(role="redaction", first_name="Rose", last_name="Dupré")


@pytest.fixture
def moderator(tree):
    return UserFactory(role="moderation", first_name="Max", last_name="Modeste")


def test_a_fiche_that_nobody_of_the_group_can_read_is_told_to_who_administers_the_site(
    tree, moderator, django_capture_on_commit_callbacks
):
    chief = UserFactory(role="admin")
    with django_capture_on_commit_callbacks(execute=True):
        create_submitted_fiche(tree, moderator)
    assert [message.to for message in mail.outbox] == [[chief.email]]


@pytest.fixture
def mails_sent_after(tree, reader, moderator):
    """Returns the mails that leave about a page submitted to the review, once ``then(page)`` is done before they do."""

    def leave(page, then):
        UserFactory(role="admin")
        page.get_workflow().start(page, UserFactory(role="partenaire"))
        assert Courriel.objects.exists()
        then(type(page).objects.get(pk=page.pk))
        send_pending()
        return [message.subject for message in mail.outbox]

    return leave


GONE = {
    "deleted": lambda page: page.delete(),
    "out of the review": lambda page: page.current_workflow_state.cancel(user=UserFactory(role="admin")),
}


@pytest.mark.parametrize("then", GONE.values(), ids=GONE)
def test_nobody_is_asked_to_read_a_fiche_that_is_gone_before_the_mail_leaves(tree, mails_sent_after, then):
    assert mails_sent_after(create_draft(tree, UserFactory(role="partenaire")), then) == []


@pytest.mark.parametrize("gone", ["deleted", "out of the review"])
def test_nobody_is_asked_to_read_an_etape_that_is_gone_before_the_mail_leaves(tree, mails_sent_after, gone):
    etapes = [EtapePageFactory(parent=tree.etapes, live=False) for _each in range(2)]
    for etape in etapes:
        etape.save_revision()
    assert mails_sent_after(etapes[0], GONE[gone]) == []
    assert mails_sent_after(etapes[1], lambda page: None) != []
