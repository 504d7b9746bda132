"""The pages as people adapt them: zoomed, spaced out, in forced colours, without movement, without pictures."""

import pytest

from tests.browser.conftest import horizontal_overflow, violations, wait_until_settled
from tests.browser.pages import FICHE, FICHES, HOME, ONE_OF_EACH

pytestmark = pytest.mark.usefixtures("untouched")

SPACED = """* {
  line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important;
}
p { margin-block-end: 2em !important; }"""
"""What WCAG 1.4.12 lets a reader ask for."""
CUT = """() => [...document.querySelectorAll("main *, header *, footer *")].filter((element) => {
  const style = getComputedStyle(element);
  if (!/hidden|clip/.test(style.overflowX + style.overflowY) || element.closest(".sr-only, .map__canvas")) return false;
  if (style.webkitLineClamp !== "none") return false;  // a card's first lines: its page has the rest
  const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  return own && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1);
}).map((element) => element.outerHTML.slice(0, 120))"""
"""The texts that their box cuts."""
SPACE_OUT = """css => {
  document.adoptedStyleSheets.push(new CSSStyleSheet());
  document.adoptedStyleSheets.at(-1).replaceSync(css);
}"""


def test_nothing_is_cut_at_400_per_cent_spaced_out_or_of_twice_the_size(visit):
    """At 1280 px, a zoom of 400 % leaves 320."""
    page = visit()
    found = {}
    for address in ONE_OF_EACH:
        page.set_viewport_size({"width": 320, "height": 256})
        page.goto(address)
        found[address] = cut_once_adapted(page)
    assert {address: broken for address, broken in found.items() if broken} == {}


def cut_once_adapted(page):
    """What scrolls sideways or is cut on a page that was opened in a narrow window, as it is adapted in four ways."""
    found = cut(page, "at 400 %")
    page.evaluate(SPACE_OUT, SPACED)
    found += cut(page, "at 400 %, spaced out")
    page.set_viewport_size({"width": 1280, "height": 900})
    found += cut(page, "spaced out")
    page.evaluate("document.adoptedStyleSheets.pop(); document.documentElement.style.fontSize = '200%'")
    return found + cut(page, "of twice the size")


def cut(page, adapted):
    wait_until_settled(page)
    return [f"{adapted}: {fault}" for fault in [*horizontal_overflow(page), *page.evaluate(CUT)]]


def test_forced_colours_leave_controls_their_edges_and_the_focus_its_ring(visit):
    page = visit(forced_colors="active")
    for address in (HOME, FICHES, FICHE, "/candidature/"):
        page.goto(address)
        assert violations(page, but="color-contrast") == []
        edges = page.locator("main button:visible, main input:visible:not([type=hidden])").evaluate_all(
            "all => all.map(each => [each.outerHTML.slice(0, 80), getComputedStyle(each)])"
            ".filter(([, style]) => style.borderStyle === 'none' && style.appearance === 'none').map(([html]) => html)"
        )
        assert edges == [], address
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        assert page.locator(":focus").evaluate("each => getComputedStyle(each).outlineStyle") != "none", address


def test_nothing_moves_for_who_asks_so(visit):
    page = visit(reduced_motion="reduce")
    for address in (HOME, FICHES, FICHE):
        page.goto(address)
        moving = page.evaluate(
            "document.getAnimations().filter(each => each.effect.getComputedTiming().duration > 10).length"
        )
        assert moving == 0, address


def test_a_fiche_is_read_without_pictures(visit):
    page = visit()
    page.route("**/media/**", lambda route: route.abort())
    page.goto(FICHE)
    assert page.get_by_role("img", name="Dessin : une cuisine").first.is_visible()
    visit.faults[:] = [fault for fault in visit.faults if "ERR_FAILED" not in fault]
