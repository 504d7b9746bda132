"""A reader says on a field what is to be mended; the author finds it, answers, and the remark is settled."""

import re

from playwright.sync_api import expect

from tests.browser.forms import save_draft


def open_commented(page):
    """From the home page of who wrote the fiche, by the line that tells of the comment."""
    page.goto("/admin/")
    page.get_by_role("link", name=re.compile("fiches? de vous commentée")).click()
    page.locator("td.title a").first.click()
    page.wait_for_url("**/edit/")


def reveal(page):
    """The comments, which the bubble above the form tells of."""
    page.get_by_role("button", name="Afficher/masquer les commentaires").click()
    return page.locator("#comments li.comment")


def test_a_remark_on_a_field_is_found_answered_and_settled(staff):
    reading, fiche = staff("redaction"), "La boîte à outils du quartier"
    reading.goto("/admin/fiches/")
    reading.locator("tbody").get_by_role("link", name=fiche).first.click()
    reading.wait_for_url("**/edit/")
    address, field = reading.url, reading.locator("[data-contentpath=chapo]")
    field.locator("textarea").hover()
    field.get_by_role("button", name="Ajouter un commentaire").click()
    reading.get_by_placeholder("Entrez votre commentaire").fill("Combien de personnes ?")
    reading.get_by_role("button", name="Commenter").click()
    expect(reading.locator("#comments li.comment")).to_contain_text("Combien de personnes ?")  # no longer being typed
    save_draft(reading)

    writing = staff("partenaire")
    open_commented(writing)
    assert writing.url == address
    remark = reveal(writing)
    expect(remark).to_contain_text("Rémi Rédaction")
    expect(remark).to_contain_text("Combien de personnes ?")
    writing.locator("[data-contentpath=chapo]").get_by_role("button", name="commentaire").first.click()
    remark.get_by_placeholder("Entrez votre réponse").fill("Une soixantaine.")
    remark.get_by_role("button", name="Répondre").click()
    expect(remark).to_contain_text("Une soixantaine.")
    save_draft(writing)

    reading.goto(address)
    expect(reveal(reading)).to_contain_text("Une soixantaine.")

    open_commented(writing)
    remark = reveal(writing)
    # Held there: one that only the mouse is over lets go, and shuts its menu, when it moves from under it.
    writing.locator("[data-contentpath=chapo]").get_by_role("button", name="commentaire").first.click()
    expect(remark).to_have_class(re.compile("comment--focused"))
    remark.get_by_role("button", name="Plus d'actions").first.click()
    remark.get_by_role("menuitem", name="Archiver").first.click()
    expect(writing.locator("#comments li.comment")).to_have_count(0)
    save_draft(writing)
    expect(writing.locator("#comments li.comment")).to_have_count(0)
    writing.goto("/admin/")
    expect(writing.get_by_role("heading", level=1)).to_be_visible()
    expect(writing.get_by_role("link", name=re.compile("fiches? de vous commentée"))).to_have_count(0)
