"""A refused form: its summary has the focus, each of its links leads to what it names, and all can read it. What each form's summary
says: tests/candidatures/test_hostilite.py, tests/etapes/test_inscription.py and the like."""

import pytest
from playwright.sync_api import expect

from tests.browser.largeurs import faults

REACHED = """id => {
  const target = document.getElementById(id);
  const { top, bottom } = target.getBoundingClientRect();
  const holds = target.matches("fieldset") && target.querySelector("input") && location.hash === `#${id}`;
  return (target === document.activeElement || holds) && bottom > 0 && top < innerHeight;
}"""
"""A group of choices can't have the focus: it is brought into view, and the next Tab leads to its first choice."""


def refuse_tip(page):
    page.goto("/signaler/")
    page.get_by_role("button", name="Envoyer le signalement").click()


def is_explained(page):
    summary = page.locator("resume-erreurs section")
    expect(summary).to_be_focused()
    assert page.title().startswith("Erreur – ")
    problems = faults(page)
    links = summary.locator("a")
    targets = links.evaluate_all("links => links.map((link) => link.href)")
    assert targets
    for number, target in enumerate(targets):
        if target.split("#")[0] == page.url.split("#")[0]:
            links.nth(number).click()
            assert page.evaluate(REACHED, target.split("#")[1]), target
        else:  # « Envoyer » leads to another step
            there = page.context.new_page()
            there.goto(target)
            there.wait_for_load_state()
            assert there.evaluate(REACHED, target.split("#")[1]), target
            there.close()
    assert problems == []


def forget_refusals(visit):
    """The browser writes each in its console."""
    visit.faults[:] = [fault for fault in visit.faults if "422" not in fault]


def test_a_refused_form_says_what_is_wrong_and_leads_there(visit):
    page = visit(width=360)
    refuse_tip(page)
    is_explained(page)
    forget_refusals(visit)


@pytest.mark.nightly
def test_a_dossier_that_is_not_complete_leads_to_the_steps_that_lack_an_answer(visit, draft):
    page = visit(width=360)
    page.goto(f"{draft}relecture/")
    page.get_by_role("button", name="Envoyer mon dossier").click()
    is_explained(page)
    forget_refusals(visit)
