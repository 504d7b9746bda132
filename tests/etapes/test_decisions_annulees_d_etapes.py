"""A decision of the review of an étape is undone within ten minutes: the étape waits for it again, and no mail has left."""

import pytest
from django.core import mail

from etapes.inscriptions.registration_transitions import register
from etapes.models import EtapePage
from fiches.mail.outbox import send_pending
from tests.etapes.conftest import in_days, subjects, text
from tests.factories import EtapePageFactory, UserFactory
from tests.formulaires import filled_form
from tests.undo_delay import send_delayed_mails

APPROVE = {"action-workflow-action": "true", "workflow-action-name": "approve"}
SEND_BACK = {"action-workflow-action": "true", "workflow-action-name": "reject"}
UNDO = "form:has(input[name=action][value=undo])"
QUEUE = "/admin/"


def press(who, etape, **buttons):
    """The page that follows a button of the étape's form, as it is opened."""
    address = f"/admin/pages/{etape.pk}/edit/"
    return who.post(address, {**filled_form(who.get(address)), **buttons}, follow=True)


@pytest.fixture
def reader(browser, etape):
    return browser(UserFactory(role="redaction"))


@pytest.fixture
def moderator(browser, etape):
    return browser(UserFactory(role="moderation", first_name="Rose", last_name="Petit"))


@pytest.fixture
def corrected(etape, organiser, reader, awaiting_approval):
    """The étape, whose organiser submitted another chapô, which a reader passed on: it waits for its approval."""
    organiser.email = "claire@partenaire.test"
    organiser.save()
    etape.chapo = "Un nouveau texte."
    etape.save_revision()
    etape = awaiting_approval(etape)
    send_delayed_mails()
    mail.outbox.clear()
    return etape


def waits_for(etape):
    """The name of the step for which an étape waits, and the key of its state; None for none."""
    state = EtapePage.objects.get(pk=etape.pk).current_workflow_task_state
    return state and (state.task.name, state.pk, state.status, state.finished_at)


def undo_decision(who, etape):
    """What follows the undoing of the last decision."""
    page = f"/admin/etapes/{etape.pk}/retablir/"
    return text(who.post(page, filled_form(who.get(page), UNDO), follow=True))


def test_an_approval_that_is_undone_is_in_the_queue_again_and_nobody_is_told(corrected, moderator, visitor):
    before, queued = waits_for(corrected), text(moderator.get(QUEUE))
    assert before[0] == "Approbation" and "Étape à Dole" in queued
    page_text = text(press(moderator, corrected, **APPROVE))
    assert "« Étape à Dole », dernière décision : approbation. Vous pouvez l’annuler jusqu’à" in page_text
    assert f"/admin/etapes/{corrected.pk}/retablir/" in page_text
    assert "Un nouveau texte." in text(visitor.get(corrected.url)) and waits_for(corrected) is None
    for screen in ("/admin/etapes/", f"/admin/pages/{corrected.pk}/edit/"):
        assert f"/admin/etapes/{corrected.pk}/retablir/" in text(moderator.get(screen, follow=True)), screen
    assert "étape changée, relue ou retirée du site" in text(moderator.get(QUEUE))
    question = text(moderator.get(f"/admin/etapes/{corrected.pk}/retablir/"))
    assert "</strong> – Rose Petit" in question
    assert "la version qui était en ligne revient. Celle-ci retourne à son approbation." in question
    assert "1 courriel attend" in question
    assert "La décision est annulée : « Étape à Dole » l’attend de nouveau." in undo_decision(moderator, corrected)
    assert waits_for(corrected) == before and "Étape à Dole" in text(moderator.get(QUEUE))
    assert "encore annuler" not in text(moderator.get(QUEUE))
    assert "Un nouveau texte." not in text(visitor.get(corrected.url))
    send_delayed_mails()
    assert mail.outbox == []


