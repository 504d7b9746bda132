"""The public finds: filters, map, suggestions, with and without a script."""

import re

import pytest
from playwright.sync_api import expect

from fiches.diffusion.embeds import embed_named
from tests.browser.conftest import wait_until_settled


def wait_for_markers(page):
    """Once the map, come into view, shows its markers."""
    page.mouse.move(1, 1)  # the map comes at the first act of its visitor
    page.locator("fiche-map .map__canvas").scroll_into_view_if_needed()
    page.locator(".map__canvas :is(.map__pin, .map__group)").first.wait_for()
    expect(page.locator(".map__say")).to_have_text("")


def wait_until_map_still(page):
    """Once the map has ended its zoom: its signs step aside three frames after the last of the movement."""
    wait_until_settled(page)
    expect(page.locator(".leaflet-zoom-anim")).to_have_count(0)
    wait_until_settled(page)
    wait_until_settled(page)


def test_filters_apply_without_a_reload_and_history_goes_back(visit):
    page = visit()
    page.goto("/fiches/")
    page.evaluate("window.kept = true")
    page.evaluate("scrollTo(0, 560)")
    page.get_by_role("checkbox", name=re.compile("^Doubs")).check()
    expect(page.locator("#resultats-titre")).to_have_text(re.compile("dans le Doubs"))
    assert page.evaluate("scrollY") == 560
    expect(page).to_have_url(re.compile(r"/fiches/\?departement=25$"))
    expect(page.locator("#f-departement-25")).to_be_focused()
    expect(page.locator("#annonce")).to_have_text(re.compile("dans le Doubs"))
    page.get_by_role("link", name=re.compile("^Doubs.*retirer")).click()
    expect(page).to_have_url(re.compile(r"/fiches/$"))
    expect(page.locator("#resultats-titre")).to_be_focused()
    page.go_back()
    expect(page.locator("#resultats-titre")).to_have_text(re.compile("dans le Doubs"))
    expect(page.locator("#f-departement-25")).to_be_checked()
    assert page.evaluate("window.kept") is True


@pytest.mark.nightly
def test_who_comes_with_a_search_finds_the_filters_open_where_there_is_room(visit):
    page = visit()
    for width, shown in ((360, False), (1280, True)):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("/fiches/?departement=25")
        expect(page.locator("#filtres[data-enhanced]")).to_be_visible()
        expect(page.get_by_role("checkbox", name=re.compile("^Doubs"))).to_be_visible(visible=shown)


@pytest.mark.nightly
@pytest.mark.parametrize("withheld", ["**/*.js", "**/fiche-map*.js"])
def test_without_the_scripts_the_map_is_the_one_that_the_server_drew(visit, withheld):
    page = visit(width=360)
    page.route(withheld, lambda route: route.abort())
    page.goto("/fiches/")
    drawn = page.get_by_role("img", name="Lieux de ces innovations")
    expect(drawn).to_be_hidden()
    page.get_by_role("link", name="Carte", exact=True).press("Enter")
    expect(drawn).to_be_visible()
    expect(page.locator("main .card").first).to_be_hidden()
    page.go_back()
    expect(page.locator("main .card").first).to_be_visible()
    expect(drawn).to_be_hidden()
    visit.faults[:] = [fault for fault in visit.faults if "ERR_FAILED" not in fault]


def draw_the_road(page):
    """Ticks the road's box once it has come; on a phone, the legend that has it is folded."""
    page.locator(".map__layer").first.wait_for(state="attached")
    if not page.locator(".map__key[open]").count():
        page.locator(".map__key summary").click()
    box = page.locator(".map__layer").first.get_by_role("checkbox")
    expect(box).not_to_be_checked()
    box.check()
    page.locator(".map__canvas .map__stage").first.wait_for(state="attached")


