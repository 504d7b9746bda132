"""The screen of one innovation: a morning of reading and deciding, without JavaScript, and with the keyboard alone."""

import re
from datetime import date, timedelta

from tests.browser.conftest import at_each_width, horizontal_overflow
from tests.browser.forms import admin_message, with_plain_spaces
from tests.browser.test_admin import own_violations

TO_APPROVE, TO_CORRECT = "Le lait de nuit", "Une tournée à deux"


def read_and_decide(page, title):
    page.goto("/admin/")
    # The demo's is the first; other tests send dossiers of this name.
    page.get_by_role("row").filter(has_text=title).get_by_role("link", name="Lire et décider").first.click()
    page.wait_for_url(re.compile(r"/dossiers/\d+/$"))


def press(page, role, name):
    """Presses what has the focus, as one does with the keyboard alone."""
    page.get_by_role(role, name=name, exact=True).first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def part(page, name):
    return with_plain_spaces(page.locator(f"section[aria-labelledby={name}]").inner_text())


def test_a_moderators_morning_without_leaving_the_screen(staff):
    reader = staff("redaction", javascript=False)
    read_and_decide(reader, TO_CORRECT)
    assert "Ce qui a changé" in part(reader, "changements")
    box = reader.get_by_label("à corriger : Résumé en deux phrases")
    box.focus()
    reader.keyboard.press("Space")
    press(reader, "button", "Écrire les raisons…")
    assert "dossier3@dossiers.example" in with_plain_spaces(reader.locator("main").inner_text())
    press(reader, "button", "Demander ces corrections")
    assert "Les corrections sont demandées." in admin_message(reader)
    press(reader, "link", "Refuser ce dossier…")
    reader.get_by_label("Motif", exact=True).fill("Par erreur.")
    press(reader, "button", "Refuser ce dossier")
    press(reader, "button", "Annuler cette décision")
    assert "La décision est annulée" in admin_message(reader)

    read_and_decide(reader, TO_APPROVE)
    reader.get_by_label("Votre réponse").fill("Nous lisons votre dossier.")
    press(reader, "button", "Envoyer la réponse")
    assert "Nous lisons votre dossier." in part(reader, "messages")
    assert "Personne n’est prévenu." in part(reader, "decider")
    press(reader, "button", "Transmettre à l’approbation")
    assert f"« {TO_APPROVE} » est transmise" in admin_message(reader)
    press(reader, "link", "Voir ou annuler cette décision")
    assert "Si vous l’annulez, la page revient à sa relecture." in part(reader, "annuler")
    press(reader, "button", "Annuler cette décision")
    press(reader, "button", "Transmettre à l’approbation")

    moderator = staff("moderation", javascript=False, width=360)
    read_and_decide(moderator, TO_APPROVE)
    assert "Un courriel prévient dossier4@dossiers.example" in part(moderator, "decider")
    when = moderator.get_by_label("En ligne à partir du")
    for typed in ("", "24122030"):  # the hour is missing
        when.focus()
        moderator.keyboard.type(typed)
        moderator.keyboard.press("Enter")
        moderator.wait_for_timeout(300)
        assert "Approuver et publier" in part(moderator, "decider")
    moderator.get_by_role("button", name="Approuver et publier").click()
    moderator.wait_for_timeout(300)
    assert "Approuver et publier" in part(moderator, "decider")
    day = date.today() + timedelta(days=3)
    moderator.get_by_label("En ligne à partir du").fill(f"{day}T10:00")
    press(moderator, "button", "Approuver et publier")
    assert "Elle sera en ligne à partir du" in admin_message(moderator)
    moderator.goto("/admin/candidatures/dossiers/?q=dossier4")
    moderator.get_by_role("link", name="Fruitière du Haut-Jura").click()
    moderator.wait_for_url(re.compile(r"/dossiers/\d+/$"))
    assert "Annuler la mise en ligne…" in part(moderator, "decider")
    assert part(moderator, "contenu").count("identique") > 5


def test_the_screen_is_open_to_everyone_with_a_dossier_and_without(staff):
    page = staff("redaction", reduced_motion="reduce")
    page.goto("/admin/candidatures/dossiers/?q=dossier2")
    page.locator("td.title a").first.click()
    page.wait_for_url(re.compile(r"/dossiers/\d+/$"))
    assert at_each_width(page, lambda page: [*own_violations(page), *horizontal_overflow(page)]) == []
    page.goto(re.sub(r"/admin/.*", "/admin/fiches/", page.url))
    with page.expect_navigation():
        page.locator("tbody").get_by_role("link", name="La recette d’une organisation partagée").first.click()
    page.goto(page.url.replace("/pages/", "/redaction/innovations/").replace("edit/", ""))
    page.get_by_role("heading", name="Ce qui sera publié").wait_for()
    assert at_each_width(page, lambda page: [*own_violations(page), *horizontal_overflow(page)]) == []
