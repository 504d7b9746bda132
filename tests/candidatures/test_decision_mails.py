"""What a decision of the staff tells a company, and when: its mail leaves ten minutes later, if it is still true."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from fiches.candidatures.enums import Etat
from fiches.candidatures.models import Dossier
from fiches.mail import outbox
from fiches.models import Courriel, FichePage
from tests.candidatures.conftest import CONTACTS, Visitor, photo, text
from tests.candidatures.screens import address, browser_of, section, take_decision
from tests.conftest import module_transaction, reload_record
from tests.factories import UserFactory
from tests.formulaires import filled_form
from tests.undo_delay import send_delayed_mails, ten_minutes_later

COMPANY = "jeanne@tilleuls.test"
UNDO = "form:has(input[name=action][value=undo])"


@pytest.fixture
def reader(module_reviewers, db):
    return browser_of(reload_record(module_reviewers["redaction"]))


@pytest.fixture
def moderator(module_reviewers, db):
    return browser_of(reload_record(module_reviewers["moderation"]))


@pytest.fixture(scope="module")
def module_dossier(module_call, module_reviewers, django_db_blocker):
    """``(link, cookies)`` of a dossier with a photo that awaits its first reading, once per module."""
    with module_transaction(django_db_blocker):
        visitor = Visitor()
        [link] = visitor.ask_for_link(COMPANY)
        visitor.fill_in_all(link)
        visitor.fill(link, "images", {"photo": photo(), "photo_alt": "Une vache"})
        visitor.fill(link, "contacts", {**CONTACTS, "consentement_droits_photo": "on"})
        visitor.post(f"{link}envoyer/")
        yield link, visitor.client.cookies


@pytest.fixture(scope="module")
def module_to_approve(module_dossier, module_reviewers, django_db_blocker):
    """The dossier of `module_dossier` awaits its approval, once per module."""
    with module_transaction(django_db_blocker):
        take_decision(browser_of(reload_record(module_reviewers["redaction"])), Dossier.objects.get())
        send_delayed_mails()
        yield


@pytest.fixture
def received(module_dossier, reader, moderator, visitor):
    """The dossier of `module_dossier`; its mails have left."""
    visitor.link, cookies = module_dossier
    visitor.client.cookies.load(cookies.output(header=""))
    return Dossier.objects.get()


@pytest.fixture
def to_approve(received, module_to_approve):
    return received


def main_text(response):
    main = BeautifulSoup(response.content, "html.parser").main
    return " ".join(main.get_text().split()) if main else ""


def request_corrections(who, dossier, champ="resultats"):
    question = filled_form(who.get(f"{address(dossier)}corriger/?champ={champ}"), "main form")
    return who.post(f"{address(dossier)}corriger/", question)


def refuse(who, dossier):
    return who.post(f"{address(dossier)}refuser/", {"refus-raison": "Hors du sujet."})


def approve(who, dossier, **typed):
    return take_decision(who, dossier, **typed)


def in_three_days():
    return f"{timezone.localdate() + timedelta(days=3)}T10:00"


def reopen(who, dossier):
    return who.post(f"{address(dossier)}rouvrir/", follow=True)


@pytest.mark.parametrize(("decide", "told"), [(refuse, "réponse"), (take_decision, "la fiche est publiée")])
def test_the_mail_leaves_after_ten_minutes(to_approve, moderator, visitor, decide, told):
    decide(moderator, to_approve)
    assert mail.outbox == []
    with ten_minutes_later():
        assert [(letter.to, letter.subject) for letter in mail.outbox] == [
            ([COMPANY], f"Dossier {to_approve.numero} : {told}")
        ]


def test_until_its_mail_leaves_the_company_does_not_read_a_refusal(received, reader, visitor):
    before = main_text(visitor.get(visitor.link))
    refuse(reader, received)
    assert main_text(visitor.get(visitor.link)) == before
    with ten_minutes_later():
        assert "Hors du sujet." in text(visitor.get(visitor.link))


def test_a_fiche_published_at_once_by_who_administers_is_told_ten_minutes_after(received, visitor):
    admin = UserFactory(role="admin")
    chief = Visitor()
    chief.client.force_login(admin)
    FichePage.objects.get().current_workflow_state.cancel()
    with chief.capture(execute=True):
        FichePage.objects.get().latest_revision.publish(user=admin)
    assert mail.outbox == []
    send_delayed_mails()
    assert [letter.to for letter in mail.outbox] == [[COMPANY]]


def test_a_date_cancelled_before_the_company_was_told_of_it_tells_nothing(to_approve, moderator, visitor):
    approve(moderator, to_approve, publier_le=in_three_days())
    page = FichePage.objects.get()
    cancel = reverse("wagtailadmin_pages:revisions_unschedule", args=[page.pk, page.scheduled_revision.pk])
    moderator.post(cancel, {"next": address(to_approve)})
    send_delayed_mails()
    assert mail.outbox == []


def test_a_company_that_sent_its_corrections_at_once_is_not_asked_for_them_by_mail(received, reader, visitor):
    request_corrections(reader, received)
    visitor.fill(visitor.link, "innovation", {"resultats": "Zéro départ en deux ans."})
    visitor.post(f"{visitor.link}envoyer/")
    request_corrections(reader, received)
    send_delayed_mails()
    assert [letter.to for letter in mail.outbox if letter.to == [COMPANY]] == [[COMPANY]]


@pytest.mark.parametrize("close", ["refuse", "withdraw", "without agreement"])
def test_a_closed_dossier_no_longer_promises_its_fiche_at_a_date(to_approve, moderator, visitor, close):
    approve(moderator, to_approve, publier_le=in_three_days())
    page_text = text(moderator.get(address(to_approve)))
    assert "sera en ligne" in page_text
    if close == "refuse":
        refuse(moderator, to_approve)
    elif close == "withdraw":
        visitor.post(f"{visitor.link}retirer/")
    else:
        visitor.post(f"{visitor.link}consentements/", {"finalite": "publication"})
    screen = text(moderator.get(address(to_approve)))
    assert ("sera en ligne" in screen, "Annuler la publication" in screen) == (False, False)
    if close == "refuse":
        assert FichePage.objects.get().approved_schedule is False


def test_a_company_reads_neither_a_refusal_nor_its_reopening_within_ten_minutes(received, reader, visitor):
    refuse(reader, received)
    reopen(reader, received)
    page_text = section(reader.get(address(received)), "histoire")
    assert "Hors du sujet." in page_text and "rouvert" in page_text
    company = text(visitor.get(visitor.link))
    assert ("Hors du sujet." in company, "rouvert" in company, "efusé" in company) == (False, False, False)
    send_delayed_mails()
    assert [letter.subject for letter in mail.outbox if letter.to == [COMPANY]] == []


def test_a_company_that_corrects_while_a_refusal_waits_loses_nothing_and_reads_nothing(received, reader, visitor):
    request_corrections(reader, received)
    send_delayed_mails()
    refuse(reader, received)
    form = visitor.get(f"{visitor.link}innovation/").context["form"]
    assert list(form.fields) == ["resultats"]
    visitor.fill(visitor.link, "innovation", {"resultats": "Zéro départ en deux ans."})
    answer = visitor.post(f"{visitor.link}envoyer/")
    assert answer.status_code == 409
    assert "Vos réponses sont enregistrées" in text(answer) and "efusé" not in text(answer)
    reopen(reader, received)
    dossier = Dossier.objects.get()
    assert (dossier.etat, dossier.reponses["resultats"]) == (Etat.CORRECTIONS_DEMANDEES, "Zéro départ en deux ans.")
    assert list(visitor.get(f"{visitor.link}innovation/").context["form"].fields) == ["resultats"]
    visitor.post(f"{visitor.link}envoyer/")
    assert Dossier.objects.get().etat == Etat.RECU


def test_a_refusal_whose_mail_was_stopped_is_read_at_once(received, reader, visitor):
    """The company is told by its page, as the screen of the dossier says."""
    refuse(reader, received)
    assert outbox.stop(Courriel.objects.leaving()) == 1
    assert "Hors du sujet." in text(visitor.get(visitor.link))


@pytest.mark.parametrize(
    ("page", "sent", "reason"),
    [
        ("retirer/", {}, "Ce dossier est refusé ou retiré"),
        (
            "consentements/",
            {"finalite": "publication"},
            "L’entreprise n’a pas donné son accord pour la publication",
        ),
    ],
    ids=["dossier", "consent"],
)
def test_what_the_company_withdraws_meanwhile_stays_off(to_approve, moderator, visitor, page, sent, reason):
    take_decision(moderator, to_approve)
    withdraw_fiche(moderator, to_approve.fiche_id)
    visitor.post(f"{visitor.link}{page}", sent)
    act = reverse("fiches_reprendre", args=[to_approve.fiche_id, "en-ligne"])
    assert act not in moderator.get(address(to_approve)).content.decode()
    assert reason in text(moderator.post(act, follow=True))
    assert FichePage.objects.get().live is False


def test_a_fiche_back_online_within_ten_minutes_is_told_once(to_approve, moderator):
    take_decision(moderator, to_approve)
    withdraw_fiche(moderator, to_approve.fiche_id)
    moderator.post(reverse("fiches_reprendre", args=[to_approve.fiche_id, "en-ligne"]))
    send_delayed_mails()
    assert [letter.to for letter in mail.outbox] == [[COMPANY]]


def withdraw_fiche(who, fiche_pk, back=""):
    """« Retirer la page du site… », then « Retirer du site »."""
    question = reverse("wagtailadmin_pages:unpublish", args=[fiche_pk])
    assert who.get(question).status_code == 200
    return who.post(f"{question}?next={back}", {"next": back}, follow=True)


def test_the_mail_of_a_publication_does_not_leave_once_the_fiche_is_withdrawn(to_approve, moderator):
    take_decision(moderator, to_approve)
    withdraw_fiche(moderator, to_approve.fiche_id)
    assert not Courriel.objects.about(to_approve).filter(modele="publie").leaving().exists()
    assert "Courriel « Dossier publié »" not in text(moderator.get(address(to_approve)))
    send_delayed_mails()
    assert mail.outbox == []
