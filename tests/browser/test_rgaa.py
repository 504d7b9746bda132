"""What the accessibility audit (``home/data/rgaa.csv``) rests on, where axe can't tell: names that say where they lead,
tags used for what they mean, the order of the keyboard, edges that can be seen, components as a screen reader gets them.

What only a person can judge is read, and kept: see `relecture`.
"""

import re
from collections import defaultdict
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import at_each_width, violations_light_and_dark, wait_until_settled, watch
from tests.browser.pages import ONE_OF_EACH, addresses
from tests.browser.relecture import CONTROLS, compare, named

pytestmark = pytest.mark.usefixtures("untouched")

FORMS = [
    *("/fiches/", "/recherche/", "/bibliographie/", "/candidature/", "/signaler/", "/integration/", "/fiches/suivre/"),
    *("/integration/?type=fiche", "/carnets/abonnement/", "/etapes/se-deplacer-quand-tout-est-loin/inscription/"),
    *("/contact/", "/contact/le-binome-qui-transmet/"),
]
VAGUE = re.compile(
    r"^(ici|cliquez ici|lien|suite|la suite|lire la suite|en savoir plus|voir|plus|télécharger|détails?)$", re.I
)

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
PROBES = {"links": NAMES, "misused": MISUSED, "pictures": PICTURES, "controls": CONTROLS, "captions": CAPTIONS}


PARTS = """() => [...new Set([...document.querySelectorAll("main [class]")].flatMap((each) => [...each.classList]))].sort().join()"""
"""The classes of what a page is made of."""


def open_page(page, address):
    """Opens a page, and waits for its map where one is in view: it has buttons of its own."""
    page.goto(address)
    wait_until_settled(page)
    for told in page.locator(".map__say").all():
        expect(told).to_have_text("")


def faults(page):
    """``["rule: what is wrong"]`` at the width that the page has, by day and by night."""
    found = [f"axe: {each}" for each in violations_light_and_dark(page)]
    found += [f"edge by night: {each}" for each in page.evaluate(EDGES)]
    page.emulate_media(color_scheme="light")
    found += [f"edge: {each}" for each in page.evaluate(EDGES)]
    return [*found, *(f"order: {each}" for each in page.evaluate(ORDER))]


@pytest.fixture(scope="module")
def everywhere(chromium, untouched):
    """``{address: {name of each of `PROBES`: what it tells, "faults": those of each width}}`` of each page of the demo, its forms
    and its fiches: each is opened once. Under ``console``, what the browser said of them all. The faults of an étape made of the
    same parts as one before are not looked for."""
    context = chromium.new_context(base_url=untouched.address, reduced_motion="reduce", locale="fr-FR")
    page, console = context.new_page(), []
    watch(page, untouched, console)
    found, parts_of_etapes = {}, set()
    pages = dict.fromkeys([*addresses(page), *FORMS])
    for address in dict.fromkeys([*pages, *fiches(page)]):
        open_page(page, address)
        found[address] = {name: page.evaluate(script) for name, script in PROBES.items()}
        parts = address.startswith("/etapes/") and page.evaluate(PARTS)
        is_new = address in pages and parts not in parts_of_etapes
        found[address]["faults"] = at_each_width(page, faults) if is_new else []
        if parts:
            parts_of_etapes.add(parts)
    context.close()
    return SimpleNamespace(pages=found, console=console)


def fiches(page):
    return [urlsplit(each["url"]).path for each in page.request.get("/api/v1/fiches?par_page=100").json()["items"]]


def broken(everywhere, rule):
    """``{address: faults}`` of the pages that break this rule."""
    found = {
        address: [each for each in told["faults"] if f" px: {rule}" in each]
        for address, told in everywhere.pages.items()
    }
    return {address: faults for address, faults in found.items() if faults}


def test_every_page_is_open_to_everyone_in_light_and_in_dark(everywhere):
    assert broken(everywhere, "axe") == {}


def test_no_page_asks_another_host_for_anything_nor_writes_an_error(everywhere):
    assert [fault for fault in everywhere.console if "404" not in fault] == []


def test_links_say_where_they_lead_and_no_two_of_a_page_say_the_same_of_two_places(everywhere):
    """RGAA 6.1."""
    faults = []
    for address, told in everywhere.pages.items():
        places = defaultdict(set)
        for name, href, seen in told["links"]:
            places[name.casefold()].add(href)
            if VAGUE.match(name):
                faults.append(f"{address}: vague: {name}")
            if seen.casefold() not in name.casefold():
                faults.append(f"{address}: what is seen is not what is said: {seen} / {name}")
        faults += [f"{address}: {name} → {sorted(to)}" for name, to in places.items() if len(to) > 1]
    assert faults == []


def test_tags_are_used_for_what_they_mean(everywhere):
    """RGAA 8.9."""
    assert {address: told["misused"] for address, told in everywhere.pages.items() if told["misused"]} == {}


def test_each_picture_is_said_in_words_that_were_read(everywhere):
    """RGAA 1.2 and 1.3: the drawings of the demo were looked at beside their words."""
    faults, said = [], set()
    for address, told in everywhere.pages.items():
        for alt, beside in told["pictures"]:
            if alt is None:
                faults.append(f"{address}: neither words nor decorative")
            elif alt and (alt == beside or re.search(r"\.(jpe?g|png|webp|svg)$|^(image|photo|img)\b", alt, re.I)):
                faults.append(f"{address}: says nothing: {alt}")
            elif alt:
                said.add(alt.partition(" Le rallye est ")[0])  # where the rally is moves with the day
    assert faults == []
    compare("images", said)


def test_fields_groups_and_buttons_are_named_in_words_that_were_read(everywhere):
    """RGAA 11.2, 11.3, 11.7 and 11.9."""
    found = {address: everywhere.pages[address]["controls"] for address in FORMS}
    mails = {name for all_of in found.values() for _kind, name, auto in all_of if auto == "email"}
    assert {re.split(r" \(|,", name)[0] for name in mails} == {"Votre courriel"}
    compare("formulaires", named(found))


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
    page.goto("/fiches/")
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


def test_each_table_has_a_title_of_its_own(everywhere):
    """RGAA 5.4 and 5.5."""
    found = {address: everywhere.pages[address]["captions"] for address in ONE_OF_EACH}
    assert [address for address, titles in found.items() if len({*titles, ""}) <= len(titles)] == []
    compare("tableaux", {title for titles in found.values() for title in titles})


def test_the_keyboard_goes_down_the_page_as_the_eye_does(everywhere):
    """RGAA 12.8."""
    assert broken(everywhere, "order") == {}


def test_each_field_stands_out_from_what_is_behind_it(everywhere):
    """RGAA 3.3: three to one at least, of its edge or of its inside."""
    assert broken(everywhere, "edge") == {}
