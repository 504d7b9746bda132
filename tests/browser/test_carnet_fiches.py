"""The fiches of a road book are chosen several at once, with the keyboard, and each only once."""

import pytest
from playwright.sync_api import expect

from tests.browser.forms import fill_title, save_draft

pytestmark = pytest.mark.nightly


@pytest.fixture
def redaction(staff):
    return staff("redaction")


def chosen(page):
    """The titles of the fiches in the list, in order."""
    return page.locator("[data-contentpath=fiches] .chooser__title").all_inner_texts()


def take(page, *places, button="Ajouter"):
    """Opens the chooser, ticks the fiches at these places and adds them, with the keyboard only; returns their titles."""
    page.get_by_role("button", name=button, exact=True).last.press("Enter")
    rows = page.locator(".modal-dialog tbody tr")
    rows.first.wait_for()
    expect(page.locator(".modal")).to_be_focused()  # it takes the focus when it has come in, also from a row
    for place in places:
        rows.nth(place).locator("input[type=checkbox]").press("Space")
    titles = [rows.nth(place).locator("label").inner_text().strip() for place in places]
    page.locator(".modal-dialog [type=submit]").last.press("Enter")
    page.locator(".modal-dialog").wait_for(state="hidden")
    return titles


def test_fiches_are_chosen_several_at_once_in_order_and_each_only_once(redaction):
    page = redaction
    page.goto(f"/admin/pages/add/rallynov_carnets/carnetpage/{list_of_carnets(page)}/")
    fill_title(page, "Carnet d’essai")
    page.locator("#id_numero").fill("99")
    page.get_by_role("button", name="Insérer un bloc").last.click()
    page.get_by_role("option", name="fiches", exact=True).click()
    first = take(page, 3, 0, 2, button="Choisir une fiche approuvée")
    expect(page.locator("[data-contentpath=fiches] .chooser__title")).to_have_count(3)
    assert [title.rpartition(" (")[0] for title in chosen(page)] == first
    second = take(page, 1, 2)
    expect(page.get_by_text("Certaines de ces fiches sont déjà dans la liste.")).to_be_visible()
    assert [title.rpartition(" (")[0] for title in chosen(page)] == [*first, second[0]]
    save_draft(page)
    assert chosen(page) == [*first, second[0]]


def list_of_carnets(page):
    pages = "/admin/api/main/pages/"
    home = page.request.get(pages).json()["items"][0]["id"]
    found = page.request.get(f"{pages}?child_of={home}&limit=50").json()["items"]
    return next(each["id"] for each in found if each["meta"]["type"] == "rallynov_carnets.CarnetIndexPage")
