"""A decision on a fiche is taken back without a limit of time: back into its review, back online as it was."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import TaskState, WorkflowTask

from fiches.models import Courriel, FichePage, RelectureTask
from fiches.moderation.decision import AlreadyDecided, DecisionRefused, decide
from fiches.moderation.inverse_acts import put_back_online, resume_review, review_to_resume
from fiches.moderation.reviewers import may_pass
from tests.factories import FichePageFactory, UserFactory
from tests.fiches.screens import states
from tests.formulaires import filled_form
from tests.redaction.screens import address, open_screen, section, send_action
from tests.undo_delay import clock_ahead, send_delayed_mails, ten_minutes_later

pytestmark = pytest.mark.django_db
LATER = timedelta(days=40)


@pytest.fixture
def partenaire(tree):
    return UserFactory(role="partenaire")


@pytest.fixture
def redaction(tree):
    return UserFactory(role="redaction")


@pytest.fixture
def moderation(tree):
    return UserFactory(role="moderation")


@pytest.fixture
def fiche(tree, partenaire, redaction, moderation):
    """A fiche of a partner's, which awaits its reading."""
    fiche = FichePageFactory(parent=tree.fiches, live=False, complete=True, owner=partenaire, revision=partenaire)
    fiche.get_workflow().start(fiche, partenaire)
    return reread(fiche)


@pytest.fixture
def to_approve(fiche, redaction):
    take(fiche, "approve", redaction)
    return reread(fiche)


@pytest.fixture
def online(to_approve, moderation):
    take(to_approve, "approve", moderation)
    return reread(to_approve)


def reread(fiche):
    return FichePage.objects.get(pk=fiche.pk)


def take(fiche, action, by, **more):
    fiche = reread(fiche)
    state = fiche.current_workflow_task_state
    return decide(task_state=state, action=action, by=by, revision_read=fiche.latest_revision_id, comment="Non", **more)


def take_back(client, fiche, act):
    """Presses the button on the screen of the fiche."""
    link = f"{address(fiche)}{act}/"
    assert link in client.get(address(fiche)).content.decode()
    return client.post(link, follow=True)


def unpublish(client, fiche):
    return client.post(reverse("wagtailadmin_pages:unpublish", args=[fiche.pk]))


def test_corrections_that_were_asked_for_long_ago_are_no_longer(client, to_approve, redaction, moderation):
    take(to_approve, "reject", moderation)
    send_delayed_mails()
    with clock_ahead(LATER):
        client.force_login(moderation)
        take_back(client, to_approve, "reprendre")
    assert states(to_approve) == (False, "in_progress", ["approved", "rejected", "in_progress"])
    # Whoever took it back may approve; who read it may not.
    task = reread(to_approve).current_workflow_task
    assert [may_pass(task=task, page=reread(to_approve), user=user) for user in (moderation, redaction)] == [
        True,
        False,
    ]
    send_action(client, to_approve, "approve")
    assert reread(to_approve).live


def test_a_mail_of_the_decision_that_waits_never_leaves(client, to_approve, partenaire, moderation):
    send_delayed_mails()
    mail.outbox.clear()
    client.force_login(moderation)
    send_action(client, to_approve, "reject", comment="Une date.")
    letter = Courriel.objects.filter(destinataires=[partenaire.email]).unsent().get()
    assert letter.prochain_essai > timezone.now() + timedelta(minutes=9)
    take_back(client, to_approve, "reprendre")
    send_delayed_mails()
    assert partenaire.email not in {person for letter in mail.outbox for person in letter.to}


def test_a_fiche_passed_on_too_early_goes_back_to_its_reading(client, to_approve, redaction):
    client.force_login(redaction)
    take_back(client, to_approve, "reprendre")
    assert states(to_approve) == (False, "in_progress", ["approved", "cancelled", "in_progress"])
    send_action(client, to_approve, "approve")
    assert reread(to_approve).current_workflow_task.specific_deferred.corrects is False


def test_a_step_in_between_that_is_skipped_hides_nothing(client, tree, fiche, redaction):
    """A second reading, whose only reader is the author."""
    between = RelectureTask.objects.create(name="Seconde lecture")
    between.groups.add(Group.objects.create(name="Lecture"))
    WorkflowTask.objects.filter(task__name="Approbation").update(sort_order=2)
    WorkflowTask.objects.create(workflow=fiche.get_workflow(), task=between, sort_order=1)
    take(fiche, "approve", redaction)
    assert reread(fiche).current_workflow_task.name == "Approbation"
    assert TaskState.objects.for_instance(fiche).filter(task=between, status="skipped").exists()
    client.force_login(redaction)
    take_back(client, fiche, "reprendre")
    assert reread(fiche).current_workflow_task.name == "Relecture"


def test_a_first_step_is_not_offered_again_once_its_approver_asked_for_corrections(
    to_approve, partenaire, redaction, moderation
):
    take(to_approve, "reject", moderation)
    reread(to_approve).current_workflow_state.resume(partenaire)
    assert review_to_resume(reread(to_approve)) is None


def test_a_fiche_approved_for_a_date_goes_back_to_its_approval(client, to_approve, moderation):
    take(to_approve, "approve", moderation, go_live_at=timezone.now() + LATER)
    assert reread(to_approve).approved_schedule
    client.force_login(moderation)
    take_back(client, to_approve, "reprendre")
    fiche = reread(to_approve)
    assert (fiche.approved_schedule, fiche.go_live_at, fiche.get_latest_revision_as_object().go_live_at) == (
        False,
        None,
        None,
    )
    assert states(fiche) == (False, "in_progress", ["approved", "approved", "in_progress"])


