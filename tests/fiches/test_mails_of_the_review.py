"""Whoever may take a decision is told by mail that it is awaited, also when somebody else could take it until then."""

import pytest
from django.core import mail
from django.urls import reverse

from fiches.mail.outbox import send_pending
from fiches.models import Courriel
from fiches.moderation.submitting import submit
from tests.factories import EtapePageFactory, UserFactory
from tests.fiches.screens import create_draft, create_submitted_fiche, reload_fiche, save_correction, state_of
from tests.formulaires import filled_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(tree):
    return UserFactory(role="redaction", first_name="Rose", last_name="Dupré")


@pytest.fixture
def moderator(tree):
    return UserFactory(role="moderation", first_name="Max", last_name="Modeste")


@pytest.fixture
def fiche_to_approve(tree, reader, moderator):
    """A fiche of somebody else's, that Rose read and that Max may approve. The mails about it are forgotten."""
    fiche = create_submitted_fiche(tree, UserFactory(role="partenaire"))
    state_of(fiche).approve(user=reader)
    Courriel.objects.all().delete()
    return reload_fiche(fiche)


@pytest.fixture
def post_form(client, django_capture_on_commit_callbacks):
    def post(user, fiche, **typed):
        client.force_login(user)
        address = reverse("wagtailadmin_pages:edit", args=[fiche.pk])
        with django_capture_on_commit_callbacks(execute=True):
            client.post(address, {**filled_form(client.get(address)), **typed})

    return post


def plain(text):
    return " ".join(text.replace("\u00a0", " ").split())


def test_who_can_approve_instead_is_told_once_when_a_moderator_corrects_a_comma(post_form, fiche_to_approve, moderator):
    ana = UserFactory(role="moderation", first_name="Ana", last_name="Petit")
    UserFactory(role="admin")
    post_form(moderator, fiche_to_approve, chapo="Une virgule, de plus.")
    post_form(moderator, fiche_to_approve, chapo="Une autre virgule, de plus.")
    [message] = mail.outbox
    assert message.to == [ana.email]
    assert plain(message.subject) == f"« {fiche_to_approve.title} » attend votre approbation"
    words = plain(message.body)
    assert f"Max Modeste a corrigé « {fiche_to_approve.title} » et ne peut plus l’approuver." in words
    assert reverse("fiches_innovation", args=[fiche_to_approve.pk]) in words


def test_without_another_moderator_whoever_administers_the_site_is_told(post_form, fiche_to_approve, moderator):
    chief = UserFactory(role="admin")
    post_form(moderator, fiche_to_approve, chapo="Une virgule, de plus.")
    assert [message.to for message in mail.outbox] == [[chief.email]]


def test_a_fiche_that_nobody_of_the_group_can_read_is_told_to_who_administers_the_site(
    tree, moderator, django_capture_on_commit_callbacks
):
    chief = UserFactory(role="admin")
    with django_capture_on_commit_callbacks(execute=True):
        create_submitted_fiche(tree, moderator)
    assert [message.to for message in mail.outbox] == [[chief.email]]


def test_a_reader_who_corrects_may_still_pass_it_on_and_nobody_is_told(tree, reader, moderator):
    UserFactory(role="redaction")
    fiche = create_submitted_fiche(tree, UserFactory(role="partenaire"))
    before = Courriel.objects.count()
    save_correction(fiche, reader)
    assert Courriel.objects.count() == before


def test_an_author_who_corrects_again_changes_nothing_and_nobody_is_told(tree, reader, moderator):
    UserFactory(role="moderation")
    fiche = create_draft(tree, moderator)
    submit(fiche, moderator)
    state_of(fiche).approve(user=reader)
    before = Courriel.objects.count()
    save_correction(reload_fiche(fiche), moderator)
    assert Courriel.objects.count() == before


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
