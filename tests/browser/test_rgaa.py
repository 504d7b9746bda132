"""Opens one page of each template once, and looks there for what the accessibility audit (``home/data/rgaa.csv``) and the design
promise of every page. Each night, every page of the site."""

import re
from collections import defaultdict

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import horizontal_overflow, violations, wait_until_settled, watch
from tests.browser.pages import ETAPE, FICHE, FICHES, HOME, TEMPLATES, every_address

VAGUE = re.compile(
    r"^(ici|cliquez ici|lien|suite|la suite|lire la suite|en savoir plus|voir|plus|télécharger|détails?)$", re.I
)
FIRST_SCREEN = {
    HOME: [".hero__find", ".card"],
    FICHES: ["#mots", ".results__title", ".card"],
    FICHE: [".over", "h1", ".fiche__act .button", ".share"],
    ETAPE: ["h1", ".etape__act .button--gold"],
}
"""What the first screen of a phone and of a desk holds whole."""

NAMES = """() => [...document.querySelectorAll("a[href]:not(.leaflet-control-zoom *)")].map((link) => {
  const text = (each) => (each?.textContent ?? "").replace(/\\s+/g, " ").trim();
  const labelled = (link.getAttribute("aria-labelledby") ?? "").split(" ").filter(Boolean);
  const pictures = [...link.querySelectorAll("img")].map((each) => each.alt).join(" ");
  const name = link.getAttribute("aria-label") ?? labelled.map((id) => text(document.getElementById(id))).join(" ");
  return [name || text(link) || pictures, link.getAttribute("href"), text(link)];
})"""
"""Each link: its name, where it leads, the text that is seen."""
MISUSED = """() => [...document.querySelectorAll(
  "b, i, u, font, center, big, tt, strike, marquee, blink, [align], [bgcolor], [border], td[width], th[width]"
)].concat([...document.querySelectorAll("main :is(p, h1, h2, h3, h4, li, dt, dd, blockquote, caption, th)")].filter(
  (each) => !each.textContent.trim() && !each.querySelector("img, svg, input, iframe, textarea"),
)).concat([...document.querySelectorAll("p")].filter((each) => /<br>\\s*<br>/.test(each.innerHTML)))
  .filter((each) => !each.closest(".map__canvas") && !each.matches("[role=status]")).map((each) => each.outerHTML.slice(0, 100))"""
"""Tags and attributes that serve the look alone, and empty ones that make room; a status is empty until there is something to say."""
PICTURES = """() => [...document.querySelectorAll("img, svg:not([aria-hidden=true]):not([aria-hidden=true] *)")].map((each) => {
  const beside = each.closest("figure")?.querySelector("figcaption")?.textContent.trim() ?? "";
  return [each.getAttribute("alt") ?? each.getAttribute("aria-label") ?? each.querySelector("title")?.textContent ?? null, beside];
})"""
CAPTIONS = """() => [...document.querySelectorAll("table")].map((each) => each.caption?.textContent.trim() ?? "")"""
ORDER = """() => {
  const shown = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]")]
    .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.closest(".sr-only, .skip, [inert], .piege, .map__canvas"))
    .filter((each) => each.tabIndex >= 0);
  const faults = shown.filter((each) => each.tabIndex > 0).map((each) => `tabindex: ${each.outerHTML.slice(0, 80)}`);
  shown.slice(1).forEach((each, index) => {
    const before = shown[index].getBoundingClientRect(), now = each.getBoundingClientRect();
    // Up again, and not in the next column.
    if (now.bottom <= before.top && now.left < before.right - 1) faults.push(`${shown[index].outerHTML.slice(0, 80)} → ${each.outerHTML.slice(0, 80)}`);
  });
  return faults;
}"""
EDGES = """() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((each) => each / 255)
    .map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4))
    .reduce((sum, each, index) => sum + each * [0.2126, 0.7152, 0.0722][index], 0);
  const ratio = (one, other) => {
    const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const behind = (each) => {
    for (let at = each; at; at = at.parentElement) {
      const colour = parts(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll("input:not([type=hidden]), select, textarea")]
    .filter((each) => each.checkVisibility() && !each.closest(".sr-only, .piege"))
    .filter((each) => getComputedStyle(each).appearance !== "auto" || !/checkbox|radio/.test(each.type))
    .map((each) => [each, Math.max(...["Top", "Bottom", "Left"].map((side) => {
      const style = getComputedStyle(each);
      return parseFloat(style[`border${side}Width`]) ? ratio(parts(style[`border${side}Color`]), behind(each.parentElement)) : 0;
    }), ratio(behind(each), behind(each.parentElement)))])
    .filter(([, contrast]) => contrast < 3)
    .map(([each, contrast]) => `${contrast.toFixed(2)}: ${each.outerHTML.slice(0, 90)}`);
}"""
MOVING = "document.getAnimations().filter((each) => each.effect.getComputedTiming().duration > 10).length"
BARE = """() => [...document.querySelectorAll("main button, main input:not([type=hidden])")]
  .filter((each) => each.checkVisibility() && !each.closest(".piege"))
  .filter((each) => getComputedStyle(each).borderStyle === "none" && getComputedStyle(each).appearance === "none")
  .map((each) => each.outerHTML.slice(0, 80))"""
