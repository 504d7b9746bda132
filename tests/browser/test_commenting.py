"""A reader says on a field what is to be mended; the author finds it, answers, and the remark is settled."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.forms import keep


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


@pytest.mark.parametrize(
    ("reader", "called", "author", "fiche"),
    [
        ("moderation", "Mona Modération", "redaction", "La pause partagée"),
        ("redaction", "Rémi Rédaction", "partenaire", "La boîte à outils du quartier"),
    ],
)
def test_a_remark_on_a_field_is_found_answered_and_settled(staff, reader, called, author, fiche):
    reading = staff(reader)
    reading.goto("/admin/fiches/")
    reading.locator("tbody").get_by_role("link", name=fiche).first.click()
    reading.wait_for_url("**/edit/")
    address, field = reading.url, reading.locator("[data-contentpath=chapo]")
    field.locator("textarea").hover()
    field.get_by_role("button", name="Ajouter un commentaire").click()
    reading.get_by_placeholder("Entrez votre commentaire").fill("Combien de personnes ?")
    reading.get_by_role("button", name="Commenter").click()
    expect(reading.locator("#comments li.comment")).to_contain_text("Combien de personnes ?")  # no longer being typed
    keep(reading)

    writing = staff(author)
    open_commented(writing)
    assert writing.url == address
    remark = reveal(writing)
    expect(remark).to_contain_text(called)
    expect(remark).to_contain_text("Combien de personnes ?")
    writing.locator("[data-contentpath=chapo]").get_by_role("button", name="commentaire").first.click()
    remark.get_by_placeholder("Entrez votre réponse").fill("Une soixantaine.")
    remark.get_by_role("button", name="Répondre").click()
    expect(remark).to_contain_text("Une soixantaine.")
    keep(writing)

    again = staff(reader)
    again.goto(address)
    expect(reveal(again)).to_contain_text("Une soixantaine.")

    settling = staff(author)
    open_commented(settling)
    remark = reveal(settling)
    # Held there: one that only the mouse is over lets go, and shuts its menu, when it moves from under it.
    settling.locator("[data-contentpath=chapo]").get_by_role("button", name="commentaire").first.click()
    expect(remark).to_have_class(re.compile("comment--focused"))
    remark.get_by_role("button", name="Plus d'actions").first.click()
    remark.get_by_role("menuitem", name="Archiver").first.click()
    expect(settling.locator("#comments li.comment")).to_have_count(0)
    keep(settling)
    expect(settling.locator("#comments li.comment")).to_have_count(0)
    settling.goto("/admin/")
    expect(settling.get_by_role("heading", level=1)).to_be_visible()
    expect(settling.get_by_role("link", name=re.compile("fiches? de vous commentée"))).to_have_count(0)
