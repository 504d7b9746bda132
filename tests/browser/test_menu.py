"""Staff edit the menu: what they call a link is what everyone reads, at once."""

from tests.browser.conftest import violations, wait_until_settled

WAGTAILS_OWN = "landmark-unique: ['#inline_child_"
"""Each link's panel is called « lien », as Wagtail calls the panels of a list."""


def test_staff_rename_a_link_of_the_menu(visit, staff):
    page = staff("redaction", reduced_motion="reduce")
    page.goto("/admin/settings/home/navigation/")
    wait_until_settled(page)
    assert [found for found in violations(page) if not found.startswith(WAGTAILS_OWN)] == []
    label = page.locator("#id_liens_de_menu-0-libelle")
    before = label.input_value()
    reader = visit(javascript=False)
    for name in ("La belle route", before):  # the site is left as it was found
        label.fill(name)
        page.locator("main form button[type=submit]").first.click()
        page.locator(".messages .success").wait_for()
        reader.goto("/plan-du-site/")
        first = reader.locator("header nav a").first.inner_text()
        assert (first == "La belle route") == (name == "La belle route")
