"""The map's signs, which everyone can read and reach, and what it says of what it leaves out."""

import json
import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.nightly, pytest.mark.usefixtures("untouched")]


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
    page.mouse.move(1, 1)  # the map comes at the first act of its visitor
    page.locator("fiche-map .map__canvas").scroll_into_view_if_needed()
    for _attempt in range(240):
        page.wait_for_timeout(250)
        if shown(page) == number:
            return
    assert shown(page) == number


def test_a_map_that_shows_a_part_says_so(visit):
    page = visit(reduced_motion="reduce")
    body = json.loads(collection([[6.02, 47.24]] * 2)) | {"nombre": 5}
    page.route("**/fiches/carte.geojson*", lambda route: route.fulfill(json=body))
    page.goto("/fiches/")
    await_points(page, 2)
    expect(page.locator(".map__say")).to_have_text(
        "La carte montre les 2 plus récentes des 5 innovations. Filtrez-les pour voir les autres."
    )


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


def test_the_legend_says_what_each_sign_is(visit):
    page = visit(reduced_motion="reduce")
    page.goto("/fiches/")
    page.locator("fiche-map .map__canvas").scroll_into_view_if_needed()
    page.locator(".map__key summary").click()
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