@pytest.mark.parametrize("size", [(360, 740), (1280, 800)])
def test_an_innovation_is_whole_in_the_first_screen_of_the_home_page_and_of_the_list(visit, size):
    width, height = size
    page = visit(width=width, height=height)
    for address in ("/", "/fiches/"):
        page.goto(address)
        expect(page.locator("main .card").first).to_be_in_viewport(ratio=1)
    told = [
        page.locator(f".results {what}").bounding_box()["y"]
        for what in ("nav", ".results__nowhere", ".results__follow")
    ]
    assert told == sorted(told) and told[0] > page.locator("main .card").last.bounding_box()["y"]
    cards = page.evaluate("[...document.querySelectorAll('main .card')].map((card) => card.offsetHeight)")
    assert max(cards) < 300


def test_a_place_is_found_on_the_map_by_keyboard_and_shows_its_borders(visit):
    page = visit(width=360, reduced_motion="reduce")
    page.goto("/fiches/#carte")
    wait_for_markers(page)
    expect(page.locator(".map__ground--limite")).to_have_count(0)
    field = page.get_by_role("combobox", name="Commune ou code postal")
    field.press_sequentially("25290")
    page.get_by_role("option", name=re.compile("^Ornans ")).wait_for()
    field.press("Enter")
    expect(page.locator(".map__say")).to_have_text("La carte montre Ornans (25290, Doubs).")
    expect(page.locator(".map__town-name", has_text="Ornans")).to_have_count(1)
    expect(page.locator(".map__ground--limite")).to_have_count(1)
    field.fill("Zzyzx")
    field.press("Enter")
    expect(page.locator(".map__say")).to_have_text("Aucune commune de la région ne porte ce nom.")


CONTRASTS = """() => {
  const channel = (value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const light = (colour) => {
    const [red, green, blue] = colour.match(/[0-9.]+/g).map((value) => channel(value / 255));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const around = getComputedStyle(document.querySelector(".map__canvas")).backgroundColor;
  return [...document.querySelectorAll(".map__canvas .map__pin, .map__canvas .map__group")].map((sign) => {
    const { borderTopColor, backgroundColor } = getComputedStyle(sign);
    return Math.max(contrast(borderTopColor, around), contrast(backgroundColor, around));
  });
}"""


@pytest.mark.nightly
def test_a_map_without_tiles_is_filled_by_its_outlines(visit):
    """At whole zooms, which tiles ask for, the region took half of the height of a small laptop's map."""
    page = visit(height=800)
    page.goto("/fiches/")
    wait_for_markers(page)
    page.wait_for_function("""() => {
      const land = [...document.querySelectorAll("fiche-map .map__ground--departement")].map((outline) => outline.getBoundingClientRect());
      const tall = Math.max(...land.map(({ bottom }) => bottom)) - Math.min(...land.map(({ top }) => top));
      return tall > 0.75 * document.querySelector(".map__canvas").clientHeight;
    }""")


@pytest.mark.nightly
def test_the_map_names_towns_and_groups_and_its_signs_stand_out_by_day_and_by_night(visit):
    """By 3 to 1, as WCAG 1.4.11 asks."""
    page = visit(reduced_motion="reduce")
    page.goto("/fiches/")
    wait_for_markers(page)
    groups = page.locator(".map__canvas .map__group")
    expect(
        groups.filter(has_not_text=re.compile("innovations, vers .+ : zoomer".replace(" :", "\N{NO-BREAK SPACE}:")))
    ).to_have_count(0)
    names = groups.all_inner_texts()
    assert len(set(names)) == len(names) > 1
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        contrasts = page.evaluate(CONTRASTS)
        assert len(contrasts) > 5
        assert min(contrasts) >= 3
    expect(page.locator("fiche-map .map__town-name", has_text="Vesoul")).to_be_visible()
    expect(page.locator("fiche-map .map__town-name", has_text="Ornans")).to_have_count(0)
    page.get_by_role("button", name="Zoomer", exact=True).click()
    expect(page.locator("fiche-map .map__town-name", has_text="Ornans")).to_have_count(1)


