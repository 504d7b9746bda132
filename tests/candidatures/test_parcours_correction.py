"""Corrections asked for, made and sent again; refusal; withdrawal."""

import pytest
from django.core import mail

from fiches.candidatures.enums import Etat
from fiches.candidatures.models import Dossier
from fiches.models import FichePage
from tests.candidatures.conftest import CONTACTS, INNOVATION, photo, text
from tests.candidatures.screens import ask
from tests.factories import UserFactory
from tests.undo_delay import send_delayed_mails


def test_the_company_corrects_just_what_is_asked_for_and_what_staff_wrote_elsewhere_stays(sent, staff):
    fiche = sent.dossier.fiche
    fiche.chapo = "Réécrit par la rédaction."
    fiche.save_revision(user=staff.user)
    ask(staff, sent.dossier, ("resultats", "Donnez un chiffre.\nPar exemple les départs."))

    dossier = Dossier.objects.get()
    assert dossier.etat == Etat.CORRECTIONS_DEMANDEES
    assert dossier.a_corriger == [{"champ": "resultats", "raison": "Donnez un chiffre.\nPar exemple les départs."}]
    send_delayed_mails()
    [message] = mail.outbox
    assert message.to == ["jeanne@tilleuls.test"]
    assert message.subject == f"Dossier {dossier.numero} : des corrections sont demandées"
    assert "Les résultats : Donnez un chiffre." in message.body
    assert fiche.workflow_states.get().status == "needs_changes"

    page = sent.visitor.get(f"{sent.link}innovation/")
    assert list(page.context["form"].fields) == ["resultats"]
    assert "Donnez un chiffre." in text(page)
    assert sent.visitor.get(f"{sent.link}organisation/").url == sent.link
    sent.visitor.fill(sent.link, "innovation", {"resultats": "Zéro départ en 2 ans.", "chapo": "Réécrit sans droit."})
    assert Dossier.objects.get().reponses["chapo"] == "Une fruitière qui laisse dormir ses fromagers."

    revisions = fiche.revisions.count()
    sent.visitor.post(f"{sent.link}envoyer/")
    dossier.refresh_from_db()
    latest = FichePage.objects.get().get_latest_revision_as_object()
    assert (dossier.etat, dossier.a_corriger) == (Etat.RECU, [])
    assert fiche.revisions.count() == revisions + 1
    assert latest.chapo == "Réécrit par la rédaction."
    assert "Zéro départ en 2 ans." in str(latest.corps[2].value)
    assert fiche.workflow_states.get().status == "in_progress"


def test_corrections_sent_again_tell_the_team(sent, staff):
    ask(staff, sent.dossier, ("chapo", "Plus court."))
    mail.outbox.clear()
    sent.visitor.fill(sent.link, "innovation", {"chapo": "Court."})
    sent.visitor.post(f"{sent.link}envoyer/")
    ours = [message for message in mail.outbox if message.to == [staff.user.email] and "corrigé" in message.subject]
    assert [message.subject for message in ours] == [f"Dossier {sent.dossier.numero} : corrigé par l’entreprise"]


def test_a_moderator_who_rejects_in_wagtail_asks_the_company_for_corrections(sent, staff):
    task_state = sent.dossier.fiche.current_workflow_task_state
    with staff.capture(execute=True):
        task_state.reject(user=staff.user, comment="Le titre est trop long.")
    dossier = Dossier.objects.get()
    assert dossier.etat == Etat.CORRECTIONS_DEMANDEES
    assert dossier.a_corriger == [{"champ": "", "raison": "Le titre est trop long."}]
    assert "Le titre est trop long." in text(sent.visitor.get(sent.link))
    assert set(sent.visitor.get(f"{sent.link}contacts/").context["form"].fields) >= {"contact_nom", "contact_courriel"}


