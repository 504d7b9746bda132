"""The map with fifty thousand points: what the browser's own trace says of it, and signs that everyone can read."""

import json
import random
import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import (
    find_headless_chromium,
    launch_chromium,
    violations,
)

pytestmark = [pytest.mark.nightly, pytest.mark.usefixtures("untouched")]

POINTS = 50_000
LOOP = """() => {
  const begun = performance.now();
  let sum = 0;
  for (let i = 0; i < 3e7; i++) sum += Math.sqrt(i);
  return performance.now() - begun;
}"""
AT_MOST = 4
"""Times that loop, run just before and just after, which takes a tenth of a second on a middling machine: a longer task, and
the page no longer follows the hand."""


@pytest.fixture(scope="module")
def chromium(driver):
    """A browser that optimises scripts, as people's do: their tasks are timed."""
    with launch_chromium(driver, find_headless_chromium()) as browser:
        yield browser


def collection(places):
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "id": number,
                    "geometry": {"type": "Point", "coordinates": place},
                    "properties": {"titre": f"L’innovation n° {number}"},
                }
                for number, place in enumerate(places, 1)
            ],
        }
    )


def serve(page, places):
    body = collection(places)
    page.route("**/fiches/carte.geojson*", lambda route: route.fulfill(content_type="application/geo+json", body=body))


def shown(page):
    """How many points the signs on the map stand for."""
    groups = "[...document.querySelectorAll('.map__canvas .map__group')].map(sign => parseInt(sign.textContent))"
    pins = "document.querySelectorAll('.map__canvas .map__pin').length"
    return page.evaluate(f"{groups}.reduce((all, some) => all + some, {pins})")


def await_points(page, number):
    page.locator("fiche-map .map__canvas").scroll_into_view_if_needed()
    for _attempt in range(240):
        page.wait_for_timeout(250)
        if shown(page) == number:
            return
    assert shown(page) == number


def longest_task(path):
    """Milliseconds of processor of the longest task of the page's main thread, from Chromium's trace."""
    events = json.loads(path.read_bytes())["traceEvents"]
    named = [event for event in events if event["name"] == "thread_name"]
    mains = {(event["pid"], event["tid"]) for event in named if event["args"]["name"] == "CrRendererMain"}
    tasks = [event for event in events if event["name"].endswith("RunTask") and (event["pid"], event["tid"]) in mains]
    return max(event.get("tdur", event["dur"]) for event in tasks if event["ph"] == "X") / 1000


def drag(page):
    box = page.locator(".map__canvas").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(40):
        page.mouse.move(x - 5 * step, y - 2 * step)
        page.wait_for_timeout(16)
    page.mouse.up()
    page.wait_for_timeout(500)


def test_fifty_thousand_points_show_and_follow_the_hand(visit, chromium, tmp_path, record_property):
    """The best of three: what else the machine does is not the page's."""
    chance = random.Random(4)
    places = [[round(chance.uniform(5.4, 7.0), 5), round(chance.uniform(46.4, 47.9), 5)] for _ in range(POINTS)]
    best, clock = {}, visit()
    for _attempt in range(3):
        before = clock.evaluate(LOOP)
        page = visit(reduced_motion="reduce")
        serve(page, places)
        tasks = longest_tasks(page, chromium, tmp_path)
        page.close()
        loop = max(before, clock.evaluate(LOOP))
        for name, task in tasks.items():
            best[name] = min(task / loop, best.get(name, task / loop))
        record_property("measured", f"the map of {POINTS:,} points, longest tasks in ms: {tasks} ; a loop: {loop:.0f}")
        if max(best.values()) <= AT_MOST:
            break
    assert {name: times for name, times in best.items() if times > AT_MOST} == {}


def longest_tasks(page, chromium, folder):
    """``{what one does: milliseconds of processor of the longest task}``."""
    page.goto("/fiches/")

    def traced(name, act):
        path = folder / f"{name}.json"
        chromium.start_tracing(page=page, path=path, categories=["toplevel", "disabled-by-default-devtools.timeline"])
        act()
        chromium.stop_tracing()
        return longest_task(path)

    longest = {
        "shown": traced("shown", lambda: await_points(page, POINTS)),
        "dragged": traced("far", lambda: drag(page)),
    }
    for _step in range(3):
        page.get_by_role("button", name="Zoomer", exact=True).click()
        page.wait_for_timeout(400)
    longest["dragged from near"] = traced("near", lambda: drag(page))
    return longest


def test_fiches_at_one_place_are_each_reached_by_keyboard(visit):
    page = visit(reduced_motion="reduce")
    serve(page, [[6.02, 47.24]] * 5)
    page.goto("/fiches/")
    await_points(page, 5)
    page.locator(".map__canvas .map__group").press("Enter")
    pins = page.locator(".map__canvas .map__pin")
    expect(pins).to_have_count(5)
    names = set()
    for _press in range(30):
        page.keyboard.press("Tab")
        names.add(page.evaluate("document.activeElement.getAttribute('aria-label')"))
    assert {f"L’innovation n° {number}" for number in range(1, 6)} <= names


def test_a_sign_that_the_edge_of_the_map_cuts_leaves_the_box_beside_it_to_be_pressed(visit):
    """On a telephone."""
    page = visit(width=360, reduced_motion="reduce")
    serve(page, [[6.02, 47.24]] * 5)
    page.goto("/fiches/")
    await_points(page, 5)
    page.locator(".map__key summary").click()
    page.locator(".map__layers input").first.scroll_into_view_if_needed()
    box = page.locator(".map__layers input").first.bounding_box()
    sign = page.locator(".map__canvas .map__group").bounding_box()
    x, y = sign["x"] + sign["width"] / 2, sign["y"] - 40  # beside the sign, which a press would open
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + box["x"] - sign["x"], y + box["y"] + 6 - sign["y"] - sign["height"], steps=4)
    page.wait_for_timeout(250)  # longer than a throw
    page.mouse.up()
    page.wait_for_timeout(300)
    assert violations(page, only="target-size", inside="fiche-map") == []


def test_the_legend_says_what_each_sign_is(visit):
    page = visit(reduced_motion="reduce")
    page.goto("/fiches/")
    page.locator("fiche-map .map__canvas").scroll_into_view_if_needed()
    legend = page.get_by_role("list", name="Légende de la carte")
    expect(legend.get_by_role("listitem")).to_have_text(
        [
            "une innovation",
            "une innovation placée au centre de sa commune",
            re.compile("plusieurs innovations$"),
            re.compile("une étape de la route$"),
        ]
    )
    page.emulate_media(media="print")
    expect(legend).to_be_hidden()
    expect(page.locator(".map__canvas")).to_be_hidden()
    expect(page.locator("main .card").first).to_be_visible()