def test_a_fiche_and_a_stage_of_the_road_are_opened_and_left_by_keyboard(visit):
    page = visit(reduced_motion="reduce")
    for sign in (".map__pin", ".map__stage"):
        page.goto("/fiches/")
        wait_for_markers(page)
        if sign == ".map__stage":
            draw_the_road(page)
        name = page.locator(sign).first.get_attribute("aria-label")
        page.locator(sign).first.focus()
        page.keyboard.press("Enter")
        link = page.locator(".leaflet-popup-content a")
        expect(link).to_be_focused()
        assert name.startswith(link.inner_text())
        assert page.locator(".leaflet-popup-content").bounding_box()["width"] >= 200
        page.keyboard.press("Escape")
        expect(page.locator(".leaflet-popup")).to_have_count(0)
        expect(page.get_by_label(name, exact=True)).to_be_focused()
        page.keyboard.press("Enter")
        expect(link).to_be_focused()
        page.locator(".leaflet-popup").get_by_role("button", name="Fermer").press("Enter")
        expect(page.locator(".leaflet-popup")).to_have_count(0)
        expect(page.get_by_label(name, exact=True)).to_be_focused()


@pytest.mark.nightly
def test_a_fiche_that_comes_after_its_popup_is_closed_does_not_take_the_focus(visit):
    page = visit(reduced_motion="reduce")
    page.goto("/fiches/")
    wait_for_markers(page)
    asked = []
    page.route("**/apercu/**", lambda route: asked.append(route))
    pin = page.locator(".map__pin").first
    pin.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup-content")).to_have_text("Chargement…")
    page.keyboard.press("Escape")
    asked[0].fulfill(body="<a href='/'>La fiche</a>")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    expect(pin).to_be_focused()


@pytest.mark.nightly
def test_the_area_shown_can_be_searched(visit):
    page = visit(reduced_motion="reduce")
    page.goto("/fiches/")
    wait_for_markers(page)
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Zoomer", exact=True).click()
    page.get_by_role("button", name="Chercher dans cette zone").click()
    expect(page.locator("#resultats-titre")).to_have_text(re.compile("dans cette partie de la carte"))
    assert "bbox=" in page.url
    page.get_by_role("link", name=re.compile("dans cette partie.*retirer")).click()
    expect(page).to_have_url(re.compile(r"/fiches/$"))


def test_around_me_is_asked_on_a_click_only_and_not_to_the_metre(visit):
    page = visit(permissions=["geolocation"], geolocation={"latitude": 47.241234, "longitude": 6.025678})
    page.goto("/fiches/")
    page.mouse.move(1, 1)
    page.get_by_role("button", name="Autour de moi").click()
    expect(page.locator("#resultats-titre")).to_have_text(re.compile("à moins de 20 km"))
    assert "autour=47.24%2C6.03" in page.url


@pytest.mark.nightly
def test_the_etapes_around_me_are_asked_on_a_click_only_and_not_to_the_metre(visit):
    page = visit(permissions=["geolocation"], geolocation={"latitude": 47.241234, "longitude": 6.025678})
    page.goto("/etapes/")
    page.get_by_role("button", name="Autour de moi").click()
    page.wait_for_url("**/etapes/?*autour=47.24%2C6.03*")
    expect(page.locator("#etapes-trouvees")).to_have_text(re.compile("à moins de 20 km"))


def test_suggestions_are_chosen_by_keyboard(visit):
    page = visit()
    page.goto("/recherche/")
    field = page.get_by_role("combobox", name="Mots à rechercher")
    field.press_sequentially("recette")
    expect(page.get_by_role("option").first).to_be_visible()
    assert field.get_attribute("aria-expanded") == "true"
    field.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant")
    field.press("Enter")
    page.wait_for_url(re.compile(r"/recherche/\?q=La\+recette"))
    assert page.locator("main .card__title").first.inner_text().startswith("La recette")


@pytest.mark.nightly
@pytest.mark.parametrize("width", [360, 700])
def test_a_framed_map_as_high_as_proposed_shows_who_funds_it(visit, width):
    page = visit(width=width, height=embed_named("carte").hauteur)
    page.goto("/integration/carte/")
    expect(page.locator(".map__group").first).to_be_visible()
    expect(page.locator(".map__group").first).to_have_css("background-color", "rgb(23, 73, 58)")
    land = page.locator(".map__ground--departement").first
    land.wait_for(state="attached")
    assert land.evaluate("each => each.ownerSVGElement.getBoundingClientRect().width") >= width / 2
    expect(page.locator(".cadre__credit")).to_be_in_viewport(ratio=1)
