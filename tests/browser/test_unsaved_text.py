"""On each screen of the admin on which text is typed, a link that would lose it asks first, and the text is still there."""

import contextlib
import sqlite3

import pytest

from tests.browser.forms import wait_until_watched

TEXT = "main form[method=post i] :is(textarea, input:is([type=text], [type=email], :not([type]))):visible:enabled"
ETAPE = "SELECT etape_id FROM rallynov_etapes_inscription"
CARNET = "SELECT page_ptr_id FROM rallynov_carnets_carnetpage"
DOSSIER = "SELECT id FROM rallynov_candidatures_dossier WHERE etat = 'recu'"
IN_REVIEW = "SELECT fiche_id FROM rallynov_candidatures_dossier WHERE etat = 'en_relecture'"
PALMARES = "SELECT id FROM rallynov_palmares_palmares WHERE etat = 'preparation'"
# The screen, and which of the demo's records it is about.
SCREENS = {
    "/admin/fiches/?manque=photo": "",
    "/admin/etapes/{}/inscriptions/": ETAPE,
    "/admin/etapes/{}/inscriptions/message/": ETAPE,
    "/admin/carnets/{}/envoi/": CARNET,
    "/admin/candidatures/dossiers/{}/": DOSSIER,
    "/admin/candidatures/dossiers/{}/refuser/": DOSSIER,
    "/admin/redaction/innovations/{}/": IN_REVIEW,
    "/admin/palmares/{}/": PALMARES,
    "/admin/snippets/rallynov_fiches/modeledecourriel/edit/accuse/": "",
}


@pytest.fixture
def record(site):
    def find(query):
        with contextlib.closing(sqlite3.connect(site.folder / "db.sqlite3")) as base:
            return base.execute(query).fetchone()[0]

    return find


@pytest.mark.nightly
@pytest.mark.usefixtures("untouched")
def test_a_link_that_would_lose_what_is_typed_asks_first(staff, record):
    page, asked, found = staff("admin"), [], {}
    page.on("dialog", lambda dialog: asked.append(dialog.type) or (dialog.accept() if leaves else dialog.dismiss()))
    for screen, query in SCREENS.items():
        leaves = True  # the screen before
        page.goto(screen.format(record(query)) if query else screen)
        leaves = False
        asked.clear()
        wait_until_watched(page)
        field = page.locator(TEXT).first
        field.press_sequentially("Trois lignes.")
        page.wait_for_timeout(600)  # Wagtail looks every half second
        page.evaluate("setTimeout(() => { location.href = '/admin/'; })")
        page.wait_for_timeout(500)
        found[screen] = asked == ["beforeunload"] and "Trois lignes." in field.input_value()
    assert found == dict.fromkeys(SCREENS, True)
