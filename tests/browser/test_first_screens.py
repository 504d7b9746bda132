"""What the first screen of a page holds, on a phone and on a desktop, and how long the home page is on a phone.
Whether these pages are open to everyone: see `test_rgaa`."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import wait_until_settled
from tests.browser.pages import FICHE, HOME

pytestmark = pytest.mark.usefixtures("untouched")

SCREENS = [(360, 740), (1280, 900)]
OPEN = "/etapes/se-deplacer-quand-tout-est-loin/"


def bottoms(page, *selectors):
    """Where each part ends, in pixels from the top of the page."""
    boxes = [page.locator(selector).first.bounding_box() for selector in selectors]
    return [box["y"] + box["height"] for box in boxes]


def on_each_screen(page, address):
    """Yields the width and the height of each screen, with the page at its top."""
    page.goto(address)
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        wait_until_settled(page)
        yield width, height


@pytest.fixture
def page(visit):
    return visit(reduced_motion="reduce")


def test_the_first_screen_of_an_etape_has_date_place_places_left_and_the_button(page):
    for _width, height in on_each_screen(page, OPEN):
        is_announced(page, height)


def is_announced(page, height):
    act = page.locator(".etape__act")
    assert "jeudi" in act.inner_text() and "Pontarlier" in act.inner_text() and "places libres sur" in act.inner_text()
    button = act.get_by_role("link", name="Réserver ma place")
    expect(button).to_be_in_viewport(ratio=1)
    assert max(bottoms(page, "h1", ".etape__act .button--gold")) <= height


def test_the_first_screen_of_a_fiche_has_who_where_when_before_its_whole_picture(page):
    for _width, height in on_each_screen(page, FICHE):
        said = bottoms(page, ".head__over", "h1", ".fiche__dates", ".share")
        photo = page.locator(".fiche__photo img").bounding_box()
        assert max(said) <= min(height, photo["y"])
        expect(page.locator(".fiche__photo img")).to_have_css("object-fit", "contain")


def test_the_first_screen_of_the_home_page_has_the_search_and_the_three_doors(page):
    for width, height in on_each_screen(page, HOME):
        assert page.locator(".door").count() == 3
        assert bottoms(page, ".hero__find", ".doors")[-1] <= height
        if width == 360:
            assert page.evaluate("document.documentElement.scrollHeight") <= 6 * height


REFUSED = "navigator.clipboard.writeText = () => Promise.reject(new DOMException('', 'NotAllowedError'))"


def test_a_browser_that_refuses_to_copy_the_code_of_an_embed_says_so_and_selects_it(visit):
    page = visit()
    page.add_init_script(REFUSED)
    page.goto("/integration/")
    page.get_by_role("button", name="Copier : Code du cadre").click()
    message = "Le navigateur n’a pas copié le texte. Le texte est sélectionné : copiez-le vous-même."
    expect(page.locator("copier-code:has(#code-cadre) [role=status]")).to_have_text(message)
    chosen = page.locator("#code-cadre").evaluate("code => code.value.slice(code.selectionStart, code.selectionEnd)")
    assert chosen.startswith("<iframe ")


def test_the_address_of_a_fiche_is_copied_and_without_a_script_sent_by_mail(visit):
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    page.goto(FICHE)
    page.get_by_role("button", name="Copier l’adresse").click()
    expect(page.locator(".share [role=status]")).to_have_text("L’adresse est copiée.")
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    plain = visit(javascript=False)
    plain.goto(FICHE)
    expect(plain.locator(".share button")).to_have_count(0)
    expect(plain.get_by_role("link", name="Envoyer par courriel")).to_be_visible()


def test_the_whole_menu_is_on_one_line_or_behind_one_button(page):
    for width in (768, 1024, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("/plan-du-site/")
        if width < 992:
            page.get_by_role("button", name="Menu").click()
        links = page.locator(".menu__link")
        expect(links.filter(has_text="Signaler une innovation")).to_be_in_viewport(ratio=1)
        tops = {round(link.bounding_box()["y"]) for link in links.all()}
        assert len(tops) == (links.count() if width < 992 else 1)
        expect(page.get_by_role("search").first.get_by_role("searchbox")).to_be_in_viewport(ratio=1)
