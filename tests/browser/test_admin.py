"""The admin's screens that are ours, narrow and wide, light and dark: axe finds nothing in them that isn't Wagtail's own."""

import re

import pytest

from tests.browser.conftest import violations, wait_until_settled
from tests.browser.largeurs import WAGTAILS_OWN, faults_for_staff

SCREENS = [
    "/admin/",
    "/admin/fiches/?manque=photo",
    "/admin/candidatures/dossiers/",
    "/admin/redaction/imports/",
    "/admin/snippets/rallynov_fiches/dimension/edit/1/",
]
MORE = [
    "/admin/fiches/?q=rienderien",
    "/admin/snippets/rallynov_fiches/partenaire/",
    "/admin/etapes/?manque=photo",
    "/admin/candidatures/signalements/",
    "/admin/redaction/courriels/?etat=envoye",
    "/admin/snippets/rallynov_fiches/modeledecourriel/",
    "/admin/snippets/rallynov_fiches/modeledecourriel/edit/accuse/",
    "/admin/portee/",
    "/admin/guide/",
]


@pytest.fixture
def page(staff):
    return staff("redaction", width=360, reduced_motion="reduce")


def looked_at(page):
    """What is wrong with the screen: at each width, then its contrast in dark."""
    wait_until_settled(page)
    found = faults_for_staff(page)
    page.emulate_media(color_scheme="dark")
    found += own_violations(page, only="color-contrast")
    page.emulate_media(color_scheme="light")
    return found


def own_violations(page, **options):
    return [each for each in violations(page, **options) if not each.startswith(tuple(WAGTAILS_OWN))]


@pytest.mark.parametrize("address", [*SCREENS, *(pytest.param(each, marks=pytest.mark.nightly) for each in MORE)])
def test_a_screen_of_the_editors(page, address):
    page.goto(address)
    assert looked_at(page) == []


@pytest.mark.parametrize("kind", ["fiche", pytest.param("etape", marks=pytest.mark.nightly)])
def test_each_tab_of_a_form(page, kind):
    page.goto(f"/admin/{kind}s/")
    page.locator("tbody td.title a").first.click()
    page.wait_for_url("**/edit/")
    wait_until_settled(page)
    found = own_violations(page)
    for tab in page.get_by_role("tab").filter(visible=True).all()[1:]:
        tab.click()
        wait_until_settled(page)
        found += own_violations(page, inside="[role=tabpanel]:not([hidden])")
    assert found == []


def test_the_screen_of_a_dossier(page):
    page.goto("/admin/candidatures/dossiers/?q=dossier2")
    page.locator("td.title a").first.click()
    page.wait_for_url(re.compile(r"/dossiers/\d+/$"))
    assert looked_at(page) == []


@pytest.mark.nightly
def test_the_screen_of_an_innovation_without_a_dossier_and_its_versions_compared(page):
    page.goto("/admin/fiches/")
    with page.expect_navigation():
        page.locator("tbody").get_by_role("link", name="La recette d’une organisation partagée").first.click()
    pk = re.search(r"/pages/(\d+)/", page.url)[1]
    page.goto(f"/admin/redaction/innovations/{pk}/")
    page.get_by_role("heading", name="Ce qui sera publié").wait_for()
    found = looked_at(page)
    page.goto(f"/admin/pages/{pk}/revisions/compare/earliest...latest/")
    page.get_by_role("columnheader", name="Modifications").wait_for()
    assert [*found, *looked_at(page)] == []


@pytest.mark.parametrize("account", ["moderation", "partenaire"])
@pytest.mark.nightly
def test_the_dashboard_and_the_list_of(staff, account):
    page = staff(account, reduced_motion="reduce")
    page.goto("/admin/")
    found = looked_at(page)
    page.goto("/admin/fiches/")
    assert [*found, *looked_at(page)] == []
