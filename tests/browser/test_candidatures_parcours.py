"""Corrections, refusal, tip, duplicate and proof, told whole in a real browser: by the company and by the staff."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.forms import backdate_form
from tests.browser.largeurs import faults, faults_for_staff
from tests.browser.screens import link_from_mail, save_and_continue


def open_dossier(page, courriel):
    """Opens the dossier of an address from the inbox."""
    page.goto(f"/admin/candidatures/dossiers/?q={courriel}")
    page.locator("td.title a").first.click()
    page.wait_for_url(re.compile(r"/dossiers/\d+/$"))


def assert_accessible(page):
    assert faults(page) == []


def test_the_company_corrects_what_it_is_asked_and_sends_again(visit, staff, dossiers):
    courriel = "corrige@tilleuls.test"
    company, link = visit(width=360), dossiers.sent[courriel]

    reader = staff("redaction", width=360, reduced_motion="reduce")
    open_dossier(reader, courriel)
    assert faults_for_staff(reader) == []
    reader.get_by_label("à corriger : Résumé en deux phrases").check()
    reader.get_by_role("button", name="Écrire les raisons…").click()
    assert courriel in reader.locator("main").inner_text()
    assert faults_for_staff(reader) == []
    reader.get_by_label("Motif", exact=True).fill("Plus court, s’il vous plaît.")
    reader.get_by_role("button", name="Demander ces corrections").click()
    reader.get_by_text("Les corrections sont demandées.").wait_for()
    assert faults_for_staff(reader) == []

    company.goto(link)  # its mail leaves ten minutes after, when the request can no longer be undone
    assert_accessible(company)
    assert "Plus court, s’il vous plaît." in company.locator("main").inner_text()
    company.get_by_role("link", name="Corriger : L’innovation").click()
    assert_accessible(company)
    assert "Plus court, s’il vous plaît." in company.locator("#id_chapo_raison").inner_text()
    expect(company.get_by_label("Comment s’appelle votre innovation")).to_have_count(0)
    company.get_by_label("Comment résumez-vous votre innovation").fill("Une fruitière dort.")
    save_and_continue(company)
    assert_accessible(company)
    company.get_by_role("button", name="Envoyer mes corrections").click()
    company.wait_for_url("**/?fait=envoye")
    assert_accessible(company)


@pytest.mark.nightly
def test_a_tip_becomes_a_dossier_that_the_organisation_opens(visit, staff, server):
    scout = visit(width=360)
    scout.goto("/signaler/")
    scout.get_by_label("Quelle organisation voulez-vous signaler").fill("Boulangerie du Pont")
    scout.get_by_label("Que fait-elle de nouveau").fill("Elle forme ses voisins.")
    scout.get_by_label(re.compile("Quel est son courriel")).fill("pain@pont.test")
    backdate_form(scout)
    scout.get_by_role("button", name="Envoyer le signalement").click()
    scout.wait_for_url("**/merci/")
    assert_accessible(scout)

    reader = staff("redaction", reduced_motion="reduce")
    reader.goto("/admin/candidatures/signalements/")
    reader.get_by_role("button", name="Inviter Boulangerie du Pont").click()
    reader.get_by_text("L’organisation est invitée : son dossier est commencé.").wait_for()
    company = visit()
    company.goto(link_from_mail(server, "pain@pont.test"))
    assert_accessible(company)
    company.get_by_role("link", name=re.compile("^Continuer|^Commencer")).click()
    company.goto(re.sub(r"[^/]+/$", "innovation/", company.url))
    assert company.get_by_label("Qu’avez-vous fait").input_value() == "Elle forme ses voisins."


@pytest.mark.nightly
def test_the_company_agrees_to_its_fiche_before_it_is_published(visit, staff, server, dossiers):
    company = visit(width=360)
    reader = staff("redaction", reduced_motion="reduce")
    open_dossier(reader, "epreuve@tilleuls.test")
    reader.get_by_role("button", name="Envoyer le bon à tirer à l’entreprise").click()
    reader.get_by_text("Le bon à tirer part par courriel à l’entreprise.").wait_for()
    company.goto(link_from_mail(server, "epreuve@tilleuls.test"))
    assert_accessible(company)
    expect(company.get_by_alt_text("Une vache")).to_be_visible()
    company.get_by_role("button", name=re.compile("Je suis d’accord avec cette fiche")).click()
    assert_accessible(company)
    company.get_by_label(re.compile("Votre nom")).fill("Jeanne Marmier")
    company.get_by_role("button", name=re.compile("Je suis d’accord avec cette fiche")).click()
    company.get_by_text(re.compile("Jeanne Marmier est d’accord avec la version")).wait_for()
    assert_accessible(company)
    reader.reload()
    assert "Jeanne Marmier" in reader.locator("section", has=reader.locator("#messages")).inner_text()
