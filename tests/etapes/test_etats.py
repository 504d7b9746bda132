"""What the public is told of an étape in each state: on its page, in the lists, in calendars, in the API, to search engines."""

import json

import icalendar
import pytest
from bs4 import BeautifulSoup

from etapes.models import EtapePage
from tests.etapes.conftest import in_days, text

FULL, WAITING, OPEN = "Complète", "Complète, liste d’attente ouverte", "Inscriptions ouvertes, 2\u00a0places libres"


@pytest.fixture
def publish_and_read(etape, client, django_capture_on_commit_callbacks):
    """Publishes the étape changed, and returns how it reads: badges, notice, button, calendar, API, JSON-LD."""

    def published_state(**fields):
        for name, value in fields.items():
            setattr(etape, name, value)
        with django_capture_on_commit_callbacks(execute=True):
            etape.save_revision().publish()
        page = BeautifulSoup(client.get("/etapes/dole/").content, "html.parser")
        [event] = icalendar.Calendar.from_ical(client.get("/etapes/dole/etape.ics").content).walk("VEVENT")
        data = next(
            item
            for script in page.select('script[type="application/ld+json"]')
            for item in [json.loads(script.string)]
            if item.get("@type") == "Event"
        )
        told = client.get("/api/v1/etapes/dole").json()
        notice = page.select_one(".notice strong")
        action = page.select_one(".etape__act .button--gold")
        return {
            "badges": [badge.text for badge in page.select(".etape__head .badge")],
            "notice": notice and notice.text,
            "action": action and action.text,
            "ics": str(event["STATUS"]),
            "etat": told["etat"],
            "guichet": told["guichet"]["etat"],
            "ld": data["eventStatus"].rpartition("/")[2],
            "offer": "offers" in data,
        }

    return published_state


def test_to_come_and_open(publish_and_read):
    assert publish_and_read() == {
        "badges": [OPEN],
        "notice": None,
        "action": "Réserver ma place",
        "ics": "CONFIRMED",
        "etat": "prevue",
        "guichet": "ouverte",
        "ld": "EventScheduled",
        "offer": True,
    }


def test_full_by_registrations(publish_and_read, register_people):
    register_people("anne", "bruno")
    assert publish_and_read() == {
        "badges": [WAITING],
        "notice": "Cette étape est complète.",
        "action": "Rejoindre la liste d’attente",
        "ics": "CONFIRMED",
        "etat": "complete",
        "guichet": "liste_attente",
        "ld": "EventScheduled",
        "offer": True,
    }
    assert publish_and_read(capacite=1)["etat"] == "complete"


def test_postponed_without_a_date(publish_and_read):
    assert publish_and_read(statut="reportee") == {
        "badges": ["Reportée"],
        "notice": "Cette étape est reportée.",
        "action": None,
        "ics": "TENTATIVE",
        "etat": "reportee",
        "guichet": "fermee",
        "ld": "EventPostponed",
        "offer": False,
    }


def test_cancelled(publish_and_read, client):
    state = publish_and_read(statut="annulee")
    assert (state["badges"], state["notice"], state["action"]) == (["Annulée"], "Cette étape est annulée.", None)
    assert (state["ics"], state["ld"], state["guichet"]) == ("CANCELLED", "EventCancelled", "fermee")
    assert "préparent le programme" not in text(client.get("/etapes/dole/"))


def test_past_with_its_report_its_attendance_and_the_fiches(publish_and_read, client):
    state = publish_and_read(
        date=in_days(-20),
        participants=74,
        compte_rendu=[{"type": "citation", "value": {"texte": "Nous étions là.", "auteur": "", "fonction": ""}}],
    )
    assert (state["badges"], state["notice"], state["action"]) == (["Terminée"], None, None)
    page = text(client.get("/etapes/dole/"))
    assert "Nous étions là." in page and "74 personnes" in page
    assert EtapePage.objects.get().etat == "passee"


def test_the_contact_of_an_organiser_is_shown_only_once_they_agreed(etape, client):
    etape.organisations.update(contact_nom="Jeanne Marmier", contact_telephone="03 81 00 00 01")
    assert "Jeanne Marmier" not in text(client.get("/etapes/dole/"))
    etape.organisations.update(contact_public=True)
    page = text(client.get("/etapes/dole/"))
    assert "Jeanne Marmier" in page and "03 81 00 00 01" in page
