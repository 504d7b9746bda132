"""Embeds on the pages of other sites: in a sandboxed frame, with the loader, and the builder's code."""

import json
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.usefixtures("untouched")
LOADER = '<script type="module" src="/integration/rallynov.v1.js"></script>'
ETAPE = "/etapes/travailler-autrement-dans-les-petites-entreprises/"
# A map that grew with its frame would go past it.
HIGHEST = {"etapes": 5000, "carte": 760, "fiche": 960}
# Once the style sheets, the fonts and the pictures are there.
HEIGHT_AT_REST = """async (content) => {
  if (document.readyState !== 'complete') await new Promise((done) => addEventListener('load', done, { once: true }));
  await document.fonts.ready;
  return content.getBoundingClientRect().height;
}"""
FICHE = "la-recette-d-une-organisation-partagee"
PASTED = [
    *(f"/fiches/{FICHE}/", "/fiches/la-fruitiere-ouverte/", "/fiches/"),
    *("/etapes/", ETAPE, "/", "/integration/carte/"),
]


def show(page, body):
    """Opens a page with this body, at an address that the site doesn't have."""
    text = f'<!doctype html><html lang="fr"><meta charset="utf-8"><title>Ailleurs</title><body>{body}</body></html>'
    page.route("**/ailleurs", lambda route: route.fulfill(body=text, content_type="text/html"))
    page.goto("/ailleurs")


@pytest.fixture
def elsewhere(visit):
    """A page of another site that frames an address of ours: ``(page, locator of what is framed)``."""

    def open_page(path, *, width=1000, attributes="", script=""):
        page = visit(width=width)
        frame = f'<iframe src="{path}" title="Rally’nov" width="100%" height="480" {attributes}></iframe>'
        show(page, f"{frame}{script}")
        return page, page.frame_locator("iframe")

    return open_page


@pytest.mark.nightly
def test_the_map_is_drawn_in_a_frame_that_has_no_origin(elsewhere):
    _page, framed = elsewhere("/integration/carte/", attributes='sandbox="allow-scripts"')
    expect(framed.locator(".map__group").first).to_be_visible()
    framed.locator(".map__group").first.press("Enter")
    expect(framed.locator(".map__say")).not_to_contain_text("ne répond pas")


AS_HIGH_AS_ITS_CONTENT = """() => {
  const frame = document.querySelector("iframe");
  const content = frame.contentDocument.querySelector(".cadre").getBoundingClientRect().height;
  return frame.height !== "480" && Math.abs(frame.clientHeight - content) <= 2;
}"""


@pytest.mark.parametrize(
    "path",
    [
        f"/integration/fiche/{FICHE}/",
        *(pytest.param(f"/integration/{kind}/", marks=pytest.mark.nightly) for kind in ("etapes", "carte")),
    ],
)
def test_the_loader_makes_a_frame_as_high_as_its_content(elsewhere, path):
    page, framed = elsewhere(path, width=1000, script=LOADER)
    for width in (1000, 280):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function(AS_HIGH_AS_ITS_CONTENT)
        if "carte" in path:
            expect(framed.locator(".map__group").first).to_be_visible()
            page.wait_for_timeout(500)  # in which it would grow
        assert int(page.locator("iframe").get_attribute("height")) < HIGHEST[path.split("/")[2]]
        assert page.evaluate(AS_HIGH_AS_ITS_CONTENT)


@pytest.mark.nightly
@pytest.mark.parametrize("width", [280, 800])
def test_a_pasted_address_shows_its_credit_where_nothing_sizes_the_frame(visit, request, width):
    site = request.getfixturevalue("untouched").address
    page = visit(width=1000)
    too_low = {}
    for path in PASTED:
        with urlopen(f"{site}/oembed?url={site}{path}&maxwidth={width}") as answer:
            told = json.load(answer)
        assert told["width"] == min(width, 640)
        page.unroute_all()
        show(page, told["html"])
        height = page.frame_locator("iframe").locator(".cadre").evaluate(HEIGHT_AT_REST)
        if height > told["height"]:
            too_low[path] = (height, told["height"])
    assert too_low == {}


@pytest.mark.nightly
def test_no_badge_covers_what_a_card_says(visit):
    page = visit(width=280)
    page.goto("/integration/liste/?par_page=8")
    overlaps = """cards => cards.filter((card) => {
      const [badge, text] = [".card__badges", ".card__body"].map((part) => card.querySelector(part)?.getBoundingClientRect());
      const isBeside = badge && (badge.right <= text.left || badge.left >= text.right);
      return badge && !isBeside && badge.bottom > text.top && badge.top < text.bottom;
    }).length"""
    badges = page.locator(".card__badges")
    assert badges.count() > 2
    assert page.locator(".card").evaluate_all(overlaps) == 0


@pytest.mark.nightly
def test_the_builder_shows_its_code_in_its_first_screen(visit):
    page = visit(width=1280, height=800)
    page.goto("/integration/")
    expect(page.locator("#code-cadre")).to_be_in_viewport(ratio=1)
