"""A dossier that was refused, withdrawn or merged is reopened, without a limit of time, by whoever may decide."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from fiches.candidatures.enums import Etat
from fiches.candidatures.models import Dossier
from fiches.candidatures.submission import ask_for_corrections, refuse_dossier, withdraw_dossier
from fiches.models import FichePage
from fiches.upkeep.erasure_log import replay
from tests.candidatures.screens import address, browser_of, take_decision
from tests.conftest import reload_record
from tests.undo_delay import clock_ahead, send_delayed_mails

COMPANY = "jeanne@tilleuls.test"
LATER = timedelta(days=40)


def state(dossier):
    """The state of the dossier, whether its fiche is under review, and whether it is online."""
    dossier = Dossier.objects.get(pk=dossier.pk)
    return dossier.etat, dossier.fiche.workflow_in_progress, dossier.fiche.live


def reopen(who, dossier):
    """Presses the button of the dossier's screen, then confirms."""
    link = f"{address(dossier)}rouvrir/"
    assert f'href="{link}"' in who.get(address(dossier)).content.decode()
    assert who.get(link).status_code == 200
    return who.post(link, follow=True)


def to_company():
    return [letter.subject.replace("\xa0", " ") for letter in mail.outbox if letter.to == [COMPANY]]


@pytest.fixture
def received(module_reviewers, sent, visitor):
    """A dossier that awaits its first reading. The reviewers come first: a reading that nobody can do is skipped."""
    visitor.link = sent.link
    return sent.dossier


@pytest.fixture
def reader(module_reviewers, db):
    return browser_of(reload_record(module_reviewers["redaction"]))


@pytest.fixture
def moderator(module_reviewers, db):
    return browser_of(reload_record(module_reviewers["moderation"]))


def test_a_refusal_is_taken_back_long_after_its_mail(received, reader, moderator, visitor):
    refuse_dossier(dossier=received, reason="Hors du sujet.", by=moderator.user)
    send_delayed_mails()
    assert state(received) == (Etat.REFUSE, False, False)
    with clock_ahead(LATER):
        moderator.client.force_login(moderator.user)
        reopen(moderator, received)
    assert state(received) == (Etat.RECU, True, False)
    assert "Le dossier est rouvert" in visitor.get(visitor.link).content.decode()
    take_decision(reader, received)
    take_decision(moderator, received)
    assert state(received) == (Etat.PUBLIE, False, True)


def test_the_mail_of_a_refusal_that_waits_never_leaves(received, moderator):
    send_delayed_mails()
    mail.outbox.clear()
    refuse_dossier(dossier=received, reason="Hors du sujet.", by=moderator.user)
    reopen(moderator, received)
    send_delayed_mails()
    assert to_company() == []


def test_a_dossier_that_its_company_withdrew_is_reopened_and_may_be_withdrawn_again(
    received,
    moderator,
    django_capture_on_commit_callbacks,
):
    send_delayed_mails()
    begun = timezone.now()
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_dossier(dossier=received)
    assert "L’entreprise a retiré ce dossier" in moderator.get(f"{address(received)}rouvrir/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        reopen(moderator, received)
    assert state(received) == (Etat.RECU, True, False)
    # A backup that is restored doesn't withdraw it again.
    replay(begun, lambda *person, **kinds: None)
    assert state(received)[0] == Etat.RECU
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_dossier(dossier=received)
    assert len(to_company()) == 1


def test_a_company_that_withdrew_is_told_that_its_dossier_is_open_again(received, moderator):
    send_delayed_mails()
    withdraw_dossier(dossier=received)
    send_delayed_mails()
    mail.outbox.clear()
    reopen(moderator, received)
    assert to_company() == []
    send_delayed_mails()
    assert to_company() == [f"Dossier {received.numero} : de nouveau en relecture"]


def test_it_is_not_reopened_twice_nor_by_who_only_reads(received, moderator):
    assert "rouvrir/" not in moderator.get(address(received)).content.decode()
    answer = moderator.post(f"{address(received)}rouvrir/", follow=True)
    assert "Cette action est déjà faite" in answer.content.decode()
    assert received.evenements.filter(etat=Etat.EN_RELECTURE).count() == 0


def test_corrections_that_were_asked_for_too_early_are_taken_back(received, moderator):
    ask_for_corrections(dossier=received, reasons=[("resultats", "Un chiffre.")], by=moderator.user)
    send_delayed_mails()
    mail.outbox.clear()
    link = f"/admin/redaction/innovations/{received.fiche_id}/reprendre/"
    assert link in moderator.get(address(received)).content.decode()
    moderator.post(link)
    assert state(received) == (Etat.RECU, True, False)
    assert Dossier.objects.get().a_corriger == []
    send_delayed_mails()
    assert to_company() == [f"Dossier {received.numero} : de nouveau en relecture"]


def test_corrections_that_are_taken_back_before_their_mail_left_are_told_by_none(received, moderator):
    send_delayed_mails()
    mail.outbox.clear()
    ask_for_corrections(dossier=received, reasons=[("resultats", "Un chiffre.")], by=moderator.user)
    moderator.post(f"/admin/redaction/innovations/{received.fiche_id}/reprendre/")
    send_delayed_mails()
    assert to_company() == []


def test_corrections_that_the_company_began_are_not_taken_back(received, moderator, visitor):
    ask_for_corrections(dossier=received, reasons=[("resultats", "Un chiffre.")], by=moderator.user)
    visitor.fill(visitor.link, "innovation", {"resultats": "12 tonnes de lait."})
    answer = moderator.post(f"/admin/redaction/innovations/{received.fiche_id}/reprendre/", follow=True)
    assert "a commencé à corriger" in answer.content.decode()
    assert state(received) == (Etat.CORRECTIONS_DEMANDEES, False, False)


def test_a_fiche_back_online_tells_its_company_once(received, reader, moderator):
    take_decision(reader, received)
    take_decision(moderator, received)
    send_delayed_mails()
    FichePage.objects.get(pk=received.fiche_id).unpublish(user=moderator.user)
    mail.outbox.clear()
    link = f"/admin/redaction/innovations/{received.fiche_id}/en-ligne/"
    assert link in moderator.get(address(received)).content.decode()
    moderator.post(link)
    moderator.post(link)
    send_delayed_mails()
    assert state(received) == (Etat.PUBLIE, False, True)
    assert len(to_company()) == 1
