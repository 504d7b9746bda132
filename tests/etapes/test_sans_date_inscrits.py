"""People registered for an étape that loses its date get one mail, stay registered, and get another with the new date."""

import datetime

import icalendar
import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from etapes.inscriptions import registration_transitions
from etapes.models import EtapeOrganisation, EtapePage, Inscription
from fiches.formats import day_of_week
from fiches.mail.outbox import send_pending
from fiches.models import Courriel
from fiches.models.enums import Envoi
from fiches.upkeep.retention import delete_too_old
from tests.etapes.conftest import in_days, subjects, text
from tests.factories import UserFactory


@pytest.fixture
def publish(etape, django_capture_on_commit_callbacks):
    """Publishes the étape changed, and returns the mails that leave ten minutes later."""

    def change(**fields):
        mail.outbox.clear()
        for name, value in fields.items():
            setattr(etape, name, value)
        with django_capture_on_commit_callbacks(execute=True):
            etape.save_revision().publish()
        Courriel.objects.filter(etat=Envoi.A_ENVOYER).update(prochain_essai=timezone.now())
        send_pending()
        return subjects()

    return change


def entry_of(message):
    """``(method, UID, SEQUENCE, STATUS, day)`` of the calendar file of a mail; None if it has none."""
    if not message.attachments:
        return None
    calendar = icalendar.Calendar.from_ical(message.attachments[0][1])
    [event] = calendar.events
    assert message.attachments[0][2].endswith(f"method={calendar['METHOD']}")
    return calendar["METHOD"], event["UID"], event["SEQUENCE"], event["STATUS"], event["DTSTART"].dt.date()


def test_a_date_taken_back_is_told_as_a_postponement_and_the_new_one_as_a_change(
    register_people, publish, etape, client
):
    register_people("anne", "bruno", "carole")
    before, hour = etape.date, timezone.now() - datetime.timedelta(hours=1)
    EtapePage.objects.update(first_published_at=hour, last_published_at=hour)
    etape.refresh_from_db()
    assert publish(date=None) == [(f"{name}@x.test", "Reportée : Étape à Dole") for name in ("anne", "bruno", "carole")]
    told = f"L’étape était annoncée pour : {day_of_week(before)}, 14 h – 17 h 30."
    assert [told in message.body.replace("\N{NO-BREAK SPACE}", " ") for message in mail.outbox] == [True] * 3
    anne, bruno, carole = (entry_of(message) for message in mail.outbox)
    assert anne == bruno == ("CANCEL", f"{etape.uid}@rallynov", anne[2], "CANCELLED", before)
    assert (anne[2] >= 3600, carole) == (True, None)
    assert ["de votre agenda" in message.body for message in mail.outbox] == [True, True, False]
    contents = client.get("/api/v1/etapes/dole").json()
    assert (contents["date"], contents["ics"], contents["etat"]) == (None, None, "complete")
    assert publish(chapo="Encore sans date.", debut=datetime.time(14), fin=datetime.time(17)) == []
    told = publish(date=in_days(60))
    assert told == [(f"{name}@x.test", "Changement : Étape à Dole") for name in ("anne", "bruno", "carole")]
    assert [bool(message.attachments) for message in mail.outbox] == [True, True, False]


def test_nobody_is_given_a_place_before_there_is_a_date(register_people, publish, browser, organiser, visitor, etape):
    _anne, _bruno, carole = register_people("anne", "bruno", "carole")
    publish(date=None, capacite=9)
    assert not Inscription.objects.get(pk=carole.pk).confirmee
    with pytest.raises(registration_transitions.RegistrationRefused):
        registration_transitions.register(etape=etape, nom="Denis", courriel="denis@x.test")
    team = browser(organiser)
    answer = team.post(reverse("etapes_inscriptions", args=[etape.pk]), {"ajout-nom": "Denis"})
    assert (answer.status_code, etape.inscrits.filter(nom="Denis").exists()) == (422, False)
    assert "Personne ne reçoit de place avant." in text(answer)
    team.post(reverse("etapes_inscriptions_agir", args=[etape.pk, carole.pk, "place"]))
    assert not Inscription.objects.get(pk=carole.pk).confirmee
    publish(date=in_days(60))
    assert Inscription.objects.get(pk=carole.pk).confirmee


def test_names_are_kept_a_year_at_most_and_contacts_as_long_as_it_is_to_come(register_people, publish, etape):
    register_people("anne", besoins="Un fauteuil")
    EtapeOrganisation.objects.update(contact_nom="Jean Petit")
    publish(date=None)
    delete_too_old(timezone.now() + datetime.timedelta(days=360))
    assert etape.inscrits.get().besoins == "Un fauteuil"
    delete_too_old(timezone.now() + datetime.timedelta(days=800))
    assert not etape.inscrits.exists()
    assert EtapeOrganisation.objects.get().contact_nom == "Jean Petit"
    assert EtapePage.objects.filter(pk=etape.pk).exists()


def test_who_registered_long_before_the_date_was_emptied_stays_a_year_after_it(register_people, publish, etape, client):
    register_people("anne")
    long_ago = timezone.now() - datetime.timedelta(days=500)
    etape.inscrits.update(demandee_le=long_ago)
    publish(date=None)
    publish(chapo="Encore sans date.")
    client.force_login(UserFactory(role="redaction"))
    assert "Date de l’étape vidée" in text(client.get(reverse("wagtailadmin_pages:history", args=[etape.pk])))
    delete_too_old(timezone.now() + datetime.timedelta(days=364))
    assert etape.inscrits.count() == 1
    delete_too_old(timezone.now() + datetime.timedelta(days=366))
    assert etape.inscrits.count() == 0