def test_an_approval_that_replaces_a_page_without_a_version_is_not_undone(corrected, moderator):
    EtapePage.objects.update(live_revision=None)
    said = text(press(moderator, corrected, **APPROVE))
    assert waits_for(corrected) is None and "l’annuler" not in said


def test_an_approval_that_is_undone_is_approved_again(corrected, moderator, visitor):
    press(moderator, corrected, **APPROVE)
    undo_decision(moderator, corrected)
    press(moderator, corrected, **APPROVE)
    assert "Un nouveau texte." in text(visitor.get(corrected.url))
    send_delayed_mails()
    assert [to for to, _subject in subjects()] == ["claire@partenaire.test"]


def test_corrections_asked_for_and_a_reading_are_undone_too(corrected, moderator, reader):
    before = waits_for(corrected)
    press(moderator, corrected, **SEND_BACK)
    assert waits_for(corrected) is None
    undo_decision(moderator, corrected)
    assert waits_for(corrected) == before
    send_delayed_mails()
    assert mail.outbox == []


def approved_with_people(moderator, etape):
    """Approves a change of the étape's date, on the screen that lists the recipients of its mails."""
    address = press(moderator, etape, **APPROVE).redirect_chain[-1][0]
    revision = EtapePage.objects.get(pk=etape.pk).latest_revision_id
    moderator.post(address, {"revision": revision, "motif": ""}, follow=True)
    assert EtapePage.objects.get(pk=etape.pk).date == in_days(45)


@pytest.fixture
def moved(corrected, register_people, reader):
    """As `corrected`, with another day; two people count on the first."""
    register_people("anne", "bruno")
    draft = corrected.get_latest_revision_as_object()
    draft.date = in_days(45)
    draft.save_revision()
    mail.outbox.clear()
    return corrected


def test_people_who_count_on_the_day_hear_nothing_and_who_came_since_is_told(moved, moderator):
    before = waits_for(moved)
    approved_with_people(moderator, moved)
    register(etape=EtapePage.objects.get(pk=moved.pk), nom="Carole", courriel="carole@x.test")
    send_pending()
    mail.outbox.clear()
    page_text = undo_decision(moderator, moved)
    assert "Un courriel donnera le jour et le lieu actuels à 1 personne." in page_text
    assert waits_for(moved) == before and EtapePage.objects.get(pk=moved.pk).date == in_days(30)
    send_delayed_mails()
    assert [to for to, _subject in subjects()] == ["carole@x.test"]


def test_a_first_approval_is_not_undone_once_people_are_registered(browser, tree, organiser, reader, moderator):
    etape = EtapePageFactory(
        parent=tree.etapes, title="Étape à Lure", live=False, date=in_days(30), inscriptions="ouvertes", owner=organiser
    )
    etape.save_revision()
    admin = browser(UserFactory(role="admin"))
    press(admin, etape, **{"action-submit": "1"})
    while step := EtapePage.objects.get(pk=etape.pk).current_workflow_task_state:
        press(moderator if step.task.name == "Approbation" else reader, etape, **APPROVE)
    etape = EtapePage.objects.get(pk=etape.pk)
    assert etape.live
    register(etape=etape, nom="Anne", courriel="anne@x.test")
    assert "1 personne est inscrite à « Étape à Lure »" in undo_decision(moderator, etape)
    assert EtapePage.objects.get(pk=etape.pk).live
    etape.inscrits.all().delete()
    undo_decision(moderator, etape)
    assert not EtapePage.objects.get(pk=etape.pk).live and waits_for(etape)[0] == "Approbation"


def test_a_stranger_undoes_nothing(corrected, moderator, browser):
    press(moderator, corrected, **APPROVE)
    page = f"/admin/etapes/{corrected.pk}/retablir/"
    form = filled_form(moderator.get(page), UNDO)
    stranger = browser(UserFactory(role="partenaire"))
    assert "Rose Petit" not in text(stranger.get(page, follow=True))
    stranger.post(page, form)
    assert waits_for(corrected) is None
