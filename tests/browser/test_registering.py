"""Somebody comes to an étape, and its organiser welcomes them: with a script and without, on a phone and on a desk."""

import re
import sqlite3
from contextlib import closing
from uuid import UUID

import pytest

from tests.browser.largeurs import faults, faults_for_staff
from tests.browser.mails import text_to
from tests.browser.screens import FULL, OPEN, register

CANCELLED = "/etapes/la-foret-l-atelier-et-le-voisin/"
DOOR = "SELECT cle FROM rallynov_etapes_inscription WHERE courriel = ?"


def links(body):
    return re.findall(r"http://127\.0\.0\.1:\d+(/inscription/\S+/)", body)


def test_somebody_registers_and_gives_the_place_back(visit, server):
    page, courriel = visit(width=360), "jeanne@tilleuls.test"
    register(page, OPEN, courriel)
    page.wait_for_url("**/inscription/confirmee/")
    problems = faults(page)
    assert page.locator("h1").inner_text() == "Votre place est réservée"
    letter = text_to(server, courriel, "Votre place est réservée")
    assert "Se déplacer quand tout est loin" in letter and "Ancienne gare des marchandises" in letter
    page.goto(links(letter)[0])
    problems += faults(page)
    assert page.locator(".desk__qr svg").count() == 1
    assert "Jeanne Marmier" in page.locator("main").inner_text()
    page.get_by_role("button", name="Annuler mon inscription").click()
    page.wait_for_load_state()
    assert "Votre inscription est annulée" in page.locator("main").inner_text()
    problems += faults(page)
    assert text_to(server, courriel, "Votre inscription est annulée")
    assert problems == []


@pytest.mark.nightly
def test_a_full_etape_keeps_a_turn_and_what_is_closed_says_so(visit, server):
    """The other states, each open to everyone: what is missing, a turn in the list, a link that opens nothing, no desk."""
    page, courriel = visit(), "attend@tilleuls.test"
    page.goto(f"{FULL}inscription/")
    assert page.locator("h1").inner_text() == "Rejoindre la liste d’attente"
    problems = faults(page)
    page.locator("form.form button[type=submit]").click()
    page.locator("resume-erreurs section").wait_for()
    problems += faults(page)
    register(page, FULL, courriel)
    page.wait_for_url("**/inscription/liste-d-attente/")
    problems += faults(page)
    page.goto(links(text_to(server, courriel, "liste d’attente"))[0])
    assert re.search(r"numéro \d+ sur la liste d’attente", page.locator("main").inner_text())
    problems += faults(page)
    for address in ("/inscription/rien-de-tel/", f"{CANCELLED}inscription/"):
        page.goto(address)
        problems += faults(page)
    visit.faults[:] = [fault for fault in visit.faults if not re.search("404|409|410|422", fault)]
    assert problems == []


def test_the_organiser_writes_to_all_checks_in_by_phone_and_takes_the_kit(visit, staff, server):
    courriel = "au-guichet@tilleuls.test"
    register(visit(), OPEN, courriel)
    text_to(server, courriel, "Votre place est réservée")

    # From the list of the étapes to who comes to hers.
    page = staff("partenaire", width=360)
    page.goto("/admin/etapes/")
    page.get_by_role("link", name=re.compile("Inscriptions, Se déplacer quand tout est loin")).click()
    assert "au-guichet@tilleuls.test" in page.locator("main").inner_text()
    verb = page.get_by_role("button", name="Est là – Jeanne Marmier").first.bounding_box()
    assert verb["x"] + verb["width"] <= 360, "at the door, beside the name on the same screen"
    address, wrong = page.url, faults_for_staff(page)

    # Somebody phones: Enter in the name registers nobody before the other fields are read.
    page.locator("[name=ajout-nom]").fill("Odile Prost")
    page.locator("[name=ajout-nom]").press("Enter")
    page.wait_for_timeout(500)
    assert page.locator("[name=ajout-nom]").input_value() == "Odile Prost"
    page.get_by_role("button", name="Inscrire", exact=True).click()
    page.get_by_text(re.compile("Odile Prost est inscrit")).wait_for()

    # One mail to all, seen before it leaves.
    page.get_by_role("link", name="Écrire aux inscrits").click()
    page.locator("[name=objet]").fill("Le car")
    page.get_by_label("Texte").fill("Le car part à {lieu}. À bientôt, {nom}.")
    page.get_by_role("button", name="Voir ce que cela donne").click()
    wrong += faults_for_staff(page)
    assert "Le car part à Ancienne gare des marchandises" in page.locator(".letter__paper").inner_text()
    page.get_by_role("button", name=re.compile("^Envoyer à")).click()
    page.wait_for_url(address)
    assert "À bientôt, Jeanne Marmier." in text_to(server, courriel, "Le car part")

    # At the door, the phone reads the code: one button.
    with closing(sqlite3.connect(server.folder / "db.sqlite3", timeout=30)) as database:
        [(key,)] = database.execute(DOOR, (courriel,)).fetchall()
    page.goto(f"/admin/etapes/arrivee/{UUID(key)}/")
    wrong += faults_for_staff(page)
    page.get_by_role("button", name="Est là").click()
    page.get_by_text("Est là depuis").wait_for()
    wrong += faults_for_staff(page)

    # One click, one file.
    page.goto(address)
    kit = page.request.get(page.get_by_role("link", name="Le kit entier (PDF)").get_attribute("href"), timeout=120_000)
    assert (kit.headers["content-type"], kit.body()[:5]) == ("application/pdf", b"%PDF-")
    assert wrong == []
