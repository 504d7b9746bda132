"""Each public form, refused: its summary has the focus, each of its links leads to what it names, and all can read it."""

import datetime

import pytest
from playwright.sync_api import expect

from tests.browser.largeurs import faults
from tests.browser.test_jury import log_in

INSCRIPTION = "/etapes/se-deplacer-quand-tout-est-loin/inscription/"
REACHED = """id => {
  const target = document.getElementById(id);
  const { top, bottom } = target.getBoundingClientRect();
  const holds = target.matches("fieldset") && target.querySelector("input") && location.hash === `#${id}`;
  return (target === document.activeElement || holds) && bottom > 0 && top < innerHeight;
}"""
"""A group of choices can't have the focus: it is brought into view, and the next Tab leads to its first choice."""


def refusal_of(address, button):
    def refuse(page, _dossiers):
        page.goto(address)
        page.get_by_role("button", name=button).click()

    return refuse


def refuse_step(page, dossiers):
    page.goto(f"{dossiers.drafts.pop()}organisation/")
    page.locator("summary").first.click()
    page.get_by_label("Quelle est l’adresse de son site web").fill("notre site")
    page.get_by_label("Quel est son code NAF").fill("zéro")
    page.get_by_role("button", name="Enregistrer et continuer", exact=True).click()


def refuse_files(page, dossiers):
    page.goto(f"{dossiers.drafts.pop()}images/")
    page.route("**/images/", lambda route: route.continue_() if route.request.is_navigation_request() else None)
    file = {"name": "vache.jpg", "mimeType": "image/jpeg", "buffer": b"rien"}
    page.get_by_label("Choisir une image").first.set_input_files(file)
    page.get_by_role("button", name="Enregistrer et continuer", exact=True).click()


def refuse_sending(page, dossiers):
    page.goto(f"{dossiers.drafts.pop()}relecture/")
    page.get_by_role("button", name="Envoyer mon dossier").click()


def refuse_scores(page, _dossiers):
    log_in(page)
    page.goto(f"/jury/{datetime.date.today().year + 1}/")  # of the demo; another test makes a jury of its own
    page.locator("main .ballot a[href*='/jury/']").first.click()
    comment = page.get_by_label("Commentaire")
    comment.evaluate("field => field.removeAttribute('maxlength')")
    comment.fill("a" * 4001)
    page.get_by_role("button", name="Enregistrer").first.click()


FORMS = {
    "signaler": refusal_of("/signaler/", "Envoyer le signalement"),
    "candidature": refusal_of("/candidature/", "Recevoir le lien"),
    "inscription": refusal_of(INSCRIPTION, "Réserver ma place"),
    "abonnement": refusal_of("/carnets/abonnement/", "J’accepte : recevoir le lien"),
    "suivre": refusal_of("/fiches/suivre/", "Recevoir le lien de confirmation"),
    "etape": refuse_step,
    "fichiers": refuse_files,
    "envoyer": refuse_sending,
    "jury": refuse_scores,
}


@pytest.mark.parametrize("refuse", FORMS.values(), ids=FORMS)
def test_a_refused_form_says_what_is_wrong_and_leads_there(visit, dossiers, refuse):
    page = visit(width=360)
    refuse(page, dossiers)
    is_explained(page)
    forget_refusals(visit)


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


def test_without_a_script_the_summary_stands_above_the_form_and_its_links_work(visit):
    page = visit(javascript=False)
    FORMS["signaler"](page, None)
    summary = page.locator("resume-erreurs section")
    assert summary.bounding_box()["y"] < page.locator("main form").bounding_box()["y"]
    summary.get_by_role("link", name="Quelle organisation voulez-vous signaler").click()
    expect(page.get_by_label("Quelle organisation voulez-vous signaler")).to_be_focused()
    forget_refusals(visit)
