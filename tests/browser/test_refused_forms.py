"""A form that isn't taken: too many from one place, or open for too long. What was typed is still there, for everyone to read."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import at_each_width, horizontal_overflow, violations

pytestmark = pytest.mark.usefixtures(
    "untouched"
)  # its one process counts alone: without a shared cache, each counts for itself
TYPED = "Elle forme des personnes éloignées de l’emploi."


@pytest.fixture
def page(visit):
    """A tip, filled in and not sent."""
    page = visit()
    page.goto("/signaler/")
    page.get_by_label("Quelle organisation voulez-vous signaler").fill("Boulangerie")
    page.get_by_label("Que fait-elle de nouveau").fill(TYPED)
    return page


def page_violations(page, visit, *, status):
    """The page that answers: its faults by night on a narrow screen, by day on a wide one. The browser writes the status in its
    console, and nothing else."""
    with page.expect_response("**/signaler/") as answer:
        page.get_by_role("button", name="Envoyer le signalement").click()
    assert answer.value.status == status
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text(TYPED)
    expect(page.locator("main")).not_to_contain_text("depart")
    assert all(str(status) in fault for fault in visit.faults)
    visit.faults.clear()

    def look(page):
        page.emulate_media(color_scheme="dark" if page.viewport_size["width"] < 400 else "light")
        return violations(page) + horizontal_overflow(page)

    return at_each_width(page, look)


def test_a_form_that_was_open_for_too_long_gives_back_what_was_typed(page, visit):
    page.context.clear_cookies()
    assert page_violations(page, visit, status=403) == []


def test_one_form_too_many_gives_back_what_was_typed(page, visit):
    token = page.locator("main [name=csrfmiddlewaretoken]").input_value()
    empty, headers = {"csrfmiddlewaretoken": token}, {"Referer": page.url}
    while page.context.request.post("/signaler/", form=empty, headers=headers).status != 429:
        pass
    assert page_violations(page, visit, status=429) == []
