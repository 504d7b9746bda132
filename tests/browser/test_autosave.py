"""What is typed in the admin is saved by itself: a browser that crashes loses nothing, and a button sends the form once."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import at_each_width, violations
from tests.browser.forms import (
    admin_message,
    errors,
    fill_fields,
    fill_title,
    open_new_form,
    press_in_menu,
    save_draft,
    wait_until_watched,
)


@pytest.fixture
def redaction(staff):
    return staff("redaction")


def wait_until_saved(page):
    """Waits until the form says that all is saved."""
    expect(page.locator("#w-autosave-indicator")).to_have_attribute("data-w-autosave-state-value", "saved")


@pytest.mark.parametrize(("kind", "field"), [("fiche", "chapo"), ("etape", "title")])
def test_a_browser_that_crashes_loses_nothing(redaction, kind, field):
    page = redaction
    open_new_form(page, kind)
    wait_until_watched(page)
    if kind == "etape":
        fill_fields(page, date="12/06/2030")
    fill_title(page, f"Le four et la tempête ({kind})")
    wait_until_saved(page)
    expect(page).to_have_url(re.compile(r"/admin/pages/\d+/edit/"))
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.url == page.url):
        fill_fields(page, **{field: "Le four et la tempête, pour tout le village."})
    again = page.context.new_page()
    page.close(run_before_unload=False)
    again.goto(f"/admin/{kind}s/")
    with again.expect_navigation():
        again.get_by_role("link", name="Le four et la tempête").first.click()
    expect(again.locator(f"#id_{field}")).to_have_value("Le four et la tempête, pour tout le village.")
    assert at_each_width(again, lambda each: violations(each, inside="#w-autosave-indicator")) == []


@pytest.mark.nightly
def test_a_page_published_before_its_first_autosave_is_made_once(redaction):
    """The autosave has not come back when « Publier » is pressed."""
    page = redaction
    open_new_form(page, "etape")
    wait_until_watched(page)
    fill_fields(page, date="12/06/2030")
    with page.expect_request(lambda request: request.method == "POST" and "/add/" in request.url):
        fill_title(page, "La route des fours")
    page.locator("footer").get_by_role("button", name="Plus d'actions").click()
    page.locator("footer").get_by_role("button", name="Publier", exact=True).click()
    page.wait_for_url("**/admin/pages/*/")
    assert admin_message(page).startswith("La page « La route des fours » a été publiée.")
    page.goto("/admin/etapes/?q=La+route+des+fours")
    expect(page.get_by_role("link", name="La route des fours", exact=True)).to_have_count(1)


def test_what_is_typed_after_a_refused_submission_is_saved(redaction):
    """Wagtail never watches a form that it shows with errors: a block added then was lost, beside « Enregistré »."""
    page = redaction
    open_new_form(page, "fiche")
    wait_until_watched(page)
    fill_title(page, "Le four refusé")
    wait_until_saved(page)
    expect(page).to_have_url(re.compile(r"/admin/pages/\d+/edit/"))
    assert "Ce n’est pas fait" in press_in_menu(page, "Soumettre à la relecture")
    wait_until_saved(page)
    page.get_by_role("button", name="Insérer un bloc").first.click()
    page.get_by_role("option", name="texte").click()
    text = page.locator(".public-DraftEditor-content").first
    text.click()
    with page.expect_response(lambda answer: "Un four pour tous" in (answer.request.post_data or "")):
        page.keyboard.type("Un four pour tous")
    wait_until_saved(page)
    page.reload()  # sends nothing again
    expect(text).to_have_text("Un four pour tous")


def test_what_is_typed_while_an_autosave_is_on_its_way_is_saved_by_the_next(redaction):
    page = redaction
    open_new_form(page, "fiche")
    wait_until_watched(page)
    fill_title(page, "Le four pressé")
    wait_until_saved(page)
    expect(page).to_have_url(re.compile(r"/admin/pages/\d+/edit/"))
    held = []
    page.route(
        page.url, lambda route: held.append(route) if route.request.method == "POST" and not held else route.continue_()
    )
    with page.expect_request(lambda request: request.method == "POST" and request.url == page.url):
        fill_fields(page, chapo="Un four")
    fill_fields(page, chapo="Un four pour tous")
    page.wait_for_timeout(300)  # less than a turn of the watch
    with page.expect_response(lambda answer: "Un four pour tous" in (answer.request.post_data or "")):
        held[0].continue_()


@pytest.mark.nightly
def test_what_is_typed_beside_a_value_that_is_refused_is_never_lost_in_silence(redaction):
    """The head says that autosave is paused, and a link asks before it leaves."""
    page = redaction
    open_new_form(page, "etape")
    wait_until_watched(page)
    fill_title(page, "La route des lavoirs")
    wait_until_saved(page)
    fill_fields(page, numero="-5", title="La route des moulins")
    expect(page.locator("#w-autosave-indicator")).to_have_attribute("data-w-autosave-state-value", "paused")
    assert "L'enregistrement automatique est en pause" in page.locator(".footer__save-warning").inner_text()
    save_draft(page)
    assert list(errors(page)) == ["numero"]
    expect(page.locator("#w-autosave-indicator")).to_have_attribute("data-w-autosave-state-value", "paused")
    asked = []
    page.on("dialog", lambda dialog: asked.append(dialog.type) or dialog.dismiss())
    page.locator("#id_title").press("End")  # somebody is here
    page.evaluate("setTimeout(() => { location.href = '/admin/'; })")
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    fill_fields(page, numero="5")
    save_draft(page)
    page.goto(page.url)
    expect(page.locator("#id_title")).to_have_value("La route des moulins")
