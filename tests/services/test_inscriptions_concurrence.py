"""Several at once, on PostgreSQL: the last seat goes to one, and nobody gets a place twice."""

import datetime
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import close_old_connections, connections
from django.utils import timezone

from etapes.inscriptions import annonces
from etapes.inscriptions.registration_transitions import cancel, move_up, register
from etapes.models import Annonce, Inscription
from fiches.models import Courriel
from tests.factories import EtapeIndexPageFactory, EtapePageFactory

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

ROUNDS = 20


@pytest.fixture
def begin(home_page):
    index = EtapeIndexPageFactory(parent=home_page)
    day = timezone.localdate() + datetime.timedelta(days=30)

    def make(capacite):
        return EtapePageFactory(parent=index, date=day, inscriptions="ouvertes", capacite=capacite)

    return make


def at_once(*acts):
    """What each act returned, all started together, each on its own connection."""
    barrier = Barrier(len(acts))

    def run(act):
        close_old_connections()
        barrier.wait()
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def person(etape, name):
    return partial(register, etape=etape, nom=name, courriel=f"{name}@x.test")


def states(etape):
    return Counter(etape.inscrits.values_list("etat", flat=True))


def test_two_people_take_the_last_seat_at_once_and_one_gets_it(begin):
    for _ in range(ROUNDS):
        etape = begin(1)
        at_once(person(etape, "anne"), person(etape, "bruno"))
        assert states(etape) == {"confirmee": 1, "attente": 1}


def test_a_crowd_never_gets_more_places_than_there_are(begin):
    etape = begin(3)
    at_once(*(person(etape, f"personne{number}") for number in range(10)))
    assert states(etape) == {"confirmee": 3, "attente": 7}


def test_one_person_who_presses_twice_is_registered_once(begin):
    for _ in range(ROUNDS):
        etape = begin(5)
        answers = at_once(person(etape, "anne"), person(etape, "anne"))
        assert sorted(new for _inscription, new in answers) == [False, True]
        assert states(etape) == {"confirmee": 1}


def test_one_place_given_back_while_another_registers_goes_to_who_waited(begin):
    for _ in range(ROUNDS):
        etape = begin(1)
        anne, _new = person(etape, "anne")()
        person(etape, "bruno")()
        at_once(partial(cancel, inscription=anne), person(etape, "carole"))
        assert dict(etape.inscrits.values_list("nom", "etat")) == {
            "anne": "annulee",
            "bruno": "confirmee",
            "carole": "attente",
        }


def test_one_place_moves_one_person_up_however_many_look(begin):
    for _ in range(ROUNDS):
        etape = begin(1)
        anne, _new = person(etape, "anne")()
        for name in ("bruno", "carole"):
            person(etape, name)()
        changed = at_once(partial(cancel, inscription=anne), partial(cancel, inscription=anne), partial(move_up, etape))
        assert sorted(changed[:2]) == [False, True]
        assert states(etape) == {"annulee": 1, "confirmee": 1, "attente": 1}
        told = Courriel.objects.filter(modele="inscription_place", sujet_id__in=etape.inscrits.values("pk"))
        assert told.count() == 1


def test_an_announcement_sent_twice_at_once_reaches_each_person_once(begin):
    etape = begin(None)
    for number in range(5):
        person(etape, f"personne{number}")()
    cle = uuid4()
    written = [Annonce(etape=etape, cle=cle, objet="Bonjour", texte="À demain", public="tous") for _ in range(3)]
    at_once(*[partial(annonces.send, annonce=each, by=None) for each in written])
    sent = Courriel.objects.filter(modele="inscription_annonce")
    assert Counter(courriel.destinataires[0] for courriel in sent) == {
        inscription.courriel: 1 for inscription in Inscription.objects.all()
    }
