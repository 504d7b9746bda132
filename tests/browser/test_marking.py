"""The language of a passage, as who writes marks it."""

import re

from playwright.sync_api import expect


def draft(page):
    page.goto("/admin/fiches/?q=boîte+à+outils+du+quartier")
    page.locator("tbody td.title a").first.click()
    page.wait_for_url("**/edit/")
    return re.search(r"/pages/(\d+)/", page.url)[1]


def save_draft(page):
    page.keyboard.press("Control+s")
    expect(page.get_by_text("a été mise à jour")).to_be_visible()


def test_words_are_marked_as_german_and_the_page_says_so(staff):
    page = staff("partenaire")
    pk = draft(page)
    text = page.locator(".public-DraftEditor-content").first
    text.click()
    page.keyboard.press("Control+a")
    page.get_by_role("button", name="Passage en allemand").click()
    expect(page.locator(".Draftail-ToolbarButton--active[name=PASSAGE_DE]")).to_be_visible()
    held = page.locator("input[name^='corps-'][name$='-value']").first
    expect(held).to_have_value(re.compile("PASSAGE_DE"))  # the editor gives its text to the form after a moment
    save_draft(page)
    page.goto(f"/admin/pages/{pk}/view_draft/")
    expect(page.locator("article span[lang=de]").first).not_to_be_empty()
