"""What the pages weigh, against what the « éco-conception » page says.

``RELEVER=1`` writes the measures of this run into ``home/data/poids.csv``.
"""

import csv
import os
import shutil
from urllib.parse import urlsplit

import pytest

from home.page_weights import WEIGHTS, Poids, weights
from tests.browser.conftest import launch_chromium
from tests.browser.pages import FICHE, FICHES, HOME

pytestmark = [pytest.mark.usefixtures("untouched"), pytest.mark.nightly]

MEASURED = (HOME, FICHES, FICHE, "/etapes/", "/palmares/", "/carnets/", "/recherche/?q=cuisine", "/candidature/")
VIEWS = 3
BLOCKING = """performance.getEntriesByType("resource")
  .filter((each) => each.initiatorType === "script" && each.renderBlockingStatus === "blocking").map((each) => each.name)"""


@pytest.fixture(scope="module")
def chromium(driver):
    """The browser that people have: the one without a window doesn't take the connection for 4G, and fetches more pictures."""
    with launch_chromium(driver, shutil.which("chromium")) as browser:
        yield browser


def test_no_page_weighs_more_than_the_site_says(visit, record_property):
    if os.environ.get("RELEVER"):
        write_weights([lightest(visit, address) for address in MEASURED])
        weights.cache_clear()
    known = {each.adresse: each for each in weights()}
    assert set(known) == set(MEASURED)
    found = [lightest(visit, address, known[address]) for address in MEASURED]
    for each in found:
        record_property("measured", f"{each.adresse}: {each.octets:,} bytes, {each.requetes} requests")
        assert each.within(known[each.adresse]), (each, known[each.adresse])
        assert each.tiers == 0
    assert known[HOME].octets < 250_000


def write_weights(measured):
    with WEIGHTS.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(Poids._fields)
        writer.writerows(measured)


def lightest(visit, address, told=None):
    """The first view that weighs what is ``told``, else the lightest of three. Where fonts come late, the page is shorter
    for a moment, and a picture from further down is fetched."""
    seen = []
    while len(seen) < VIEWS:
        seen.append(measure(visit, address))
        if told and seen[-1].within(told):
            return seen[-1]
    return min(seen, key=lambda each: each.octets)


def measure(visit, address):
    """The first view of a telephone: bytes as they come through the network, with their heads."""
    page = visit(width=360, height=740, device_scale_factor=2)
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    received, hosts = [], set()
    network.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.goto(address, wait_until="networkidle")
    assert page.evaluate(BLOCKING) == [], address
    title = page.locator("h1").inner_text().strip("«»\u00a0\u202f ")
    page.close()
    return Poids(address, title, round(sum(received)), len(received), len(hosts - {"", urlsplit(page.url).netloc}))
