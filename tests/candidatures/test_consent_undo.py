"""The withdrawal of a fiche from the site by the staff is undone within ten minutes: it is back online as it was."""

from types import SimpleNamespace

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from etapes.models import PresentationDeFiche
from fiches.candidatures import submission
from fiches.candidatures.dossier_erasure import erase_dossier
from fiches.candidatures.enums import Etat
from fiches.candidatures.models import Dossier
from fiches.formats import hour, moment
from fiches.models import Courriel, DecisionAnnulable, FichePage, Publication
from fiches.models.enums import Envoi
from tests.candidatures.conftest import text
from tests.candidatures.test_decisions_annulees import COMPANY as COMPANY
from tests.candidatures.test_decisions_annulees import UNDO as UNDO
from tests.candidatures.test_decisions_annulees import moderator as moderator
from tests.candidatures.test_decisions_annulees import module_dossier as module_dossier
from tests.candidatures.test_decisions_annulees import module_to_approve as module_to_approve
from tests.candidatures.test_decisions_annulees import reader as reader
from tests.candidatures.test_decisions_annulees import received as received
from tests.candidatures.test_decisions_annulees import request_corrections as request_corrections
from tests.candidatures.test_decisions_annulees import to_approve as to_approve
from tests.candidatures.test_decisions_annulees import undo_decision as undo_decision
from tests.candidatures.test_decisions_annulees import visible_state as visible_state
from tests.candidatures.test_un_seul_ecran import address, browser_of, logged_in, section, take_decision
from tests.conftest import module_transaction as module_holds
from tests.conftest import reload_record
from tests.factories import EtapePageFactory, FichePageFactory
from tests.formulaires import filled_form
from tests.undo_delay import send_delayed_mails, ten_minutes_later

UNDO_BUTTON = "Annuler cette décision"


@pytest.fixture(scope="module")
def module_published(module_to_approve, module_reviewers, django_db_blocker):
    """The dossier's fiche is online since more than ten minutes, once per module."""
    with module_holds(django_db_blocker):
        take_decision(browser_of(reload_record(module_reviewers["moderation"])), Dossier.objects.get())
        send_delayed_mails()
        DecisionAnnulable.objects.all().delete()
        yield


@pytest.fixture
def published(received, module_published):
    return received


def withdraw_fiche(who, fiche_pk, back=""):
    """« Retirer la fiche du site… », then « Retirer du site »."""
    question = reverse("wagtailadmin_pages:unpublish", args=[fiche_pk])
    assert who.get(question).status_code == 200
    return who.post(f"{question}?next={back}", {"next": back}, follow=True)


def stored_publication(pk):
    """What the fiche's row and the register hold, but when the register was written last."""
    row = FichePage.objects.filter(pk=pk).values().get()
    registered = Publication.objects.filter(kind="fiche", object_id=pk).values("withdrawn_at", "published_at", "title")
    return row, list(registered)


def test_a_withdrawal_is_undone_and_all_is_as_before(published, reader, moderator, visitor):
    before, row = visible_state(visitor, published, reader, moderator), stored_publication(published.fiche_id)
    shown = withdraw_fiche(moderator, published.fiche_id, back=address(published))
    after = visible_state(visitor, published)
    assert (after["public"], after["listed"], after["dossier"]["etat"]) == (404, [], Etat.APPROUVE)
    assert UNDO_BUTTON in text(shown)
    page_text = section(moderator.get(address(published)), "annuler")
    assert "Retrait du site" in page_text and "revient sur le site comme elle était" in page_text
    assert "La décision est annulée" in text(undo_decision(moderator, published))
    assert visible_state(visitor, published, reader, moderator) == before
    assert stored_publication(published.fiche_id) == row
    send_delayed_mails()
    assert mail.outbox == []


def test_the_undoing_of_a_withdrawal_is_one_line_of_the_history(published, moderator, visitor):
    withdraw_fiche(moderator, published.fiche_id)
    before = moderator.get(address(published)).context["histoire"]
    undo_decision(moderator, published)
    after = [line["quoi"].replace("\xa0", " ") for line in moderator.get(address(published)).context["histoire"]]
    assert (len(after), after[-1]) == (len(before) + 1, "Décision annulée : retrait du site")
    assert "n’est plus en ligne" not in text(visitor.get(visitor.link))


def test_the_question_says_before_that_it_can_be_undone(published, moderator):
    assert "Pendant dix minutes, vous pouvez annuler cette décision ici." in section(
        moderator.get(address(published)), "decider"
    )


def test_a_withdrawal_from_the_explorer_leads_to_its_undoing(published, moderator):
    assert "Voir ou annuler cette décision" in text(withdraw_fiche(moderator, published.fiche_id))


def test_fiches_withdrawn_in_bulk_come_back_one_by_one(published, moderator):
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])
    moderator.post(f"{bulk}?id={published.fiche_id}", {})
    assert FichePage.objects.get().live is False
    undo_decision(moderator, published)
    assert FichePage.objects.get().live is True


