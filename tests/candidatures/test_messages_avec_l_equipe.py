"""Tests the messages of a dossier: its organisation and the team write and read them there; a mail announces each one."""

import json
import zipfile
from io import BytesIO, StringIO

import pytest
from django.core import mail
from django.core.management import call_command

from fiches.candidatures import team_messages
from fiches.candidatures.models import Dossier, Evenement
from fiches.candidatures.personal_data import export_person
from tests.candidatures.conftest import LINK, Visitor, text
from tests.conftest import module_transaction

ASKED = "Peut-on joindre deux photos ?"
ANSWERED = "Oui, jusqu’à six photos."


@pytest.fixture(scope="module")
def module_filled(module_link, django_db_blocker):
    link, cookies = module_link
    with module_transaction(django_db_blocker):
        visitor = Visitor()
        visitor.client.cookies.load(cookies.output(header=""))
        visitor.fill_in_all(link)
        yield


@pytest.fixture
def unsent_link(module_filled, link):
    """The link of a dossier that is not sent."""
    return link


def answer_address():
    return f"/admin/candidatures/dossiers/{Dossier.objects.get().pk}/messages/"


def test_a_question_is_answered_and_the_answer_is_read_in_the_dossier(unsent_link, visitor, staff):
    page = visitor.post(f"{unsent_link}messages/", {"texte": ASKED}, follow=True)
    assert ASKED in text(page)
    assert "Votre message est envoyé." in text(page)
    to_staff = mail.outbox[-1]
    assert to_staff.to == [staff.user.email]
    assert answer_address() in to_staff.body
    assert to_staff.subject == "Dossier non envoyé : un message attend votre réponse"
    assert ASKED not in to_staff.body

    assert ASKED in text(staff.get(answer_address()))
    staff.post(answer_address(), {"texte": ANSWERED})
    letter = mail.outbox[-1]
    assert letter.to == ["jeanne@tilleuls.test"]
    [own_link] = LINK.findall(letter.body)
    read = text(visitor.get(own_link))
    assert read.index(ASKED) < read.index(ANSWERED)


def test_the_team_reads_the_messages_of_an_unsent_dossier_and_nothing_of_its_answers(unsent_link, visitor, staff):
    assert staff.get(answer_address()).status_code == 404
    visitor.post(f"{unsent_link}messages/", {"texte": ASKED})
    screen = text(staff.get(answer_address()))
    assert ASKED in screen
    assert "Le lait de nuit" not in screen
    assert staff.get(answer_address().removesuffix("messages/")).status_code == 404


def test_who_may_only_read_dossiers_answers_nothing(unsent_link, visitor, client):
    visitor.post(f"{unsent_link}messages/", {"texte": ASKED})
    assert client.get(answer_address()).status_code == 302
    assert client.post(answer_address(), {"texte": ANSWERED}).status_code == 302
    assert Evenement.objects.filter(message=team_messages.ANSWER).count() == 0


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "Écrivez votre message."), ("  \n ", "Écrivez votre message."), ("x" * 2001, "2000")],
)
def test_a_message_that_cannot_be_sent_says_why_and_keeps_what_was_typed(unsent_link, visitor, typed, said):
    response = visitor.post(f"{unsent_link}messages/", {"texte": typed})
    assert response.status_code == 422
    assert said in text(response)
    assert typed.strip() in text(response)
    assert Evenement.objects.filter(message=team_messages.QUESTION).count() == 0


def test_too_many_messages_in_an_hour_are_not_sent(unsent_link, visitor, monkeypatch):
    monkeypatch.setattr(team_messages, "MOST_AN_HOUR", 2)
    answers = [visitor.post(f"{unsent_link}messages/", {"texte": f"Question {number}"}) for number in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 422]
    assert "Question 2" in text(answers[-1])
    assert "Attendez une heure" in text(answers[-1])
    assert Evenement.objects.filter(message=team_messages.QUESTION).count() == 2


def test_the_export_holds_the_messages_and_the_erasure_deletes_them(unsent_link, visitor, staff):
    visitor.post(f"{unsent_link}messages/", {"texte": ASKED})
    staff.post(answer_address(), {"texte": ANSWERED})
    file = BytesIO()
    export_person("jeanne@tilleuls.test", file)
    [dossier] = json.loads(zipfile.ZipFile(file).read("donnees.json"))["dossiers"]
    assert [line["texte"].partition("\u00a0: ")[2] for line in dossier["historique"][-2:]] == [ASKED, ANSWERED]
    call_command("effacer_personne", "jeanne@tilleuls.test", stdout=StringIO())
    assert not Evenement.objects.filter(texte__contains="photos").exists()


def test_the_summary_of_the_day_counts_the_messages_to_answer(unsent_link, visitor, staff):
    assert not team_messages.unanswered_dossiers(Dossier.objects.all()).exists()
    visitor.post(f"{unsent_link}messages/", {"texte": ASKED})
    assert team_messages.unanswered_dossiers(Dossier.objects.all()).count() == 1
    staff.post(answer_address(), {"texte": ANSWERED})
    assert not team_messages.unanswered_dossiers(Dossier.objects.all()).exists()
