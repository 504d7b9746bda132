"""Who has a place: capacity, the waiting list, what organisers may do beyond it."""

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from etapes.inscriptions import registration_transitions
from etapes.models import EtapePage, Inscription
from tests.etapes.conftest import subjects


def states(etape):
    return dict(etape.inscrits.values_list("nom", "etat"))


def test_the_first_who_asked_is_the_first_to_get_a_place_back(
    etape, register_people, django_capture_on_commit_callbacks
):
    anne, *_others = register_people("anne", "bruno", "carole", "denis")
    with django_capture_on_commit_callbacks(execute=True):
        assert registration_transitions.cancel(inscription=anne) is True
    assert states(etape) == {
        "Anne": "annulee",
        "Bruno": "confirmee",
        "Carole": "confirmee",
        "Denis": "attente",
    }
    assert ("carole@x.test", "Vous avez une place : Étape à Dole") in subjects()
    assert "denis@x.test" not in [to for to, _subject in subjects()]


def test_who_cancels_from_the_waiting_list_takes_nobodys_place(etape, register_people):
    _anne, _bruno, carole, _denis = register_people("anne", "bruno", "carole", "denis")
    registration_transitions.cancel(inscription=carole)
    assert states(etape) == {"Anne": "confirmee", "Bruno": "confirmee", "Carole": "annulee", "Denis": "attente"}


def test_fewer_places_than_people_put_nobody_out(etape, register_people):
    register_people("anne", "bruno")
    etape.capacite = 1
    etape.save_revision().publish()
    assert list(states(etape).values()) == ["confirmee", "confirmee"]
    assert etape.guichet.restantes == 0


def test_an_etape_said_to_be_full_gives_no_place_back(etape, register_people):
    anne, _bruno, _carole = register_people("anne", "bruno", "carole")
    etape.statut = "complete"
    etape.save_revision().publish()
    registration_transitions.cancel(inscription=anne)
    assert states(etape)["Carole"] == "attente"


def test_nobody_moves_up_once_the_etape_is_cancelled(etape, register_people):
    anne, _bruno, _carole = register_people("anne", "bruno", "carole")
    etape.statut = "annulee"
    etape.save_revision().publish()
    registration_transitions.cancel(inscription=anne)
    assert states(etape)["Carole"] == "attente"


def test_without_a_number_of_places_everybody_gets_one(etape, register_people):
    EtapePage.objects.update(capacite=None)
    etape.refresh_from_db()
    register_people(*"abcdefgh")
    assert set(states(etape).values()) == {"confirmee"}
    assert etape.guichet.restantes is None


def test_an_organiser_gives_a_place_beyond_the_number(
    etape, register_people, organiser, django_capture_on_commit_callbacks
):
    _anne, _bruno, carole, denis = register_people("anne", "bruno", "carole", "denis")
    with django_capture_on_commit_callbacks(execute=True):
        assert registration_transitions.give_place(inscription=denis, by=organiser) is True
    assert registration_transitions.give_place(inscription=denis, by=organiser) is False
    assert states(etape) == {"Anne": "confirmee", "Bruno": "confirmee", "Carole": "attente", "Denis": "confirmee"}
    assert subjects() == [("denis@x.test", "Vous avez une place : Étape à Dole")]
    assert carole.etat == "attente"


def test_an_organiser_writes_somebody_down_when_the_desk_is_closed_and_without_an_address(etape, organiser):
    EtapePage.objects.update(inscriptions="fermees")
    etape.refresh_from_db()
    inscription, new = registration_transitions.register(etape=etape, nom="Par téléphone", by=organiser)
    assert (new, inscription.etat, inscription.ajoutee_par) == (True, "confirmee", organiser)
    again, new = registration_transitions.register(etape=etape, nom="Par téléphone", by=organiser)
    assert new and again != inscription  # without an address, two people may have one name
    assert mail.outbox == []


def test_the_public_can_not_register_at_a_closed_desk(etape):
    EtapePage.objects.update(inscriptions="fermees")
    with pytest.raises(
        registration_transitions.RegistrationRefused, match="Les inscriptions à cette étape sont fermées."
    ):
        registration_transitions.register(etape=etape, nom="Anne", courriel="anne@x.test")
    assert not Inscription.objects.exists()


def test_the_database_itself_holds_one_registration_for_an_address(etape, register_people):
    register_people("anne")
    with pytest.raises(IntegrityError), transaction.atomic():
        Inscription.objects.create(etape=etape, nom="Bis", courriel="anne@x.test", etat="confirmee")
    Inscription.objects.create(etape=etape, nom="Sans adresse", etat="confirmee")
    Inscription.objects.create(etape=etape, nom="Sans adresse", etat="confirmee")
    assert etape.inscrits.count() == 3


def test_a_person_who_waits_does_not_count_for_a_place(etape, register_people):
    register_people("anne", "bruno", "carole")
    assert EtapePage.objects.with_places().get().prises == 2
    assert etape.inscrits.waiting().count() == 1
