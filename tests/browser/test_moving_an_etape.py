"""Somebody of the staff moves an étape for which people are registered: who is told before, why, how many after, and undone."""

import re

from tests.browser.forms import admin_message, save_draft
from tests.browser.mails import mail_to
from tests.browser.test_registering import OPEN, faults_for_staff, register

TITLE = "Se déplacer quand tout est loin"
# Nobody is registered for it: it may leave the site.
ALONE = "Goûter au travail des autres"
PEOPLE = r"(\d+) personnes? ser(?:a|ont) prévenues? par courriel"


def number_in(text):
    return int(re.search(PEOPLE, text)[1])


def test_an_etape_is_moved_people_are_named_before_counted_after_and_the_move_is_undone(visit, staff, server):
    courriel = "deplacee@tilleuls.test"
    register(visit(), OPEN, courriel)
    mail_to(server, courriel, "Votre place est réservée")

    page = staff("admin", width=360, reduced_motion="reduce")
    page.goto("/admin/etapes/")
    page.get_by_role("link", name=TITLE, exact=True).first.click()
    page.wait_for_url("**/edit/")
    form = page.url
    before = page.locator("#id_date").input_value()
    day, month, year = before.split("/")
    page.locator("#id_date").fill(f"{day}/{month}/{int(year) + 1}")
    save_draft(page)

    # Before: who, and room for a reason. Nothing is published yet.
    page.locator("footer").get_by_role("button", name="Plus d'actions").click()
    page.locator("footer").get_by_role("button", name="Publier", exact=True).click()
    page.wait_for_url("**/publier/")
    main = page.locator("main")
    shown = number_in(main.inner_text())
    assert "Jeanne Marmier" in main.inner_text()
    assert faults_for_staff(page) == []
    page.get_by_label("Motif").fill("La salle est fermée.")
    page.get_by_role("button", name=re.compile(r"^Publier et prévenir")).click()

    # After: how many, at what time, and the way back, here and on the étape's other screens.
    page.wait_for_url(form)
    assert number_in(admin_message(page)) == shown
    assert faults_for_staff(page) == []
    page.goto("/admin/etapes/")
    assert number_in(admin_message(page)) == shown
    page.locator(".messages").get_by_role("link", name="Annuler le changement").first.click()
    page.wait_for_url("**/retablir/")
    assert "ne partir" in main.inner_text()
    assert faults_for_staff(page) == []
    page.get_by_role("button", name="Annuler le changement").click()
    page.wait_for_url(form)
    assert "Le changement est annulé : personne n’est prévenu." in admin_message(page)
    assert page.locator("#id_date").input_value() == before


def test_an_etape_that_people_await_is_not_moved_among_many(visit, staff):
    visitor = visit()
    register(visitor, OPEN, "en-nombre@tilleuls.test")
    visitor.wait_for_url("**/inscription/confirmee/")
    page = staff("admin", width=360, reduced_motion="reduce")
    page.goto("/admin/etapes/")
    page.get_by_role("link", name=TITLE, exact=True).first.click()
    page.wait_for_url("**/edit/")
    form, before = page.url, page.locator("#id_date").input_value()
    day, month, year = before.split("/")
    page.locator("#id_date").fill(f"{day}/{month}/{int(year) + 1}")
    save_draft(page)
    pk = re.search(r"/pages/(\d+)/", form)[1]
    page.goto(f"/admin/bulk/wagtailcore/page/publish/?id={pk}&next=/admin/etapes/")
    page.locator("main form").get_by_role("button", name=re.compile("^Oui")).click()
    page.wait_for_url("**/admin/etapes/")
    assert f"Rien n’est publié : la publication de « {TITLE} » préviendrait" in admin_message(page)
    page.locator(".messages").get_by_role("link", name="Voir qui sera prévenu").click()
    page.wait_for_url("**/publier/")
    assert "Jeanne Marmier" in page.locator("main").inner_text()
    # The draft goes back to what is online, for whoever comes next.
    page.goto(form)
    page.locator("#id_date").fill(before)
    save_draft(page)


def test_an_etape_is_taken_off_the_site_and_put_back_within_ten_minutes(staff):
    page = staff("admin", width=360, reduced_motion="reduce")
    page.goto("/admin/etapes/")
    page.get_by_role("link", name=ALONE, exact=True).first.click()
    page.wait_for_url("**/edit/")
    form = page.url
    page.goto(form.replace("/edit/", "/unpublish/"))
    assert faults_for_staff(page) == []
    page.get_by_role("button", name="Retirer du site", exact=True).click()
    page.wait_for_url(lambda url: "/unpublish/" not in url)
    assert (
        f"« {ALONE} » n’est plus sur le site. Pendant dix minutes, vous pouvez annuler cette décision."
        in admin_message(page)
    )
    page.goto("/admin/etapes/")
    assert f"« {ALONE} » n’est plus sur le site. Vous pouvez annuler ce retrait jusqu’à" in admin_message(page)
    page.locator(".messages").get_by_role("link", name="Annuler le retrait").first.click()
    page.wait_for_url("**/retablir/")
    assert "la page revient sur le site comme elle était" in page.locator("main").inner_text()
    assert faults_for_staff(page) == []
    page.get_by_role("button", name="Annuler").click()
    page.wait_for_url(form)
    assert f"Le retrait est annulé : « {ALONE} » est en ligne." in admin_message(page)
