"""Pages of étapes are kept ready for everyone, and still never say of places what is not so any more."""

import pytest

from etapes.inscriptions.registration_transitions import cancel
from tests.etapes.conftest import text

pytestmark = pytest.mark.usefixtures("keeps")


def places(browser, address):
    response = browser().get(address)
    found = [number for number in (1, 2) if f"{number} place{'s' if number > 1 else ''} libre" in text(response)]
    return (found or ["complète"])[0], "; hit" in response.headers.get("Cache-Status", "")


@pytest.mark.parametrize("address", ["/", "/etapes/", "/etapes/dole/"])
def test_a_place_taken_or_given_back_is_told_at_once(browser, etape, at, address):
    places(browser, address)
    assert places(browser, address) == (2, True)
    anne = at("anne")
    assert places(browser, address) == (1, False)
    at("bruno")
    assert places(browser, address)[0] == "complète"
    assert places(browser, address) == ("complète", True)
    cancel(inscription=anne)
    assert places(browser, address) == (1, False)


def test_what_the_api_says_follows(client, etape, at, django_capture_on_commit_callbacks):
    def left():
        return client.get("/api/v1/etapes/dole").json()["guichet"]["places_restantes"]

    assert left() == 2
    anne = at("anne")
    assert left() == 1
    with django_capture_on_commit_callbacks(execute=True):
        cancel(inscription=anne)
    assert left() == 2
