"""A fiche goes from those who read it to those who approve it, then to the public; and who sees what meanwhile."""

from playwright.sync_api import expect

from tests.browser.forms import admin_message, fill_fields, wait_until_watched, with_plain_spaces

FICHE = "La blanchisserie qui compte l’eau"
ADDRESS = "/fiches/la-blanchisserie-qui-compte-l-eau/"


def read_and_decide(page):
    """Opens the fiche from what awaits this person on their dashboard."""
    page.goto("/admin/")
    page.get_by_role("listitem").filter(has_text=FICHE).get_by_role("link", name="Lire et décider").click()
    page.wait_for_url("**/innovations/*/")


def decide(page, name):
    """Presses the button of a decision. What the admin says then."""
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_url("**/admin/**")
    return admin_message(page)


def correct_and_crash(page, text):
    """Writes the chapô in the form of the fiche on screen; its tab is lost before anything is pressed. The form, opened again."""
    with page.expect_navigation():
        page.get_by_role("link", name="Corriger la page").first.click()
    wait_until_watched(page)
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.url == page.url):
        fill_fields(page, chapo=text)
    again = page.context.new_page()
    again.goto(page.url)
    page.close(run_before_unload=False)
    expect(again.locator("#id_chapo")).to_have_value(text)
    return again


def test_a_fiche_is_read_then_approved_then_public(staff, visit):
    reader, public = staff("redaction"), visit()
    assert public.request.get(ADDRESS).status == 404
    read_and_decide(reader)
    reader = correct_and_crash(reader, "Une machine qui compte l’eau.")
    wait_until_watched(reader)
    with reader.expect_response(lambda answer: answer.request.method == "POST" and answer.url == reader.url):
        fill_fields(reader, chapo="Une machine qui compte l’eau de chaque tournée.")
    read_and_decide(reader)
    assert decide(reader, "Transmettre à l’approbation").startswith(
        f"« {FICHE} » est transmise : elle attend son approbation."
    )
    assert public.request.get(ADDRESS).status == 404

    moderator = staff("moderation")
    read_and_decide(moderator)
    assert decide(moderator, "Approuver et publier").startswith(
        f"« {FICHE} » est approuvée, telle que vous l’avez lue."
    )
    public.goto(ADDRESS)
    assert with_plain_spaces(public.locator("h1").inner_text()).strip("« »") == FICHE
    public.goto("/fiches/?q=blanchisserie")
    assert public.get_by_role("link", name=FICHE).first.is_visible()
