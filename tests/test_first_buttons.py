"""Enter, pressed in a field, presses the first button of its form: it is one that loses, sends and publishes nothing unasked."""

import pytest
from bs4 import BeautifulSoup

from tests.test_access import cast as cast
from tests.test_access import lines
from tests.test_access import stage as stage

pytestmark = pytest.mark.django_db

TYPED = (
    "input:not([type]), input[type=text], input[type=email], input[type=search], input[type=url], input[type=number]"
)
SUBMITS = "button:not([type=button]):not([type=reset]), input[type=submit]"
HARMLESS = {"Enregistrer le brouillon", "Rechercher", "Afficher l’aperçu"}


def words(button):
    return " ".join((button.get_text() or button.get("value", "")).split())


def first_buttons(response):
    """The first button of each form in which Enter would press one of several. One of method "dialog" sends nothing."""
    for form in BeautifulSoup(response.content, "html.parser").find_all("form"):
        buttons = form.select(SUBMITS)
        if len(buttons) > 1 and form.select(TYPED) and buttons[0].get("formmethod") != "dialog":
            yield words(buttons[0])


def test_the_first_button_of_each_form_is_harmless(client, tree, cast):
    people, names = cast
    client.force_login(people["admin"])
    found = {}
    for address, _below, expected in lines():
        if expected["admin"] == 200:
            response = client.get(address.format(**names))
            if response.get("Content-Type", "").startswith("text/html") and not response.streaming:
                found |= dict.fromkeys(first_buttons(response), address)
    assert {button: address for button, address in found.items() if button not in HARMLESS} == {}
