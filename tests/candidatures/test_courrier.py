"""The outbox: each mail is sent once, even if the mail server fails."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from fiches.candidatures.enums import Etat
from fiches.candidatures.models import Dossier
from fiches.mail import outbox
from fiches.models import Courriel
from fiches.models.enums import Envoi
from tests.dossier_states import dossier_in


class Refusing(EmailBackend):
    refuses = True

    def send_messages(self, messages):
        Refusing.claimed_until = Courriel.objects.filter(etat=Envoi.EN_COURS).values_list("prochain_essai", flat=True)[
            0
        ]
        if Refusing.refuses:
            raise smtplib.SMTPServerDisconnected("jeanne@tilleuls.test")
        return super().send_messages(messages)


@pytest.fixture
def refusing(settings, monkeypatch):
    monkeypatch.setattr(Refusing, "refuses", True)
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    return Refusing


def test_a_server_that_refuses_never_reaches_the_page_and_the_mail_goes_once_later(visitor, refusing, caplog):
    mark = visitor.get("/candidature/").context["form"]["depart"].value()
    assert visitor.post("/candidature/", {"courriel": "jeanne@tilleuls.test", "depart": mark}).status_code == 302
    message = Courriel.objects.get()
    assert (message.etat, message.tentatives, message.erreur) == (Envoi.A_ENVOYER, 1, "SMTPServerDisconnected")
    assert message.prochain_essai > timezone.now()
    told = [record for record in caplog.records if record.message == "mail_not_sent"]
    assert [(record.error, record.letter, record.tries) for record in told] == [("SMTPServerDisconnected", "lien", 1)]
    assert "jeanne" not in str(vars(told[0]))
    assert outbox.send_pending() == 0  # not due yet
    Courriel.objects.update(prochain_essai=timezone.now())
    refusing.refuses = False
    assert outbox.send_pending() == 1
    assert outbox.send_pending() == 0
    assert len(mail.outbox) == 1
    assert mail.outbox[0].extra_headers["Message-ID"] == message.message_id


def test_a_message_is_tried_again_as_often_and_as_late_as_said_then_given_up_until_staff_send_it(
    visitor, refusing, monkeypatch
):
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    visitor.ask_for_link("jeanne@tilleuls.test")
    waits = []
    for _try in outbox.RETRIES.delays:
        message = Courriel.objects.get()
        waits.append((message.prochain_essai - now).total_seconds())
        assert Refusing.claimed_until == now + timedelta(minutes=10)
        Courriel.objects.update(prochain_essai=timezone.now())
        outbox.send_pending()
    assert waits == [60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600]
    message = Courriel.objects.get()
    assert (message.etat, outbox.send_pending()) == (Envoi.REFUSE, 0)
    assert outbox.send_after_all(message) is True
    message.refresh_from_db()
    assert (message.etat, message.tentatives) == (Envoi.A_ENVOYER, 0)


def test_a_message_in_the_hands_of_a_worker_is_left_to_it_until_the_worker_is_dead(visitor):
    Courriel.objects.create(
        cle="x",
        modele="lien",
        destinataires=["a@x.test"],
        contexte={"dossiers": [Dossier.objects.create(courriel="a@x.test").pk]},
        message_id="<1@x>",
        etat=Envoi.EN_COURS,
        prochain_essai=timezone.now() + timedelta(minutes=9),
    )
    assert outbox.send_pending() == 0
    Courriel.objects.update(prochain_essai=timezone.now())
    assert outbox.send_pending() == 1
    assert Courriel.objects.get().etat == Envoi.ENVOYE


@pytest.mark.parametrize(
    ("modele", "etat"),
    [("rappel", Etat.RECU), ("corrections", Etat.REFUSE), ("publie", Etat.RETIRE)],
)
def test_a_letter_that_waited_until_it_was_no_longer_true_is_not_sent(db, modele, etat):
    dossier = dossier_in(etat)
    outbox.post("fait:1", modele=modele, destinataires=["a@x.test"], sujet=dossier, contexte={"cloture": "demain"})
    outbox.send_pending()
    assert Courriel.objects.get().etat == Envoi.PERIME
    assert mail.outbox == []


def test_a_letter_with_the_link_of_an_erased_dossier_is_not_sent(visitor):
    mail.outbox.clear()
    outbox.post("fait:1", modele="lien", destinataires=["a@x.test"], contexte={"dossiers": [987]})
    outbox.send_pending()
    assert mail.outbox == []


def test_a_message_with_a_date_waits_for_it_and_goes_once_then(visitor):
    dossier = dossier_in(Etat.REFUSE)
    later = timezone.now() + outbox.UNDO
    with visitor.capture(execute=True):
        outbox.post("fait:1", modele="refuse", destinataires=["a@x.test"], sujet=dossier, send_after=later)
    assert outbox.send_pending() == 0
    assert mail.outbox == []
    Courriel.objects.update(prochain_essai=timezone.now())
    assert outbox.send_pending() == 1
    assert outbox.send_pending() == 0
    assert [message.to for message in mail.outbox] == [["a@x.test"]]


def test_what_a_decision_posts_waits_ten_minutes_and_nothing_else_does(db, monkeypatch):
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    with outbox.delayed():
        first = outbox.post("1", modele="lien", destinataires=["a@x.test"])
        dated = outbox.post("2", modele="lien", destinataires=["a@x.test"], send_after=now + timedelta(days=1))
    after = outbox.post("3", modele="lien", destinataires=["a@x.test"])
    with outbox.silence():
        outbox.post_all([("4", "a@x.test", None, {})], modele="lien")
    assert [message.prochain_essai - now for message in (first, dated, after)] == [
        *(timedelta(minutes=10), timedelta(days=1), timedelta(0))
    ]
    assert Courriel.objects.count() == 3


def test_a_message_is_taken_back_while_it_waits_and_the_same_fact_can_be_told_again(visitor):
    dossier, other = (dossier_in(Etat.RECU, courriel=f"{name}@x.test") for name in "ab")
    later = timezone.now() + outbox.UNDO
    for number, sujet in enumerate((dossier, other)):
        outbox.post(f"fait:{number}", modele="refuse", destinataires=["c@x.test"], sujet=sujet, send_after=later)
    assert outbox.take_back(dossier, modeles=["recu"]) == 0
    assert outbox.take_back(dossier, modeles=["refuse"]) == 1
    assert [message.sujet for message in Courriel.objects.all()] == [other]
    outbox.post("fait:0", modele="refuse", destinataires=["c@x.test"], sujet=dossier, send_after=later)
    assert Courriel.objects.about(dossier).count() == 1


def test_a_message_that_is_sent_or_in_the_hands_of_a_worker_is_not_taken_back(visitor):
    dossier = dossier_in(Etat.RECU)
    for etat in (Envoi.EN_COURS, Envoi.ENVOYE):
        outbox.post(f"fait:{etat}", modele="refuse", destinataires=["c@x.test"], sujet=dossier)
        Courriel.objects.filter(cle=f"fait:{etat}").update(etat=etat)
    assert outbox.take_back(dossier, modeles=["refuse"]) == 0
    assert Courriel.objects.count() == 2


def test_a_mail_that_can_not_be_composed_keeps_no_other_waiting_and_is_named(visitor, caplog):
    dossier = dossier_in(Etat.REFUSE)
    for cle, modele in (("fait:1", "disparu"), ("fait:2", "refuse")):
        outbox.post(cle, modele="refuse", destinataires=["a@x.test"], sujet=dossier)
        Courriel.objects.filter(cle=cle).update(modele=modele)
    broken = Courriel.objects.get(cle="fait:1")
    with pytest.raises(ExceptionGroup):
        outbox.send_pending()
    assert [message.to for message in mail.outbox] == [["a@x.test"]]
    assert [record.key for record in caplog.records if record.message == "item_failed"] == [broken.pk]
    broken.refresh_from_db()
    assert (broken.etat, broken.erreur, broken.tentatives) == (Envoi.A_ENVOYER, "KeyError", 1)
    assert broken.prochain_essai > timezone.now()
