"""What the staff do to a dossier: said before it is done, and never left with nobody to go on."""

import datetime

import pytest
from django.core import mail
from django.utils import timezone
from wagtail.models import TaskState

from fiches.candidatures.consentements import granted
from fiches.candidatures.enums import Etat
from fiches.models import FichePage
from fiches.moderation import decide
from tests.candidatures.conftest import text


def admin(dossier, verbe=""):
    return f"/admin/candidatures/dossiers/{dossier.pk}/{verbe}"


def test_a_consent_is_withdrawn_by_the_staff_after_they_read_what_it_does(sent, staff):
    assert "/retirer-consentement/?finalite=publication" in text(staff.get(admin(sent.dossier)))
    question = staff.get(admin(sent.dossier, "retirer-consentement/?finalite=publication"))
    for told in (
        "Si la fiche est en ligne, elle quitte le site aussitôt.",
        "Aucun courriel ne part.",
        "Vous ne pouvez pas revenir en arrière",
    ):
        assert told in text(question)
    assert "publication" in granted(sent.dossier)
    staff.post(admin(sent.dossier, "retirer-consentement/"), {"finalite": "publication"})
    assert "publication" not in granted(sent.dossier)
    assert staff.get(admin(sent.dossier, "retirer-consentement/?finalite=x")).status_code == 404


@pytest.mark.parametrize("verbe", ["corriger", "relancer", "remettre"])
def test_what_is_done_at_once_is_not_done_by_following_a_link(sent, staff, verbe):
    assert staff.get(admin(sent.dossier, f"{verbe}/")).status_code == 405
    sent.dossier.refresh_from_db()
    assert sent.dossier.etat == Etat.RECU


def approve(staff, fiche):
    """Each step of the review, by somebody who didn't write the fiche."""
    while state := FichePage.objects.get(pk=fiche.pk).current_workflow_task_state:
        with staff.capture(execute=True):
            decide(
                task_state=TaskState.objects.get(pk=state.pk),
                action="approve",
                by=staff.user,
                revision_read=FichePage.objects.get(pk=fiche.pk).latest_revision_id,
            )


BACK = "La remettre en relecture"


def test_an_approved_fiche_that_left_the_site_is_put_back_in_review_and_online(sent, staff):
    fiche = sent.dossier.fiche
    approve(staff, fiche)
    assert BACK not in text(staff.get(admin(sent.dossier)))
    with staff.capture(execute=True):
        FichePage.objects.get(pk=fiche.pk).unpublish(user=staff.user)
    sent.dossier.refresh_from_db()
    assert sent.dossier.etat == Etat.APPROUVE
    screen = text(staff.get(admin(sent.dossier)))
    assert "Approuvée, et pas en ligne : personne n’est appelé à décider de cette fiche." in screen
    assert BACK in screen
    staff.post(admin(sent.dossier, "remettre/"))
    staff.post(admin(sent.dossier, "remettre/"))  # twice is once
    assert BACK not in text(staff.get(admin(sent.dossier)))
    approve(staff, fiche)
    sent.dossier.refresh_from_db()
    assert (sent.dossier.etat, FichePage.objects.get(pk=fiche.pk).live) == (Etat.PUBLIE, True)


def test_a_fiche_approved_for_a_later_date_waits_for_that_date(sent, staff):
    fiche = sent.dossier.fiche.get_latest_revision_as_object()
    fiche.go_live_at = timezone.now() + datetime.timedelta(days=3)
    fiche.save_revision(clean=False)
    mail.outbox.clear()
    approve(staff, fiche)
    sent.dossier.refresh_from_db()
    assert FichePage.objects.get(pk=fiche.pk).live is False
    [letter] = [each for each in mail.outbox if each.to == ["jeanne@tilleuls.test"]]
    assert letter.subject == f"Dossier {sent.dossier.numero} : approuvé"
    assert sent.dossier.etat == Etat.APPROUVE
    assert BACK not in text(staff.get(admin(sent.dossier)))
    # Somebody takes the date back.
    fiche.revisions.update(approved_go_live_at=None)
    assert BACK in text(staff.get(admin(sent.dossier)))