"""The controls that have no edge in forced colours."""
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


@pytest.fixture(scope="module")
def page(chromium, untouched):
    """The page in which every address is opened; ``console`` holds its errors and what it asked another host."""
    context = chromium.new_context(base_url=untouched.address, reduced_motion="reduce", locale="fr-FR")
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.console = []
    watch(page, untouched, page.console)
    yield page
    context.close()


@pytest.mark.parametrize("address", TEMPLATES)
def test_a_page_of_each_template_is_open_to_everyone(page, address):
    open_page(page, address)
    found = [*first_link(page), *promises(page), *first_screen(page, address), *forced_colours(page)]
    page.set_viewport_size({"width": 1280, "height": 900})
    found += [f"1280 px: {each}" for each in (*wide(page), *first_screen(page, address))]
    assert [*found, *adapted(page)] == []


@pytest.mark.nightly
def test_every_page_is_open_to_everyone(page):
    found = {}
    for address in every_address(page):
        open_page(page, address)
        found[address] = promises(page)
        page.set_viewport_size({"width": 1280, "height": 900})
        found[address] += wide(page)
    assert {address: faults for address, faults in found.items() if faults} == {}


def open_page(page, address):
    """Opens a page on a phone, and waits for its map where one is in view: it has buttons of its own."""
    page.console.clear()
    page.emulate_media(color_scheme="light", forced_colors="none")
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(address)
    wait_until_settled(page)
    for told in page.locator(".map__say").all():
        expect(told).to_have_text("")


def promises(page):
    """``["rule: what is wrong"]`` of a page just opened, by day and by night."""
    found = [f"console: {each}" for each in page.console if "404" not in each]
    found += [*link_faults(page), *picture_faults(page), *table_faults(page)]
    found += [f"misused: {each}" for each in page.evaluate(MISUSED)]
    found += [f"order: {each}" for each in page.evaluate(ORDER)]
    found += [f"edge: {each}" for each in page.evaluate(EDGES)]
    found += ["moves"] if page.evaluate(MOVING) else []
    found += [*violations(page), *horizontal_overflow(page)]
    page.emulate_media(color_scheme="dark")
    found += [f"edge by night: {each}" for each in page.evaluate(EDGES)]
    found += [f"by night: {each}" for each in violations(page, only="color-contrast")]
    page.emulate_media(color_scheme="light")
    return found


def link_faults(page):
    """RGAA 6.1: links say where they lead, and no two of a page say the same of two places."""
    found, places = [], defaultdict(set)
    for name, href, seen in page.evaluate(NAMES):
        places[name.casefold()].add(href)
        if VAGUE.match(name):
            found.append(f"vague link: {name}")
        if seen.casefold() not in name.casefold():
            found.append(f"a link's text is not in its name: {seen} / {name}")
    return [*found, *(f"one name, two places: {name} → {sorted(to)}" for name, to in places.items() if len(to) > 1)]


def picture_faults(page):
    """RGAA 1.1 to 1.3: a picture has words of its own, which aren't a file's name, or is marked as decorative."""
    return [
        f"picture: {alt}"
        for alt, beside in page.evaluate(PICTURES)
        if alt is None
        or (alt and (alt == beside or re.search(r"\.(jpe?g|png|webp|svg)$|^(image|photo|img)\b", alt, re.I)))
    ]


def table_faults(page):
    """RGAA 5.4: each table has a title, its own."""
    titles = page.evaluate(CAPTIONS)
    return [f"tables: {titles}"] if len({*titles, ""}) <= len(titles) else []


def first_link(page):
    """RGAA 12.7: the keyboard's first stop leads to the content."""
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    return [] if skip.inner_text() == "Aller au contenu" else ["the first link doesn't lead to the content"]


