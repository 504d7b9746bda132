"""The public reads: each page of the demo, as people come to it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.pages import FICHE, HOME

pytestmark = pytest.mark.usefixtures("untouched")

ETAPE = "/etapes/se-deplacer-quand-tout-est-loin/"
LONGEST, WITHOUT_A_PICTURE = "/fiches/l-epicerie-qui-vient-a-vous/", "/fiches/lheure-de-chacun/"


@pytest.mark.parametrize("address", [HOME, "/etapes/"])
def test_the_years_of_a_road_stay_on_one_line_in_a_narrow_window(visit, address):
    page = visit(width=360)
    page.goto(address)
    years = page.locator("h2", has_text="étapes de").first.locator("span")
    expect(years).to_have_text(re.compile(r"^\d{4}(-\d{4})?$"))
    lines = years.evaluate("""async (span) => {
      await document.fonts.ready;
      span.textContent = "2026-2027";
      span.parentElement.style.inlineSize = "min-content";
      return span.getClientRects().length;
    }""")
    assert lines == 1


def test_a_reader_follows_the_road_to_a_fiche(visit):
    page = visit()
    page.goto(HOME)
    page.get_by_role("navigation").get_by_role("link", name="Innovations").first.click()
    page.wait_for_url("**/fiches/")
    page.goto(FICHE)
    assert "La recette d’une organisation partagée" in page.locator("h1").inner_text()
    bold = page.locator(".fiche strong, .fiche b").all_inner_texts()
    assert {"entreprise", "organisation"} <= {text.strip() for text in bold}
    assert "03 81 86 58 58" in page.locator("main").inner_text()
    page.get_by_role("navigation", name="Vous êtes ici").get_by_role("link", name="Innovations").click()
    assert page.url.endswith("/fiches/")


@pytest.mark.parametrize("address", [FICHE, LONGEST, WITHOUT_A_PICTURE])
def test_a_fiche_prints_on_one_sheet(visit, address):
    page = visit()
    page.goto(address)
    sheet = page.pdf(format="A4", print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1


def test_on_paper_figures_and_stages_stay_whole_and_the_grid_takes_the_place_of_a_missing_picture(visit):
    page = visit(width=718)  # A4 less its margins
    page.emulate_media(media="print")
    page.goto(FICHE)
    tops = page.locator(".figures > *").evaluate_all("all => all.map((each) => each.getBoundingClientRect().top)")
    assert len(tops) == 3
    assert len(set(tops)) == 1
    expect(page.locator(".figures")).to_have_css("break-inside", "avoid")
    page.goto("/etapes/")
    expect(page.locator(".road__stage--next .road__number")).to_have_css("box-shadow", "none")
    page.goto(WITHOUT_A_PICTURE)
    tops = [page.locator(part).bounding_box()["y"] for part in (".fiche__side", ".fiche__head")]
    assert tops[0] == tops[1]


def test_the_road_books_of_a_row_are_of_one_height_and_their_links_apart(visit):
    page = visit()
    page.goto("/carnets/")
    heights = page.locator(".issue").evaluate_all("all => all.map((each) => each.getBoundingClientRect().height)")
    assert len(heights) == 2
    assert len(set(heights)) == 1
    button, feed = (page.locator(f".get-issues {link}").bounding_box() for link in (".button", ".go"))
    assert feed["x"] - button["x"] - button["width"] >= 16
    page.emulate_media(media="print")
    expect(page.locator(".get-issues")).to_be_hidden()


LEFTS = "all => [...new Set(all.map((each) => Math.round(each.getBoundingClientRect().left)))].length"


def test_what_stands_aside_takes_the_room_that_a_tablet_has(visit):
    page = visit()
    for address, parts in ((FICHE, ".fiche__side > *"), (ETAPE, ".facts__list > *")):
        page.goto(address)
        for width, columns in ((360, 1), (768, 2), (1280, 1)):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.locator(parts).evaluate_all(LEFTS) == columns, (address, width)


def test_the_keyboard_reaches_the_content_first(visit):
    page = visit()
    page.goto(HOME)
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Aller au contenu"
    page.keyboard.press("Enter")
    assert page.locator(":focus").get_attribute("id") == "contenu"
