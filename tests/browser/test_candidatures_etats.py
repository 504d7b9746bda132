"""What a company sees of its dossier in each state, and what stands in for it: open to everyone, by day and by night."""

import sqlite3
from contextlib import closing, contextmanager

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import at_each_width, horizontal_overflow, violations

STATES = {
    "brouillon": "NON ENVOYÉ",
    "invite": "NON ENVOYÉ",
    "recu": "Nous avons reçu votre dossier. L’équipe du rallye va le lire.",
    "corrections_demandees": "Corrections à faire",
    "approuve": "Votre dossier est approuvé",
    "publie": "Voir la fiche en ligne",
    "refuse": "Votre dossier n’est pas retenu",
    "retire": "Vous avez retiré votre dossier.",
    "sans_accord": "Vous avez retiré votre accord pour la publication",
}
SENT_ALREADY = ("recu", "corrections_demandees", "approuve", "publie", "refuse")


@pytest.fixture
def links(dossiers):
    """``{state: address}`` of dossiers of the demo."""
    return dossiers.states


@pytest.fixture
def page(visit):
    return visit(reduced_motion="reduce")


def faults(page):
    """By night on a narrow screen, by day on a wide one."""

    def look(page):
        page.emulate_media(color_scheme="dark" if page.viewport_size["width"] < 400 else "light")
        return violations(page) + horizontal_overflow(page)

    return at_each_width(page, look)


def test_each_state_of_a_dossier_is_told_and_open_to_everyone(page, links):
    found = {}
    for state, words in STATES.items():
        page.goto(links[state])
        expect(page.locator("main")).to_contain_text(words)
        found[state] = faults(page)
    assert found == {state: [] for state in STATES}


def test_what_was_sent_is_read_again_in_each_state(page, links):
    found = {}
    for state in SENT_ALREADY:
        for where in ("recu/", "relecture/", "consentements/"):
            page.goto(links[state] + where)
            assert page.url.endswith(where)
            found[state, where] = faults(page)
    assert {key: value for key, value in found.items() if value} == {}


def test_a_link_that_no_longer_works_says_what_to_do(page, links, visit):
    with page.expect_response("**/candidature/**") as answer:
        page.goto(links["lien_perdu"])
    assert answer.value.status == 404
    expect(page.get_by_role("link", name="Recevoir un nouveau lien")).to_be_visible()
    assert faults(page) == []
    [told] = visit.faults  # the browser's own word on a 404
    assert "404" in told
    visit.faults.clear()


def test_the_proof_and_its_answer(page, links):
    page.goto(links["bon_a_tirer"])
    assert faults(page) == []
    page.get_by_role("button", name="Envoyer ma réponse").click()
    expect(page.locator("#erreurs")).to_be_focused()
    assert faults(page) == []


@contextmanager
def close_calls(server):
    """No call is open, for as long."""
    with closing(sqlite3.connect(server.folder / "db.sqlite3", timeout=30)) as database:
        [(before,)] = database.execute("SELECT max(cloture) FROM rallynov_candidatures_appel").fetchall()
        with database:
            database.execute("UPDATE rallynov_candidatures_appel SET cloture = datetime('now', '-1 day')")
        try:
            yield
        finally:
            with database:
                database.execute("UPDATE rallynov_candidatures_appel SET cloture = ?", (before,))


def test_after_the_call_a_page_says_so_and_a_draft_cannot_be_sent(page, links, server):
    with close_calls(server):
        page.goto("/candidature/")
        expect(page.get_by_text("Aucun appel n’est ouvert")).to_be_visible()
        problems = faults(page)
        page.goto(links["brouillon"])
        expect(page.locator("p.notice")).to_contain_text("L’appel est fermé")
        problems += faults(page)
        page.goto(f"{links['brouillon']}relecture/")
        expect(page.get_by_role("button", name="Envoyer mon dossier")).to_have_count(0)
        problems += faults(page)
    assert problems == []