@pytest.mark.parametrize("revision", [True, None], ids=["with a revision", "without"])
def test_a_fiche_without_a_dossier_comes_back_too(tree, moderator, revision):
    fiche = FichePageFactory(parent=tree.fiches, complete=True, title="Recette", revision=revision and moderator.user)
    etape = EtapePageFactory(parent=tree.etapes)
    etape.presentations = [PresentationDeFiche(fiche=fiche)]
    etape.save()
    if not revision:
        FichePage.objects.filter(pk=fiche.pk).update(live_revision=None)
    before, page = stored_publication(fiche.pk), reverse("fiches_innovation", args=[fiche.pk])
    shown = moderator.get(etape.url).content.count(b"Recette")
    assert shown
    withdraw_fiche(moderator, fiche.pk, back=page)
    assert (moderator.get(fiche.url).status_code, b"Recette" in moderator.get(etape.url).content) == (404, False)
    moderator.post(page, filled_form(moderator.get(page), UNDO))
    assert (moderator.get(fiche.url).status_code, moderator.get(etape.url).content.count(b"Recette")) == (200, shown)
    assert stored_publication(fiche.pk) == before


def test_who_may_withdraw_may_undo_that_of_a_colleague_and_nobody_else(published, reader, moderator):
    withdraw_fiche(moderator, published.fiche_id)
    form = filled_form(moderator.get(address(published)), UNDO)
    for other in (reader, logged_in("partenaire")):
        assert UNDO_BUTTON not in text(other.get(address(published)))
        other.post(address(published), form)
        assert FichePage.objects.get().live is False
    undo_decision(logged_in("moderation"), published)
    assert FichePage.objects.get().live is True


def test_after_ten_minutes_a_withdrawal_stays(published, moderator):
    withdraw_fiche(moderator, published.fiche_id)
    form = filled_form(moderator.get(address(published)), UNDO)
    with ten_minutes_later():
        assert UNDO_BUTTON not in text(moderator.get(address(published)))
        assert "les dix minutes sont passées" in text(moderator.post(address(published), form, follow=True))
    assert FichePage.objects.get().live is False


@pytest.mark.parametrize(
    ("page", "sent", "reason"),
    [
        ("retirer/", {}, "L’entreprise a retiré son dossier"),
        (
            "consentements/",
            {"finalite": "publication"},
            "L’entreprise n’est pas, ou n’est plus, d’accord pour la publication",
        ),
    ],
    ids=["dossier", "consent"],
)
def test_what_the_company_withdraws_meanwhile_stays_off(published, moderator, visitor, page, sent, reason):
    withdraw_fiche(moderator, published.fiche_id)
    form = filled_form(moderator.get(address(published)), UNDO)
    visitor.post(f"{visitor.link}{page}", sent)
    assert UNDO_BUTTON not in text(moderator.get(address(published)))
    assert reason in text(moderator.post(address(published), form, follow=True))
    assert FichePage.objects.get().live is False


def test_what_the_company_withdrew_or_had_withdrawn_is_no_decision_to_undo(published, moderator, visitor):
    moderator.post(f"{address(published)}retirer-consentement/", {"finalite": "publication"})
    assert FichePage.objects.get().live is False
    assert UNDO_BUTTON not in text(moderator.get(address(published)))
    visitor.post(f"{visitor.link}retirer/")
    assert UNDO_BUTTON not in text(moderator.get(address(published)))
    assert DecisionAnnulable.objects.count() == 0


def test_a_fiche_put_in_the_bin_meanwhile_stays_there(tree, moderator):
    fiche = FichePageFactory(parent=tree.fiches, complete=True, revision=moderator.user)
    page, admin = reverse("fiches_innovation", args=[fiche.pk]), logged_in("admin")
    withdraw_fiche(admin, fiche.pk)
    form = filled_form(admin.get(page), UNDO)
    admin.post(reverse("wagtailadmin_pages:delete", args=[fiche.pk]))
    admin.post(page, form)
    assert FichePage.objects.get(pk=fiche.pk).live is False
    online = FichePageFactory(parent=tree.fiches, complete=True, revision=moderator.user)
    DecisionAnnulable.objects.all().delete()
    admin.post(reverse("wagtailadmin_pages:delete", args=[online.pk]))
    assert DecisionAnnulable.objects.count() == 0


def test_an_erasure_is_not_undone(published, moderator):
    withdraw_fiche(moderator, published.fiche_id)
    erase_dossier(published)
    assert DecisionAnnulable.objects.count() == 0


def test_the_mail_of_a_publication_does_not_leave_once_the_fiche_is_withdrawn(to_approve, moderator):
    take_decision(moderator, to_approve)
    withdraw_fiche(moderator, to_approve.fiche_id)
    assert not Courriel.objects.about(to_approve).filter(modele="publie").leaving().exists()
    assert "Courriel « Dossier publié »" not in text(moderator.get(address(to_approve)))
    send_delayed_mails()
    assert mail.outbox == []


