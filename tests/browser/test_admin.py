"""The admin's screens that are ours, open to every editor: axe finds nothing in them that isn't Wagtail's own."""

import pytest

from tests.browser.conftest import violations, wait_until_settled

WAGTAILS_OWN = {
    "label: ['.ui-autocomplete-input']": "the field where keywords are typed",
    "aria-input-field-name: ['.notranslate']": "the rich text of a block",
    "aria-input-field-name: ['div[aria-describedby=\"placeholder-": "the same, where there are several",
}
# Those of the editors: `test_redaction_ecrans`.
SCREENS = {
    "moderation": ["/admin/", "/admin/fiches/", "/admin/candidatures/dossiers/"],
    "partenaire": ["/admin/", "/admin/fiches/"],
}


def own_violations(page):
    """What axe finds once the messages have faded in, less what Wagtail answers for."""
    wait_until_settled(page)
    return [found for found in violations(page) if not found.startswith(tuple(WAGTAILS_OWN))]


@pytest.mark.parametrize("account", SCREENS)
def test_the_screens_of(staff, account):
    page = staff(account, reduced_motion="reduce")
    found = {}
    for address in SCREENS[account]:
        page.goto(address)
        found[address] = own_violations(page)
    assert {address: faults for address, faults in found.items() if faults} == {}


@pytest.mark.parametrize("kind", ["fiche", "etape"])
def test_each_tab_of_the_form_of(staff, kind):
    page = staff("redaction", color_scheme="dark" if kind == "etape" else "light", reduced_motion="reduce")
    page.goto(f"/admin/{kind}s/")
    page.locator("tbody td.title a").first.click()
    page.wait_for_url("**/edit/")
    found = {}
    for tab in page.get_by_role("tab").filter(visible=True).all():
        tab.click()
        found[tab.inner_text()] = own_violations(page)
    assert {tab: faults for tab, faults in found.items() if faults} == {}


def test_a_dossier_and_what_is_decided_on_it(staff):
    page = staff("redaction")
    page.goto("/admin/candidatures/dossiers/")
    page.locator("tbody a[href*='/candidatures/dossiers/']").first.click()
    page.wait_for_url("**/candidatures/dossiers/*/")
    assert own_violations(page) == []