def test_nothing_is_taken_back_twice_nor_by_somebody_who_may_not_decide(
    client, fiche, to_approve, partenaire, moderation
):
    take(to_approve, "reject", moderation)
    client.force_login(partenaire)
    link = f"{address(fiche)}reprendre/"
    assert link not in client.get(address(fiche)).content.decode()
    client.post(link)
    assert states(fiche)[1] == "needs_changes"
    resume_review(fiche=fiche, by=moderation)
    with pytest.raises(AlreadyDecided):
        resume_review(fiche=FichePageFactory(parent=fiche.get_parent(), live=False), by=moderation)
    client.force_login(moderation)
    before = TaskState.objects.count()
    client.post(f"{address(fiche)}inconnu/")
    assert TaskState.objects.count() == before


def test_what_left_the_site_is_back_online_by_the_moderator_alone_as_it_was(client, online, moderation):
    revision = online.live_revision_id
    client.force_login(moderation)
    unpublish(client, online)
    assert not reread(online).live
    with clock_ahead(LATER):
        client.force_login(moderation)
        take_back(client, online, "en-ligne")
    fiche = reread(online)
    assert (fiche.live, fiche.live_revision_id, fiche.has_unpublished_changes) == (True, revision, False)
    assert fiche.first_published_at == online.first_published_at
    with pytest.raises(AlreadyDecided):
        put_back_online(fiche=fiche, by=moderation)


def test_what_its_company_withdrew_is_not_put_back_online_by_one_person(client, online, moderation):
    client.force_login(moderation)
    unpublish(client, online)
    put_back_online(fiche=online, by=moderation)
    withdrawal = UnpublishPageAction(reread(online), user=moderation, log_action="wagtail.unpublish")
    withdrawal.execute(skip_permission_checks=True)
    with pytest.raises(DecisionRefused):
        put_back_online(fiche=online, by=moderation)
    assert not reread(online).live


def test_a_word_that_changed_since_needs_its_review(client, online, redaction, moderation):
    client.force_login(moderation)
    unpublish(client, online)
    fiche = reread(online)
    fiche.organisation = "Une autre"
    fiche.save_revision(user=redaction)
    assert f"{address(online)}en-ligne/" not in client.get(address(online)).content.decode()
    answer = client.post(f"{address(online)}en-ligne/", follow=True)
    assert "seule sa relecture la remet en ligne" in answer.content.decode()
    assert not reread(online).live


def test_a_change_that_waited_when_it_left_the_site_stays_a_draft(client, online, redaction, moderation):
    online.organisation = "Un brouillon"
    draft = online.save_revision(user=redaction)
    client.force_login(moderation)
    unpublish(client, online)
    take_back(client, online, "en-ligne")
    fiche = reread(online)
    assert fiche.live and fiche.organisation != "Un brouillon"
    assert (fiche.latest_revision_id, fiche.has_unpublished_changes) == (draft.pk, True)


def test_who_may_not_take_it_off_may_not_put_it_back(client, online, redaction, moderation):
    client.force_login(moderation)
    unpublish(client, online)
    screen = open_screen(client, redaction, online)
    assert "en-ligne/" not in screen.content.decode() and section(screen, "decider")
    client.post(f"{address(online)}en-ligne/")
    assert not reread(online).live


def in_three_days():
    return (timezone.localtime() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")


def test_the_next_reviewers_are_told_ten_minutes_after_unless_they_decided_first(
    client,
    fiche,
    redaction,
    moderation,
):
    send_delayed_mails()
    mail.outbox.clear()
    client.force_login(redaction)
    send_action(client, fiche, "approve")
    client.force_login(moderation)
    send_action(client, fiche, "approve")
    send_delayed_mails()
    assert [letter.to for letter in mail.outbox if letter.to == [moderation.email]] == []


def test_the_mail_of_a_decision_leads_to_the_screen_of_the_fiche(client, fiche, redaction, moderation):
    client.force_login(redaction)
    send_action(client, fiche, "approve")
    send_delayed_mails()
    [letter] = [each for each in mail.outbox if each.to == [moderation.email]]
    assert letter.subject.replace("\xa0", " ") == f"À approuver : « {fiche.title} »"
    assert address(fiche) in letter.body
    assert "/edit/" not in letter.body


def test_a_date_that_was_cancelled_is_not_proposed_again(client, to_approve, moderation, redaction):
    client.force_login(moderation)
    send_action(client, to_approve, "approve", publier_le=in_three_days())
    page = FichePage.objects.get(pk=to_approve.pk)
    cancel = reverse("wagtailadmin_pages:revisions_unschedule", args=[page.pk, page.scheduled_revision.pk])
    asked = client.get(f"{cancel}?next={address(page)}")
    answer = client.post(
        BeautifulSoup(asked.content, "html.parser").select_one("main form")["action"], filled_form(asked, "main form")
    )
    assert answer.url == address(page)
    reader = UserFactory(role="redaction")
    client.force_login(redaction)
    send_action(client, page, "submit")
    with ten_minutes_later():
        for person in (reader, moderation):
            client.force_login(person)
            screen = client.get(address(page))
            if person is moderation:
                form = filled_form(screen, "form:has(input[name=action][value=approve])")
                assert form["publier_le"] == ""
            send_action(client, page, "approve")
    assert FichePage.objects.get(pk=page.pk).live
