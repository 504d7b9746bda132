"""A telephone at the bottom of a valley, at 400 kbit/s and 400 ms away: what one came for is read, and sent, with the page and
its style sheets alone. The pictures, the fonts and the scripts never come here."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.pages import FICHES, HOME

pytestmark = pytest.mark.nightly

BYTES_A_SECOND = 400_000 // 8
SLOW = {"offline": False, "latency": 400, "downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND}
NEEDED = {"document", "stylesheet"}
SECONDS = 3
"""The longest that the bytes of a page and its style sheets take."""


PAINTED = """() => new Promise((done) => new PerformanceObserver(
  (list) => list.getEntriesByName("first-contentful-paint").length && done(),
).observe({ type: "paint", buffered: true }))"""


@pytest.fixture
def telephone(visit):
    """A page, and the sizes of what it receives, once it is `slow_down_network`."""
    page = visit(width=360, height=740)
    page.received = []
    return page


def slow_down_network(page):
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", SLOW)
    network.on("Network.loadingFinished", lambda event: page.received.append(event["encodedDataLength"]))
    page.route("**/*", lambda route: route.continue_() if route.request.resource_type in NEEDED else None)


def open_page(page, path):
    """Until its text is on the screen, in its styles."""
    page.received.clear()
    page.goto(path, wait_until="commit")  # what is withheld would keep it from ever being loaded
    expect(page.locator("h1")).to_have_css("font-family", re.compile('^"Barlow'))
    page.evaluate(PAINTED)
    expect(page.locator("footer")).to_be_attached()
    assert 5_000 < sum(page.received) < SECONDS * BYTES_A_SECOND


@pytest.mark.usefixtures("untouched")
def test_the_home_page_is_read_and_leads_on_before_any_picture_or_script(telephone):
    slow_down_network(telephone)
    open_page(telephone, HOME)
    expect(telephone.locator("h1")).to_be_visible()
    telephone.locator(f"main a[href='{FICHES}']").first.click(no_wait_after=True)
    expect(telephone.locator("h1")).to_have_text("Innovations")


@pytest.mark.usefixtures("untouched")
def test_the_list_is_read_and_searched_before_any_picture_or_script(telephone):
    slow_down_network(telephone)
    open_page(telephone, FICHES)
    expect(telephone.locator(".card").first).to_be_visible()
    telephone.get_by_label("Rechercher", exact=True).fill("cuisine")
    telephone.get_by_role("button", name="Rechercher").click(no_wait_after=True)
    expect(telephone).to_have_url(re.compile("q=cuisine"))
    expect(telephone.locator("#resultats-titre")).to_be_visible()


def test_a_step_of_a_dossier_is_filled_in_and_sent_before_any_script(telephone, draft):
    slow_down_network(telephone)
    open_page(telephone, f"{draft}organisation/")
    expect(telephone.locator("h1")).to_be_visible()
    telephone.get_by_label("Comment s’appelle votre organisation").fill("Fruitière de la Vallée")
    telephone.locator("#id_commune").fill("Flagey (25330)")
    telephone.get_by_role("button", name="Enregistrer et continuer", exact=True).click(no_wait_after=True)
    expect(telephone.get_by_label("Comment s’appelle votre innovation")).to_be_visible()
    open_page(telephone, f"{draft}organisation/")
    expect(telephone.get_by_label("Comment s’appelle votre organisation")).to_have_value("Fruitière de la Vallée")
