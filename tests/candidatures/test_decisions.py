"""The staff's actions on a dossier: confirmed before they run, and never leaving it without a next step."""

import datetime
from types import SimpleNamespace

import pytest
from django.core import mail
from django.utils import timezone
from wagtail.models import TaskState
from wagtail.signals import page_published

from fiches.candidatures.consentements import granted, record_consents
from fiches.candidatures.enums import Etat
from fiches.candidatures.models import Dossier
from fiches.models import FichePage
from fiches.moderation.decision import decide
from fiches.upkeep.erasure_log import replay
from fiches.upkeep.personal_data.erasure import erase_again
from tests.candidatures.conftest import CONTACTS, photo, text
from tests.candidatures.screens import browser_of, take_decision
from tests.factories import UserFactory
from tests.undo_delay import send_delayed_mails


def admin(dossier, verbe=""):
    return f"/admin/candidatures/dossiers/{dossier.pk}/{verbe}"


def test_a_consent_is_withdrawn_by_the_staff_after_they_read_what_it_does(sent, staff):
    assert "/retirer-consentement/?finalite=publication" in text(staff.get(admin(sent.dossier)))
    question = staff.get(admin(sent.dossier, "retirer-consentement/?finalite=publication"))
    told = "L’effet est immédiat. Aucun courriel ne part. Seule l’entreprise peut redonner son accord."
    assert told in text(question)
    assert "publication" in granted(sent.dossier)
    staff.post(admin(sent.dossier, "retirer-consentement/"), {"finalite": "publication"})
    assert "publication" not in granted(sent.dossier)
    assert staff.get(admin(sent.dossier, "retirer-consentement/?finalite=x")).status_code == 404


@pytest.mark.parametrize("verbe", ["relancer"])
def test_what_is_done_at_once_is_not_done_by_following_a_link(sent, staff, verbe):
    assert staff.get(admin(sent.dossier, f"{verbe}/")).status_code == 405
    sent.dossier.refresh_from_db()
    assert sent.dossier.etat == Etat.RECU


def approve(staff, fiche):
    """Approves each task of the workflow, as a user who did not write the fiche."""
    while state := FichePage.objects.get(pk=fiche.pk).current_workflow_task_state:
        with staff.capture(execute=True):
            decide(
                task_state=TaskState.objects.get(pk=state.pk),
                action="approve",
                by=staff.user,
                revision_read=FichePage.objects.get(pk=fiche.pk).latest_revision_id,
            )


BACK = "Remettre la fiche en relecture"


def test_an_approved_fiche_that_left_the_site_is_put_back_in_review_and_online(sent, staff):
    fiche = sent.dossier.fiche
    approve(staff, fiche)
    assert BACK not in text(staff.get(admin(sent.dossier)))
    with staff.capture(execute=True):
        FichePage.objects.get(pk=fiche.pk).unpublish(user=staff.user)
    sent.dossier.refresh_from_db()
    assert sent.dossier.etat == Etat.APPROUVE
    assert BACK in text(staff.get(admin(sent.dossier)))
    take_decision(staff, sent.dossier, "submit")
    sent.dossier.refresh_from_db()
    assert sent.dossier.etat == Etat.RECU
    assert BACK not in text(staff.get(admin(sent.dossier)))
    approve(browser_of(UserFactory(role="admin")), fiche)  # whoever submits it does not approve it
    sent.dossier.refresh_from_db()
    assert (sent.dossier.etat, FichePage.objects.get(pk=fiche.pk).live) == (Etat.PUBLIE, True)


def test_a_fiche_approved_for_a_later_date_waits_for_that_date(sent, staff):
    fiche = sent.dossier.fiche.get_latest_revision_as_object()
    fiche.go_live_at = timezone.now() + datetime.timedelta(days=3)
    fiche.save_revision()
    mail.outbox.clear()
    approve(staff, fiche)
    send_delayed_mails()
    sent.dossier.refresh_from_db()
    assert FichePage.objects.get(pk=fiche.pk).live is False
    assert [each for each in mail.outbox if each.to == ["jeanne@tilleuls.test"]] == []
    assert sent.dossier.etat == Etat.APPROUVE
    assert "Soumettre à la relecture" not in text(staff.get(admin(sent.dossier)))
    # Somebody cancels the schedule.
    fiche.revisions.update(approved_go_live_at=None)
    assert "Soumettre à la relecture" in text(staff.get(admin(sent.dossier)))


def withdraw(sent, staff, finalite):
    with staff.capture(execute=True):
        staff.post(admin(sent.dossier, "retirer-consentement/"), {"finalite": finalite})


@pytest.mark.parametrize("is_given_again", [True, False])
def test_a_restore_withdraws_again_what_is_still_withdrawn_only(sent, staff, is_given_again):
    saved, consents = timezone.now(), sent.dossier.consentements
    in_the_backup = list(consents.values_list("pk", flat=True))
    withdraw(sent, staff, "publication")
    if is_given_again:
        with staff.capture(execute=True):
            record_consents(dossier=sent.dossier, choices={"publication": True})
    consents.exclude(pk__in=in_the_backup).delete()
    replay(saved, erase_again)
    assert ("publication" in granted(Dossier.objects.get())) is is_given_again


@pytest.mark.parametrize("role", ["redaction", "moderation"])
def test_each_role_that_handles_dossiers_takes_a_fiche_offline_at_its_companys_request(sent, staff, role):
    approve(staff, sent.dossier.fiche)
    FichePage.objects.update(locked=True, locked_by=staff.user)  # a lock does not delay the withdrawal
    online = FichePage.objects.get()
    user = UserFactory(role=role)
    staff.client.force_login(user)
    assert "/retirer-consentement/?finalite=publication" in text(staff.get(admin(sent.dossier)))
    withdraw(sent, staff, "publication")
    assert FichePage.objects.get().live is False
    assert sent.visitor.get(online.url).status_code == 404
    assert sent.dossier.consentements.latest("pk").auteur == user


@pytest.mark.parametrize("finalite", ["contact_nom", "contact_telephone", "droits_photo"])
def test_a_host_hears_of_no_publication_when_a_consent_is_withdrawn(staff, pictured, finalite):
    sent, _address = pictured
    record_consents(dossier=sent.dossier, choices={"contact_nom": True, "contact_telephone": True})
    told = []

    def hear(sender, instance, **kwargs):
        told.append(instance.pk)

    page_published.connect(hear)
    withdraw(sent, staff, finalite)
    page_published.disconnect(hear)
    assert told == []


@pytest.fixture
def pictured(visitor, staff):
    """A published dossier with a photo, and the address of its fiche."""
    [link] = visitor.ask_for_link("jeanne@tilleuls.test")
    visitor.fill_in_all(link)
    visitor.fill(link, "images", {"photo": photo(), "photo_alt": "Une vache"})
    visitor.fill(link, "contacts", {**CONTACTS, "consentement_droits_photo": "on"})
    visitor.post(f"{link}envoyer/")
    sent = SimpleNamespace(dossier=Dossier.objects.get(), visitor=visitor)
    approve(staff, sent.dossier.fiche)
    return sent, FichePage.objects.get().url
