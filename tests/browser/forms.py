"""What staff do in the admin's forms, in the words that they see there."""

import re
import time

from django.core import signing
from playwright.sync_api import expect

from config.settings.dev import SECRET_KEY
from fiches.forms import throttle

DRAFT = "Enregistrer le brouillon"
ERRORS = """() => Object.fromEntries(
  [...document.querySelectorAll(".w-field__errors")]
    .filter((errors) => errors.textContent.trim())
    .map((errors) => [errors.closest("[data-field]").querySelector("[name]").name, errors.textContent]),
)"""
WATCHED = """() => new Promise((done) => {
  const look = () => (wagtail.app.queryController("w-unsaved").initialFormData ? setTimeout(done, 1500) : setTimeout(look, 50));
  look();
})"""


def open_new_form(page, kind):
    """Opens the form of a new fiche or étape, by the address of the button of their list."""
    page.goto(f"/admin/{kind}s/choose_parent/")


def backdate_form(page):
    """Dates the public form from a minute ago: one that is sent within two seconds is refused."""
    mark = signing.dumps(time.time() - 60, key=SECRET_KEY, salt=throttle.SALT)
    page.locator("main [name=depart]").evaluate("(field, mark) => { field.value = mark; }", mark)


def open_tab(page, name):
    page.get_by_role("tab", name=re.compile(f"^{name}")).click()


def fill_fields(page, **values):
    """Fills fields by their names; they are in the tab that is open."""
    for name, value in values.items():
        page.locator(f"#id_{name}").fill(value)


def type_on(field, first, last, *, asked):
    """Types ``first``, whose suggestions are ``asked`` for and never come, then the letter ``last``, whose do."""
    whole = f"q={first}{last}"
    field.page.route(asked, lambda route: route.continue_() if route.request.url.endswith(whole) else None)
    with field.page.expect_request(lambda request: request.url.endswith(f"q={first}")):
        field.press_sequentially(first)
    field.press_sequentially(last)


def wait_until_watched(page):
    """Waits until Wagtail compares the form with what it was when it opened: two seconds after. On some pages it takes that copy twice,
    a tenth of a second apart, more on a busy machine: what is typed between the two is not seen as a change."""
    page.evaluate(WATCHED)


def fill_title(page, title):
    """Writes the title; the page's address follows."""
    fill_fields(page, title=title)
    page.locator("#id_title").press("Tab")
    expect(page.locator("#id_slug")).not_to_have_value("")


def save_draft(page):
    """Saves the draft with the keyboard, wherever one is: a calendar may be open above the buttons."""
    with page.expect_event("domcontentloaded"):  # an autosave changes the address too, without a new page
        page.keyboard.press("Control+s")
    return admin_message(page)


def press_button(page, name):
    """Presses a button of the form, and waits for the page that comes next. What the admin says there."""
    with page.expect_event("domcontentloaded"):
        page.locator("footer, form").get_by_role("button", name=name, exact=True).last.click()
    return admin_message(page)


def press_in_menu(page, name):
    """The same for a button of the menu at the foot of the form."""
    page.locator("footer").get_by_role("button", name="Plus d'actions").click()
    return press_button(page, name)


def admin_message(page):
    """What the admin says above the page."""
    return with_plain_spaces(page.locator(".messages").first.inner_text())


def is_draft_saved(message, title):
    """Whether the admin says that the draft is saved. An autosave may have created its page before."""
    return message.startswith((f"Page « {title} » créée.", f"La page « {title} » a été mise à jour."))


def errors(page):
    """``{field: what is wrong with it}``."""
    return {name: with_plain_spaces(text) for name, text in page.evaluate(ERRORS).items()}


def with_plain_spaces(text):
    """With ordinary spaces only."""
    return " ".join(text.split())


def send_photo(page, content, *, title):
    """Chooses for the photo a new picture, sent from the chooser."""
    page.locator("#id_photo-chooser").get_by_role("button", name="Choisir une image").click()
    dialogue = page.get_by_role("dialog")
    dialogue.get_by_role("tab", name="Transférer").click()
    sent = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": content}
    dialogue.locator("input[type=file]").set_input_files(sent)
    dialogue.get_by_role("textbox", name="Titre").fill(title)
    dialogue.get_by_role("button", name="Transférer").click()
    dialogue.wait_for(state="detached")
