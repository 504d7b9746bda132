"""A reader follows a search: from the list to the mail, to the new fiche, to the stop; with a script and without."""

import re
import subprocess
import sys

import pytest

from tests.browser.conftest import ROOT
from tests.browser.forms import backdate_form
from tests.browser.largeurs import faults
from tests.browser.mails import text_to

PUBLISH = """
from fiches.models import FicheIndexPage, FichePage
fiche = FichePage(title={title!r}, organisation="Les Tilleuls", live=False)
FicheIndexPage.objects.get().add_child(instance=fiche)
fiche.save_revision().publish()
from fiches.diffusion import alerts
alerts.announce()
"""


def publish(server, title):
    """By code, in another process, as the scheduled publications are."""
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", PUBLISH.format(title=title)]
    subprocess.run(command, cwd=ROOT, env=server.variables, check=True)


def links(body):
    return re.findall(r"http://127\.0\.0\.1:\d+(/abonnement/\S+)", body)


@pytest.fixture
def follow(visit, server):
    """``follow(page, word, courriel)``: from the list of what is searched to the link that confirms, which the mail has."""

    def ask(page, word, courriel):
        page.goto(f"/fiches/?q={word}")
        page.get_by_role("link", name="Suivre cette recherche").click()
        assert f"Innovations avec «\xa0{word}\xa0»" in page.locator("main").inner_text()
        page.get_by_label("Votre courriel").fill(courriel)
        backdate_form(page)
        page.get_by_role("button", name="J’accepte\xa0: recevoir le lien de confirmation").click()
        page.wait_for_url("**/suivre/envoye/")
        [link] = links(text_to(server, courriel, "Bonjour"))
        return link

    return ask


def stop(page, visit, link, arret):
    page.goto(arret)
    page.get_by_role("button", name="Arrêter mon abonnement").click()
    assert page.locator("h1").inner_text() == "Votre abonnement est arrêté"
    page.goto(link)
    assert page.locator("h1").inner_text() == "Cet abonnement n’existe pas ou n’existe plus"
    assert visit.faults == [fault for fault in visit.faults if "404" in fault]
    visit.faults.clear()


@pytest.mark.nightly
def test_a_search_is_followed_and_stopped_and_each_step_is_open_to_everyone(visit, server, follow):
    page, courriel = visit(width=360), "lectrice@tilleuls.test"

    def read():
        assert faults(page) == []

    page.goto("/fiches/suivre/?q=martre&departement=25&bbox=nan")
    read()
    page.get_by_label("Votre courriel").fill("personne")
    page.get_by_role("button", name="J’accepte\xa0: recevoir le lien de confirmation").click()
    page.locator("#id_courriel_error").wait_for()
    read()
    visit.faults.clear()  # the browser's own word on a 422
    link = follow(page, "zibeline", courriel)
    read()
    page.goto(link)
    read()
    page.get_by_role("button", name="Confirmer mon abonnement").click()
    assert "Votre abonnement est confirmé" in page.locator("main").inner_text()
    read()
    publish(server, "La zibeline des bois")
    told = text_to(server, courriel, "Voici les nouvelles innovations")
    assert "La zibeline des bois" in told
    page.goto(links(told)[-1])
    read()
    stop(page, visit, link, page.url)
    read()