def first_screen(page, address):
    height = page.viewport_size["height"]
    boxes = {part: page.locator(part).first.bounding_box() for part in FIRST_SCREEN.get(address, [])}
    return [f"below the first screen: {part}" for part, box in boxes.items() if box["y"] + box["height"] > height]


def forced_colours(page):
    """Controls keep their edges, and what has the focus its ring."""
    page.emulate_media(forced_colors="active")
    found = [f"no edge in forced colours: {each}" for each in page.evaluate(BARE)]
    page.keyboard.press("Tab")
    ring = page.locator(":focus").evaluate("each => getComputedStyle(each).outlineStyle")
    page.emulate_media(forced_colors="none")
    return [*found, *(["no ring around the focus"] if ring == "none" else [])]


def wide(page):
    wait_until_settled(page)
    return [*horizontal_overflow(page), *page.evaluate(ORDER)]


def adapted(page):
    """What scrolls sideways or is cut in a page that is zoomed, spaced out, of twice the size: at 1280 px, a zoom of 400 %
    leaves 320."""
    page.set_viewport_size({"width": 320, "height": 256})
    found = cut(page, "at 400 %")
    page.evaluate(SPACE_OUT, SPACED)
    found += cut(page, "at 400 %, spaced out")
    page.set_viewport_size({"width": 1280, "height": 900})
    found += cut(page, "spaced out")
    page.evaluate("document.adoptedStyleSheets.pop(); document.documentElement.style.fontSize = '200%'")
    return found + cut(page, "of twice the size")


def cut(page, state):
    wait_until_settled(page)
    return [f"{state}: {fault}" for fault in [*horizontal_overflow(page), *page.evaluate(CUT)]]


@pytest.mark.usefixtures("untouched")
def accessibility_states(page, role, name):
    """What the browser tells screen readers of the one part of this role and name: ``{state: value}``."""
    session = page.context.new_cdp_session(page)
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    asked = {"nodeId": root, "role": role, "accessibleName": name}
    [node] = [each for each in session.send("Accessibility.queryAXTree", asked)["nodes"] if not each["ignored"]]
    return {each["name"]: each["value"].get("value") for each in node["properties"]}


def test_what_scripts_make_is_told_with_its_role_its_name_and_its_states(visit):
    """RGAA 7.1, as far as the browser's accessibility interface goes: a screen reader was tried by hand. Whatever scripts make has
    the same beside it without one: the field and its button, the list of the fiches, the menu's links in the site map."""
    page = visit(width=360, reduced_motion="reduce")
    page.goto("/recherche/")
    assert accessibility_states(page, "button", "Menu")["expanded"] is False
    page.get_by_role("button", name="Menu").click()
    assert accessibility_states(page, "button", "Menu")["expanded"] is True
    page.keyboard.press("Escape")
    field = page.get_by_role("combobox", name="Mots à rechercher")
    assert accessibility_states(page, "combobox", "Mots à rechercher")["expanded"] is False
    field.press_sequentially("recette")
    expect(page.get_by_role("option").first).to_be_visible()
    field.press("ArrowDown")
    told = accessibility_states(page, "combobox", "Mots à rechercher")
    assert (told["expanded"], told["autocomplete"], told["focused"]) == (True, "list", True)
    assert accessibility_states(page, "option", page.get_by_role("option").first.inner_text())["selected"] is True
    assert page.locator("suggestion-combobox [role=status]").inner_text().strip()
    page.goto("/fiches/#carte")
    page.locator(".map__pin:not(.map__sign)").first.wait_for()
    pin = page.locator(".map__pin:not(.map__sign)").first
    assert accessibility_states(page, "button", pin.get_attribute("aria-label"))["focusable"] is True
    assert accessibility_states(page, "button", "Zoomer")["focusable"] is True
    assert accessibility_states(page, "region", page.locator(".map__canvas").get_attribute("aria-label")) is not None
    page.locator(".map__key summary").click()  # on a phone, the legend is folded
    road = page.locator(".map__layer").first
    road.wait_for()
    assert accessibility_states(page, "checkbox", road.inner_text())["checked"] == "false"
    road.click()
    assert accessibility_states(page, "checkbox", road.inner_text())["checked"] == "true"
    page.goto("/integration/")
    assert accessibility_states(page, "button", "Copier : Adresse")["focusable"] is True


@pytest.mark.usefixtures("untouched")
def test_a_fiche_prints_on_one_sheet(visit):
    page = visit()
    page.goto(FICHE)
    sheet = page.pdf(format="A4", print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1