def test_a_whole_dossier_reopened_changes_on_the_fiche_what_the_company_changed_only(sent, staff):
    fiche = sent.dossier.fiche
    fiche.chapo = "Réécrit par la rédaction."
    fiche.save_revision(user=staff.user)
    ask(staff, sent.dossier, ("", "Dites-en plus."))
    sent.visitor.fill(sent.link, "innovation", {**INNOVATION, "resultats": "Zéro départ en 2 ans."})
    sent.visitor.post(f"{sent.link}envoyer/")
    latest = FichePage.objects.get().get_latest_revision_as_object()
    assert latest.chapo == "Réécrit par la rédaction."
    assert "Zéro départ en 2 ans." in str(latest.corps[2].value)


def test_a_picture_that_the_company_takes_out_or_signs_anew_follows_on_the_fiche(visitor, staff):
    [link] = visitor.ask_for_link("jeanne@tilleuls.test")
    visitor.fill_in_all(link)
    described = {"photo_alt": "Une vache", "photo_credit": "Paul"}
    visitor.fill(link, "images", {"photo": photo(), **described})
    visitor.fill(link, "contacts", {**CONTACTS, "consentement_droits_photo": "on"})
    visitor.post(f"{link}envoyer/")
    ask(staff, Dossier.objects.get(), ("photo", "Qui l’a prise ?"))
    visitor.fill(link, "images", {**described, "photo_credit": "Anne Roy"})
    visitor.post(f"{link}envoyer/")
    assert FichePage.objects.get().get_latest_revision_as_object().photo.credit == "Anne Roy"
    steps = staff.get(f"/admin/candidatures/dossiers/{Dossier.objects.get().pk}/").context["etapes"]
    [line] = [line for step in steps for line in step["lignes"] if line["champ"] == "photo_credit"]
    assert (line["reponse"], line["fiche"], line["differe"]) == ("Anne Roy", "Anne Roy", False)
    ask(staff, Dossier.objects.get(), ("", "Sans photo, c’est mieux."))
    cle = str(Dossier.objects.get().pieces.get().cle)
    visitor.fill(link, "images", {**described, "photo_credit": "Anne Roy", "oter": cle})
    visitor.post(f"{link}envoyer/")
    assert FichePage.objects.get().get_latest_revision_as_object().photo is None


def test_a_moderation_that_staff_ended_is_opened_again_by_corrections(sent, staff):
    sent.dossier.fiche.current_workflow_state.cancel(user=staff.user)
    # After corrections, sending opens moderation again.
    ask(staff, sent.dossier, ("chapo", "Plus court."))
    sent.visitor.fill(sent.link, "innovation", {"chapo": "Court."})
    sent.visitor.post(f"{sent.link}envoyer/")
    assert FichePage.objects.get().workflow_in_progress


def test_a_refused_dossier_says_why_and_its_fiche_stays_off_the_site(sent, staff):
    screen = f"/admin/candidatures/dossiers/{sent.dossier.pk}/"
    invisible = staff.post(f"{screen}refuser/", {"refus-raison": "\u200b"})
    assert invisible.context["form"].errors == {"raison": ["Écrivez pourquoi le dossier est refusé."]}
    response = staff.post(f"{screen}refuser/", {"refus-raison": "Hors du sujet."})
    assert response.url == f"/admin/candidatures/dossiers/{sent.dossier.pk}/"
    dossier = Dossier.objects.get()
    assert dossier.etat == Etat.REFUSE
    assert mail.outbox == []
    send_delayed_mails()
    assert [(m.to, "Hors du sujet." in m.body) for m in mail.outbox] == [(["jeanne@tilleuls.test"], True)]
    assert "Hors du sujet." in text(sent.visitor.get(sent.link))
    assert sent.dossier.fiche.workflow_states.get().status == "cancelled"
    assert not FichePage.objects.get().live
    # A second decision is refused: the dossier is already dealt with.
    answer = staff.post(f"/admin/candidatures/dossiers/{dossier.pk}/refuser/", {"refus-raison": "Encore."}, follow=True)
    assert "Cette action est déjà faite : ce dossier est maintenant « refusé »." in text(answer)
    assert dossier.evenements.filter(etat=Etat.REFUSE).count() == 1


