"""Somebody of the staff moves an étape for which people are registered: who is told before, why, how many after, and moved back."""

import re

import pytest

from tests.browser.forms import admin_message, save_draft
from tests.browser.largeurs import faults_for_staff
from tests.browser.mails import mail_to
from tests.browser.screens import OPEN, register

pytestmark = pytest.mark.nightly

TITLE = "Se déplacer quand tout est loin"
PEOPLE = r"(\d+) personnes? ser(?:a|ont) prévenues? par courriel"


def number_in(text):
    return int(re.search(PEOPLE, text)[1])


def test_an_etape_is_moved_people_are_named_before_counted_after_and_moved_back(visit, staff, server):
    courriel = "deplacee@tilleuls.test"
    register(visit(), OPEN, courriel)
    mail_to(server, courriel, "Votre place est réservée")

    page = staff("admin", width=360, reduced_motion="reduce")
    page.goto("/admin/etapes/")
    page.get_by_role("link", name=TITLE, exact=True).first.click()
    page.wait_for_url("**/edit/")
    form = page.url
    before = page.locator("#id_date").input_value()
    day, month, year = before.split("/")
    page.locator("#id_date").fill(f"{day}/{month}/{int(year) + 1}")
    save_draft(page)

    # Before: who, and room for a reason. Nothing is published yet.
    page.locator("footer").get_by_role("button", name="Plus d'actions").click()
    page.locator("footer").get_by_role("button", name="Publier", exact=True).click()
    page.wait_for_url("**/publier/")
    main = page.locator("main")
    shown = number_in(main.inner_text())
    assert "Jeanne Marmier" in main.inner_text()
    assert faults_for_staff(page) == []
    page.get_by_label("Motif").fill("La salle est fermée.")
    page.get_by_role("button", name=re.compile(r"^Publier et prévenir")).click()

    # After: how many, at what time. The former date, published again, tells nobody.
    page.wait_for_url(form)
    assert number_in(admin_message(page)) == shown
    assert faults_for_staff(page) == []
    page.locator("#id_date").fill(before)
    save_draft(page)
    page.locator("footer").get_by_role("button", name="Plus d'actions").click()
    page.locator("footer").get_by_role("button", name="Publier", exact=True).click()
    page.wait_for_url("**/publier/")
    assert "ne partir" in main.inner_text()
    assert faults_for_staff(page) == []
    page.get_by_role("button", name="Publier l’étape").click()
    page.wait_for_url(form)
    assert page.locator("#id_date").input_value() == before
