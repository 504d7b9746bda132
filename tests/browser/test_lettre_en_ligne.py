"""The letter of the road: a reader subscribes and confirms, an editor composes an issue and sends it, one copy comes, and one
click stops it. Each state is open to everyone, on a phone and on a desk."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import wait_until_settled
from tests.browser.forms import (
    admin_message,
    backdate_form,
    fill_fields,
    fill_title,
    is_draft_saved,
    press_button,
    press_in_menu,
)
from tests.browser.largeurs import faults, faults_for_staff
from tests.browser.mails import mail_to, mails, plain_text

pytestmark = pytest.mark.nightly

READER, TITLE = "lectrice-de-la-route@tilleuls.test", "Carnet de route n° 3"
PULLED_IN = "La fruitière ouverte"
LINK = re.compile(r"http://127\.0\.0\.1:\d+(/abonnement/\S+/)")

NO_PAGE = ("landmark-one-main", "region")
"""A mail is no page: the program that shows it has the landmarks."""


def test_an_issue_is_composed_sent_once_and_stopped_in_one_click(visit, staff, server):
    reader, editor = visit(), staff("redaction")
    problems = subscribe(reader)
    problems += confirm(reader, server)
    compose(editor)
    problems += read_before_publishing(editor)
    publish(editor)
    problems += send(editor)
    letter = mail_to(server, READER, PULLED_IN)
    assert letter["Subject"].startswith(TITLE)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    problems += read_in_a_mail_program(visit(), letter)
    problems += stop(reader, letter)
    assert [each["Subject"] for each in mails(server) if each["To"] == READER].count(letter["Subject"]) == 1
    visit.faults[:] = [fault for fault in visit.faults if "404" not in fault and "422" not in fault]  # meant to be
    assert problems == []


def subscribe(page):
    page.goto("/carnets/")
    page.get_by_role("link", name="Recevoir les carnets de route par courriel").click()
    problems = faults(page)
    page.get_by_label("Votre courriel").fill("lectrice")
    page.locator("form.form button[type=submit]").click()
    page.locator("#id_courriel_error").wait_for()
    assert page.get_by_label("Votre courriel").input_value() == "lectrice"
    problems += faults(page)
    page.get_by_label("Votre courriel").fill(READER)
    backdate_form(page)
    page.locator("form.form button[type=submit]").click()
    page.wait_for_url("**/abonnement/envoye/")
    return [*problems, *faults(page)]


def confirm(page, server):
    """Opening the link confirms nothing: the button does."""
    page.goto(LINK.search(plain_text(mail_to(server, READER, "confirm")))[1])
    problems = faults(page)
    page.get_by_role("button", name="Confirmer").click()
    page.get_by_text("Votre abonnement est confirmé").wait_for()
    return [*problems, *faults(page)]


def compose(page):
    """From the road books' page: a heading, and a fiche pulled in."""
    page.goto("/admin/pages/")
    page.get_by_role("link", name=re.compile("^Explorer les sous-pages de.*Carnets de route")).click()
    page.get_by_role("link", name="Ajouter une sous-page").click()
    fill_title(page, TITLE)
    fill_fields(page, numero="3", date="26/11/2026", chapo="Ce que la route a vu.")
    page.get_by_role("button", name="Insérer un bloc").first.click()
    page.get_by_role("option", name="fiches").click()
    page.get_by_role("button", name="Choisir une fiche approuvée").click()
    dialogue = page.get_by_role("dialog")
    dialogue.get_by_role("link", name=PULLED_IN).first.click()
    dialogue.wait_for(state="detached")
    assert is_draft_saved(press_button(page, "Enregistrer le brouillon"), TITLE)


def read_before_publishing(page):
    """The draft as a page, as a mail and as a leaflet; and why it can't leave yet."""
    page.get_by_role("button", name="Afficher/masquer la prévisualisation").click()
    preview = page.frame_locator("[data-w-preview-target=iframe], iframe[title=Prévisualiser]").last
    preview.get_by_role("heading", name=PULLED_IN).wait_for()
    open_sending(page)
    mail = page.frame_locator("iframe[title='Aperçu du courriel']")
    mail.get_by_text(PULLED_IN).first.wait_for()
    leaflet = page.request.get(
        page.get_by_role("link", name="Le dépliant (PDF)").get_attribute("href"), timeout=120_000
    )
    assert (leaflet.headers["content-type"], leaflet.body()[:5]) == ("application/pdf", b"%PDF-")
    tick_read(page)
    page.get_by_role("button", name="Envoyer le carnet maintenant").click()
    page.get_by_text("n’est pas en ligne").wait_for()
    return faults_for_staff(page)


def open_sending(page):
    """By the menu beside the issue's title."""
    page.locator("header").get_by_role("button", name="Actions").first.click()
    page.get_by_role("link", name="Envoyer par courriel").click()


def tick_read(page):
    """Once the mail's preview, which comes as one scrolls down to it, no longer moves what is below."""
    box = page.get_by_label("J’ai relu le courriel")
    box.scroll_into_view_if_needed()
    page.frame_locator("iframe[title='Aperçu du courriel']").get_by_text(PULLED_IN).first.wait_for()
    wait_until_settled(page)
    box.check()


def publish(page):
    page.get_by_role("link", name="Retour au carnet").click()
    press_in_menu(page, "Publier")


def send(page):
    """One click; the screen reloads itself until all has left."""
    page.get_by_role("row").filter(has_text=TITLE).get_by_role("link", name=TITLE).click()
    open_sending(page)
    expect(page.get_by_role("heading", name="L’envoyer à 1 personne abonnée")).to_be_visible()
    tick_read(page)
    page.get_by_role("button", name="Envoyer le carnet maintenant").click()
    assert admin_message(page).startswith("L’envoi commence")
    expect(page.get_by_text("Exemplaires envoyés : 1")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name="Envoyer le carnet maintenant")).to_have_count(0)
    return faults_for_staff(page)


def read_in_a_mail_program(page, letter):
    """With no style but its own."""
    page.set_content(letter.get_body(("html",)).get_content())
    assert page.get_by_text(PULLED_IN).count()
    return faults(page, but=NO_PAGE)


def stop(page, letter):
    """By the link at the foot of the mail."""
    address = LINK.findall(plain_text(letter))[-1]
    page.goto(address)
    problems = faults(page)
    page.get_by_role("button", name="Arrêter mon abonnement").click()
    assert "Votre adresse est supprimée" in page.locator("main").inner_text()
    problems += faults(page)
    page.goto(address)
    assert "n’existe pas ou n’existe plus" in page.locator("h1").inner_text()
    return [*problems, *faults(page)]