def test_what_refusing_does_is_said_before_and_who_is_told(sent, staff):
    screen = f"/admin/candidatures/dossiers/{sent.dossier.pk}/"
    assert f'href="{screen}refuser/"' in text(staff.get(screen))
    page = text(staff.get(f"{screen}refuser/"))
    assert f"Refuser le dossier {sent.dossier.numero} ?" in page
    assert "Un courriel donne votre raison à jeanne@tilleuls.test dix minutes après." in page
    assert 'name="refus-raison"' in page
    assert Dossier.objects.get().etat == Etat.RECU


def test_a_company_withdraws_its_published_fiche(sent, staff):
    fiche = sent.dossier.fiche
    with staff.capture(execute=True):
        fiche.get_latest_revision().publish(user=staff.user, skip_permission_checks=True)
    assert sent.visitor.get("/fiches/le-lait-de-nuit/").status_code == 200
    assert "Ce retrait est définitif" in text(sent.visitor.get(f"{sent.link}retirer/"))
    sent.visitor.post(f"{sent.link}retirer/")
    sent.visitor.post(f"{sent.link}retirer/")
    dossier = Dossier.objects.get()
    assert dossier.etat == Etat.RETIRE
    assert sent.visitor.get("/fiches/le-lait-de-nuit/").status_code == 404
    assert dossier.evenements.filter(etat=Etat.RETIRE).count() == 1
    assert [m.to for m in mail.outbox if "retiré" in m.subject] == [["jeanne@tilleuls.test"], [staff.user.email]]
    assert sent.visitor.post(f"{sent.link}envoyer/").url == f"{sent.link}?fait=envoye"
    assert Dossier.objects.get().etat == Etat.RETIRE


def test_a_withdrawn_fiche_is_not_put_online_by_hand(sent):
    sent.visitor.post(f"{sent.link}retirer/")
    FichePage.objects.get().latest_revision.publish(user=UserFactory(role="admin"))
    assert not FichePage.objects.get().live


def test_once_sent_nothing_can_be_written_and_the_text_typed_is_shown(sent):
    response = sent.visitor.fill(sent.link, "innovation", {"chapo": "Trop tard."})
    assert response.status_code == 409
    message = (
        "Vos réponses ne sont pas enregistrées : ce dossier est maintenant « reçu » et vous ne pouvez plus le modifier."
    )
    assert message in text(response)
    assert "Trop tard." in text(response)
    assert Dossier.objects.get().reponses["chapo"] == "Une fruitière qui laisse dormir ses fromagers."


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("© Anne Roy", "Anne Roy"),
        ("(c) Anne Roy", "Anne Roy"),
        ("Crédit : Anne Roy", "Anne Roy"),
        ("CREDIT PHOTO\xa0: © Anne Roy", "Anne Roy"),
        ("Photo © Anne Roy", "Anne Roy"),
        ("Photo : © 2026 Anne Roy", "2026 Anne Roy"),
        ("Photo-club de Dole", "Photo-club de Dole"),
        ("Photo Roy", "Photo Roy"),
        ("©", ""),
    ],
)
def test_the_sign_before_a_credit_is_not_stored_since_each_page_writes_its_own(visitor, typed, stored):
    [link] = visitor.ask_for_link("jeanne@tilleuls.test")
    visitor.fill_in_all(link)
    visitor.fill(link, "images", {"photo": photo(), "photo_alt": "Une vache", "photo_credit": typed})
    visitor.fill(link, "contacts", {**CONTACTS, "consentement_droits_photo": "on"})
    visitor.post(f"{link}envoyer/")
    assert FichePage.objects.get().get_latest_revision_as_object().photo.credit == stored
