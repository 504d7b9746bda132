"""Pages of étapes are kept ready for everyone, and still never say of places what is not so any more."""

import pytest
from django.utils import timezone

from etapes.inscriptions.periodic_work import WITHOUT_DATE
from etapes.inscriptions.registration_transitions import cancel
from etapes.models import EtapePage, Inscription
from fiches.upkeep.personal_data.erasure import erase
from fiches.upkeep.personal_data.search import find_person
from fiches.upkeep.retention import delete_too_old
from tests.etapes.conftest import text

pytestmark = pytest.mark.usefixtures("enabled_response_cache")


def places(browser, address):
    response = browser().get(address)
    found = [number for number in (1, 2) if f"{number} place{'s' if number > 1 else ''} libre" in text(response)]
    return (found or ["complète"])[0], "; hit" in response.headers.get("Cache-Status", "")


@pytest.mark.parametrize("address", ["/", "/etapes/", "/etapes/dole/"])
def test_a_place_taken_or_given_back_is_told_at_once(browser, etape, register_people, address):
    places(browser, address)
    assert places(browser, address) == (2, True)
    anne = register_people("anne")
    assert places(browser, address) == (1, False)
    register_people("bruno")
    assert places(browser, address)[0] == "complète"
    assert places(browser, address) == ("complète", True)
    cancel(inscription=anne)
    assert places(browser, address) == (1, False)


def desk_in_the_api(client):
    etape = client.get("/api/v1/etapes/dole").json()
    return etape["etat"], etape["guichet"]["places_restantes"]


def test_the_erasure_of_a_registered_person_frees_the_place_in_the_api(client, etape, register_people):
    register_people("anne", "bruno")
    assert desk_in_the_api(client) == ("complete", 0)
    assert erase(find_person("anne@x.test"))["inscriptions"] == 1
    assert desk_in_the_api(client) == ("prevue", 1)


def test_the_retention_of_registrations_without_a_date_frees_the_places_in_the_api(client, etape, register_people):
    register_people("anne", "bruno")
    Inscription.objects.update(demandee_le=timezone.now() - 2 * WITHOUT_DATE)
    EtapePage.objects.update(date=None, commence_le=None, termine_le=None)
    assert desk_in_the_api(client) == ("complete", 0)
    delete_too_old()
    assert desk_in_the_api(client) == ("prevue", 2)
