"""What several test modules of this room do and read on its screens."""

import re
import socket
import time

from tests.browser.forms import backdate_form
from tests.browser.mails import text_to


def link_from_mail(server, courriel, wanted="/candidature/"):
    return re.search(rf"{wanted}\S+", text_to(server, courriel, wanted))[0]


def save_and_continue(page):
    page.get_by_role("button", name="Enregistrer et continuer", exact=True).click()


OPEN, FULL = "/etapes/se-deplacer-quand-tout-est-loin/", "/etapes/decider-a-plusieurs/"


def register(page, address, courriel):
    """Fills in the form as a person does."""
    page.goto(address)
    page.locator(f"a[href$='{address}inscription/']").click()
    page.get_by_label("Votre nom").fill("Jeanne Marmier")
    page.get_by_label("Votre courriel").fill(courriel)
    page.get_by_label("J’accepte que les organisateurs").check()
    backdate_form(page)
    page.locator("form.form button[type=submit]").click()


# Seconds.
PATIENCE = 60


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def until(condition, patience=PATIENCE):
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.1)
    raise TimeoutError
