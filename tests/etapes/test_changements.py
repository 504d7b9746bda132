"""When an étape changes, those registered hear of it: once, in the right words, and of nothing else."""

import datetime

import icalendar
import pytest
from django.core import mail

from etapes.inscriptions.placement import cancel
from tests.etapes.conftest import in_days, subjects


@pytest.fixture
def publish(etape, django_capture_on_commit_callbacks):
    def change(**fields):
        mail.outbox.clear()
        for name, value in fields.items():
            setattr(etape, name, value)
        with django_capture_on_commit_callbacks(execute=True):
            etape.save_revision().publish()
        return subjects()

    return change


def test_a_new_hour_a_new_day_or_a_new_place_is_told_to_all_who_count_on_it(at, publish):
    at("anne", "bruno", "carole")
    assert publish(debut=datetime.time(15)) == [
        (f"{name}@x.test", "Changement : Étape à Dole") for name in ("anne", "bruno", "carole")
    ]
    assert "15\u00a0h – 17\u00a0h\u00a030" in mail.outbox[0].body
    assert len(publish(date=in_days(45))) == 3
    assert len(publish(lieu="Mairie")) == 3


def test_the_mail_brings_the_calendar_file_to_who_has_a_place(at, publish, etape):
    at("anne", "bruno", "carole")
    publish(debut=datetime.time(15))
    with_file = [message.to[0] for message in mail.outbox if message.attachments]
    assert with_file == ["anne@x.test", "bruno@x.test"]
    name, content, _kind = mail.outbox[0].attachments[0]
    [event] = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert (name, event["UID"]) == ("dole.ics", f"{etape.uid}@rallynov")
    assert event["SEQUENCE"] >= 0


def test_what_changes_nothing_for_those_who_come_writes_to_nobody(at, publish):
    at("anne")
    assert publish(chapo="Un nouveau texte.", title="Étape à Dole, la belle") == []


def test_publishing_again_tells_nobody_twice(at, publish):
    at("anne")
    assert len(publish(lieu="Mairie")) == 1
    assert publish() == []


def test_a_cancelled_etape_is_told_and_its_calendar_file_says_so(at, publish):
    at("anne", "bruno", "carole")
    assert {subject for _to, subject in publish(statut="annulee")} == {"Annulée : Étape à Dole"}
    assert len(mail.outbox) == 3
    content = mail.outbox[0].attachments[0][1]
    [event] = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert event["STATUS"] == "CANCELLED"


def test_a_postponed_etape_keeps_its_registrations_and_tells_the_new_date_later(at, publish, etape):
    at("anne", "bruno", "carole")
    old = etape.date
    assert {subject for _to, subject in publish(statut="reportee")} == {"Reportée : Étape à Dole"}
    assert "votre inscription reste" in mail.outbox[0].body.lower()
    told = publish(date=in_days(90), ancienne_date=old)
    assert {subject for _to, subject in told} == {"Changement : Étape à Dole"}
    assert list(etape.inscrits.values_list("etat", flat=True)) == ["confirmee", "confirmee", "attente"]


def test_nobody_hears_of_an_etape_that_is_over(at, publish):
    at("anne")
    publish(date=in_days(-2))
    assert publish(lieu="Mairie") == []


def test_who_cancelled_hears_of_nothing_more(at, publish):
    cancel(inscription=at("anne"))
    assert publish(statut="annulee") == []
