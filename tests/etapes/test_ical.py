"""Étapes as iCalendar: what calendars rely on, whatever becomes of the étape."""

import datetime

import icalendar
import pytest
from django.utils import timezone

from etapes.models import EtapePage
from tests.factories import EtapePageFactory, PartenaireFactory


@pytest.fixture
def etape(tree):
    return EtapePageFactory(
        parent=tree.etapes,
        slug="dole",
        title="Étape à Dole",
        commune_id="39198",
        moment="",
        debut=datetime.time(14),
        fin=datetime.time(17, 30),
        organisateurs=[PartenaireFactory(nom="Chambre")],
    )


def events(client, address):
    response = client.get(address)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = icalendar.Calendar.from_ical(response.content)
    return calendar, list(calendar.walk("VEVENT"))


def test_hours_stand_in_the_zone_of_the_place(client, etape):
    calendar, (event,) = events(client, "/etapes/dole/etape.ics")
    assert event["DTSTART"].params["TZID"] == "Europe/Paris"
    assert event["DTSTART"].dt.replace(tzinfo=None) == datetime.datetime(2013, 4, 16, 14)
    assert event["DTEND"].dt.replace(tzinfo=None) == datetime.datetime(2013, 4, 16, 17, 30)
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Paris"]


def test_a_fictitious_etape_is_marked_in_calendars_too(client, tree):
    EtapePageFactory(parent=tree.etapes, slug="vesoul", title="Vesoul", exemple=True)
    for address in ("/etapes/vesoul/etape.ics", "/etapes/calendrier.ics"):
        _calendar, (event,) = events(client, address)
        assert event["SUMMARY"] == "Vesoul (exemple)"


def test_unknown_hours_are_a_day_and_not_midnight(client, tree):
    EtapePageFactory(parent=tree.etapes, slug="vesoul")
    _calendar, (event,) = events(client, "/etapes/vesoul/etape.ics")
    assert event["DTSTART"].dt == datetime.date(2013, 4, 16)
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert event["DTEND"].dt == datetime.date(2013, 4, 17)
    assert "Moment\u00a0: après-midi." in str(event["DESCRIPTION"])


def test_the_uid_stays_and_the_sequence_grows(client, etape):
    etape.save_revision().publish()
    _calendar, (before,) = events(client, "/etapes/dole/etape.ics")
    etape.title = "Étape à Dole, reportée"
    etape.slug = "dole-bis"
    etape.save_revision().publish()
    EtapePage.objects.update(last_published_at=timezone.now() + datetime.timedelta(minutes=1))
    _calendar, (after,) = events(client, "/etapes/dole-bis/etape.ics")
    assert after["UID"] == before["UID"] == f"{etape.uid}@rallynov"
    assert after["SEQUENCE"] > before["SEQUENCE"]


@pytest.mark.parametrize(
    ("state", "status"), [("annulee", "CANCELLED"), ("reportee", "TENTATIVE"), ("prevue", "CONFIRMED")]
)
def test_a_cancelled_etape_stays_in_the_calendar_and_says_so(client, etape, state, status):
    etape.statut = state
    etape.save_revision().publish()
    _calendar, (event,) = events(client, "/etapes/calendrier.ics")
    assert event["STATUS"] == status


def test_the_calendar_holds_every_public_etape_in_order(client, etape, tree):
    EtapePageFactory(parent=tree.etapes, title="Avant", date=datetime.date(2013, 4, 2))
    EtapePageFactory(parent=tree.etapes, title="Brouillon", live=False)
    calendar, found = events(client, "/etapes/calendrier.ics")
    assert [str(event["SUMMARY"]) for event in found] == ["Avant", "Étape à Dole"]
    assert calendar["X-WR-CALNAME"] == "Étapes"