def test_undone_the_withdrawal_lets_the_mail_of_the_publication_leave_once(to_approve, moderator):
    take_decision(moderator, to_approve)
    withdraw_fiche(moderator, to_approve.fiche_id)
    undo_decision(moderator, to_approve)
    assert "Si vous l’annulez, la page quitte le site" in section(moderator.get(address(to_approve)), "annuler")
    send_delayed_mails()
    assert [letter.to for letter in mail.outbox] == [[COMPANY]]


def test_published_again_after_a_withdrawal_undone_it_can_still_be_unapproved(to_approve, moderator):
    take_decision(moderator, to_approve)
    withdraw_fiche(moderator, to_approve.fiche_id)
    undo_decision(moderator, to_approve)
    undo_decision(moderator, to_approve)
    assert (FichePage.objects.get().live, Dossier.objects.get().etat) == (False, Etat.EN_RELECTURE)
    send_delayed_mails()
    assert mail.outbox == []


def test_the_author_of_a_fiche_without_a_dossier_is_not_told_that_it_is_published(tree, reader, moderator):
    partner = logged_in("partenaire").user
    fiche = FichePageFactory(parent=tree.fiches, live=False, complete=True, owner=partner, revision=partner)
    fiche.get_workflow().start(fiche, partner)
    page = reverse("fiches_innovation", args=[fiche.pk])
    for person in (reader, moderator):
        form = "form:has(input[name=action][value=approve])"
        person.post(page, filled_form(person.get(page), form))
        if person is reader:
            send_delayed_mails()
    mail.outbox.clear()
    withdraw_fiche(moderator, fiche.pk)
    send_delayed_mails()
    assert mail.outbox == []


@pytest.fixture
def nobody_takes_over(monkeypatch):
    """The worker does not take tasks yet; the value runs the one that opens reviews."""
    task = submission.make_fiche_of_dossier
    monkeypatch.setattr(submission, "make_fiche_of_dossier", SimpleNamespace(enqueue=lambda pk: None, func=task.func))
    return task.call


def test_while_corrections_are_taken_over_the_screen_says_so_and_nobody_submits_them(
    received,
    reader,
    moderator,
    visitor,
    nobody_takes_over,
):
    request_corrections(reader, received)
    visitor.fill(visitor.link, "innovation", {"resultats": "Zéro départ en deux ans."})
    visitor.post(f"{visitor.link}envoyer/")
    message = "Les corrections de l’entreprise sont en cours de reprise"
    for person in (reader, moderator):
        screen = person.get(address(received))
        assert message in text(screen)
        assert ("soumise de nouveau" in text(screen), "Soumettre" in text(screen), "à lire" in text(screen)) == (
            False,
            False,
            False,
        )
    fiche = FichePage.objects.get()
    form = {"action": "submit", "revision": fiche.latest_revision_id}
    assert message in text(reader.post(address(received), form))
    reader.post(f"{address(received)}prendre/")
    nobody_takes_over(received.pk)
    state = FichePage.objects.get().current_workflow_state
    assert state.status == state.STATUS_IN_PROGRESS
    assert message not in text(reader.get(address(received)))
    take_decision(reader, received)
    assert FichePage.objects.get().current_workflow_task.name == "Approbation"


def test_a_new_dossier_is_not_submitted_by_hand_either(visitor, reader, moderator, nobody_takes_over):
    visitor.send_dossier()
    dossier = Dossier.objects.get()
    screen = text(reader.get(address(dossier)))
    assert ("en cours de reprise" in screen, "Soumettre" in screen) == (True, False)
    nobody_takes_over(dossier.pk)
    assert "Transmettre à l’approbation" in text(reader.get(address(dossier)))


def test_the_screen_says_when_a_mail_leaves_in_plain_words(to_approve, moderator):
    take_decision(moderator, to_approve)
    letter = Courriel.objects.about(to_approve).get(modele="publie")
    screen = text(moderator.get(address(to_approve)))
    at = {hour(letter.prochain_essai), moment(letter.prochain_essai)}  # the second just before midnight
    told = [
        f"Courriel « Dossier publié » : part {word} {when}.".replace("\xa0", " ") for word in ("à", "le") for when in at
    ]
    assert any(each in screen for each in told)
    assert "essais" not in screen
    Courriel.objects.filter(pk=letter.pk).update(tentatives=2, erreur="SMTPException", prochain_essai=timezone.now())
    assert "part dès que possible (2 essais ont échoué)." in text(moderator.get(address(to_approve)))
    Courriel.objects.filter(pk=letter.pk).update(etat=Envoi.ABANDONNE)
    assert "Courriel « Dossier publié » : n’est pas parti (2 essais ont échoué)." in text(
        moderator.get(address(to_approve))
    )
