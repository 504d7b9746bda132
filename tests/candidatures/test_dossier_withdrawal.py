"""Withdrawal of consents and dossiers, erasure of persons, retention periods."""

import json
import zipfile
from datetime import timedelta
from io import BytesIO, StringIO

from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.models import (
    Comment,
    ModelLogEntry,
    PageLogEntry,
    ReferenceIndex,
    Revision,
    TaskState,
    WorkflowState,
)

from fiches.candidatures.consentements import granted, withdraw_consent
from fiches.candidatures.dossier_erasure import erase_if_old, old_dossiers
from fiches.candidatures.enums import Etat
from fiches.candidatures.models import Dossier, Evenement, Jeton, Modification, PieceJointe, Signalement
from fiches.candidatures.personal_data import export_person
from fiches.models import Courriel, FichePage
from tests.candidatures.conftest import photo, text
from tests.candidatures.screens import CONSENTS
from tests.dossier_states import dossier_in


def test_a_fiche_under_review_whose_company_no_longer_agrees_does_not_go_online(sent, staff):
    sent.visitor.post(f"{sent.link}consentements/", {"finalite": "publication"})
    fiche = FichePage.objects.get()
    assert not fiche.workflow_in_progress
    with sent.visitor.capture(execute=True):
        fiche.get_latest_revision().publish(user=staff.user, skip_permission_checks=True)
    assert not FichePage.objects.get().live
    assert sent.visitor.get("/fiches/le-lait-de-nuit/").status_code == 404
    assert Dossier.objects.get().etat != Etat.PUBLIE


def test_a_consent_taken_back_is_in_the_history_told_to_the_team_and_once(sent, staff):
    with sent.visitor.capture(execute=True):
        for _twice in range(2):
            sent.visitor.post(f"{sent.link}consentements/", {"finalite": "publication"})
    wording = "Accord retiré : J’accepte que la description de notre innovation soit publiée"
    page = text(sent.visitor.get(sent.link))
    assert page.count(wording) == 1
    assert "Vous avez retiré votre accord pour la publication : la fiche n’est pas sur le site." in page
    assert [message.to for message in mail.outbox] == [[staff.user.email]]
    assert "un accord est retiré (publication de la fiche)." in mail.outbox[0].body
    screen = text(staff.get(f"/admin/candidatures/dossiers/{sent.dossier.pk}/"))
    assert "L’entreprise a retiré son accord pour la publication" in screen


def test_a_consent_taken_back_keeps_what_is_saved_at_the_same_moment(visitor):
    [link] = visitor.ask_for_link("jeanne@tilleuls.test")
    visitor.fill(link, "contacts", CONSENTS)
    stale = Dossier.objects.get()
    visitor.fill(link, "innovation", {"titre": "Le lait de nuit"})
    withdraw_consent(dossier=stale, finalite="contact_telephone")
    answers = Dossier.objects.get().reponses
    assert (answers["titre"], answers["consentement_contact_telephone"]) == ("Le lait de nuit", False)


def test_a_tab_that_still_shows_the_box_ticked_does_not_tick_it_again(visitor):
    [link] = visitor.ask_for_link("jeanne@tilleuls.test")
    visitor.fill(link, "contacts", CONSENTS)
    seen = Dossier.objects.get().revision
    visitor.post(f"{link}consentements/", {"finalite": "contact_telephone"})
    visitor.post(f"{link}contacts/", {"revision": seen, **CONSENTS, "contact_nom": "Jeanne M."})
    dossier = Dossier.objects.get()
    assert dossier.reponses["contact_nom"] == "Jeanne M."
    assert "contact_telephone" not in granted(dossier)


def test_erasing_a_person_reaches_everything(sent, django_capture_on_commit_callbacks):
    Signalement.objects.create(organisation="x", innovation="y", de="jeanne@tilleuls.test")
    out = StringIO()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("effacer_personne", "Jeanne@Tilleuls.test", stdout=out)
    assert {"dossiers : 1", "signalements : 1"} <= set(out.getvalue().split("\n"))
    for model in (Dossier, Evenement, Jeton, Courriel, Modification, PieceJointe, Signalement, FichePage):
        assert model.objects.count() == 0
    assert Revision.objects.filter(content__icontains="tilleuls.test").count() == 0
    assert PageLogEntry.objects.filter(label="Le lait de nuit").count() == 0
    assert "Tilleuls" not in str(list(PageLogEntry.objects.values())) + str(list(ModelLogEntry.objects.values()))
    assert WorkflowState.objects.count() == TaskState.objects.count() == Comment.objects.count() == 0
    assert ReferenceIndex.objects.filter(base_content_type__model="fichepage").count() == 0


def test_what_a_reviewer_wrote_of_an_erased_fiche_goes_too(sent, staff, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        sent.dossier.fiche.current_workflow_task_state.reject(user=staff.user, comment="Jeanne Marmier est partie.")
        Comment.objects.create(page=sent.dossier.fiche, user=staff.user, text="Jeanne ?", contentpath="title")
        call_command("effacer_personne", "jeanne@tilleuls.test", stdout=StringIO())
    assert "Jeanne" not in str([list(m.objects.values()) for m in (PageLogEntry, Comment, TaskState, Courriel)])


def test_a_person_named_in_the_dossier_of_another_leaves_it(visitor, staff):
    [link] = visitor.ask_for_link("direction@tilleuls.test")
    visitor.fill_in_all(link)
    visitor.fill(link, "contacts", CONSENTS)
    visitor.post(f"{link}envoyer/")
    out = StringIO()
    file = BytesIO()
    export_person("jeanne@tilleuls.test", file)
    data = json.loads(zipfile.ZipFile(file).read("donnees.json"))
    assert (data["contact d’un dossier"][0]["Nom du contact"], data["dossiers"]) == ("Jeanne Marmier", [])
    with visitor.capture(execute=True):
        call_command("effacer_personne", "jeanne@tilleuls.test", stdout=out)
    assert "contact d’un dossier : 1" in out.getvalue()
    dossier = Dossier.objects.get()
    assert dossier.reponses["organisation"] == "Fruitière des Tilleuls"
    everything = str(dossier.reponses) + str(list(Modification.objects.values())) + str(list(Revision.objects.values()))
    assert "Marmier" not in everything and "86 58 58" not in everything
    assert dossier.fiche.contact_nom == ""


def test_a_tip_is_found_however_its_address_was_spelt_and_who_told_is_not_told(visitor):
    tip = {"organisation": "x", "innovation": "y"}
    Signalement.objects.create(**tip, contact="Jeanne@Tilleuls.test", de="voisine@exemple.test")
    file = BytesIO()
    export_person("jeanne@tilleuls.test", file)
    told = zipfile.ZipFile(file).read("donnees.json").decode()
    assert "Jeanne@Tilleuls.test" in told and "voisine" not in told
    call_command("effacer_personne", "VOISINE@exemple.test", stdout=StringIO())
    assert Signalement.objects.count() == 0


def test_what_its_applicant_took_up_again_meanwhile_is_not_taken(visitor):
    visitor.ask_for_link("oubli@exemple.test")
    Dossier.objects.update(modifie=timezone.now() - timedelta(days=200))
    [found] = old_dossiers()
    Dossier.objects.update(modifie=timezone.now())
    erase_if_old(found)
    assert Dossier.objects.exists()


def test_a_dossier_erased_after_the_list_of_the_old_ones_was_read_is_no_failure(visitor):
    visitor.ask_for_link("oubli@exemple.test")
    Dossier.objects.update(modifie=timezone.now() - timedelta(days=200))
    [found] = old_dossiers()
    Dossier.objects.all().delete()
    erase_if_old(found)


def test_retention_says_what_would_go_then_takes_it(visitor, sent, django_capture_on_commit_callbacks):
    visitor.ask_for_link("oubli@exemple.test")
    recent, old = Dossier.objects.create(courriel="a@x.test"), Dossier.objects.get(courriel="oubli@exemple.test")
    Dossier.objects.filter(pk=old.pk).update(modifie=timezone.now() - timedelta(days=200))
    long_ago = timezone.now() - timedelta(days=400)
    gone = [
        dossier_in(Etat.REFUSE, depuis=long_ago),
        dossier_in(Etat.CORRECTIONS_DEMANDEES, depuis=long_ago, modifie=long_ago),
        dossier_in(Etat.RECU, depuis=long_ago),
    ]
    gone[2].evenements.create(etat=Etat.PUBLIE)  # its fiche was deleted
    out = StringIO()
    call_command("retention", "--a-blanc", stdout=out)
    assert "dossiers : 4" in out.getvalue()
    assert Dossier.objects.count() == 6
    with django_capture_on_commit_callbacks(execute=True):
        call_command("retention", stdout=StringIO())
    assert set(Dossier.objects.all()) == {recent, sent.dossier}
    assert not Dossier.objects.filter(pk__in=[dossier.pk for dossier in gone]).exists()


def test_the_picture_of_an_erased_draft_goes_too(visitor):
    [link] = visitor.ask_for_link("jeanne@tilleuls.test")
    visitor.fill_in_all(link)
    visitor.fill(link, "images", {"photo": photo(), "photo_alt": "Une vache"})
    visitor.fill(link, "contacts", CONSENTS)
    visitor.post(f"{link}envoyer/")
    assert get_image_model().objects.count() == 1
    with visitor.capture(execute=True):
        call_command("effacer_personne", "jeanne@tilleuls.test", stdout=StringIO())
    assert get_image_model().objects.count() == 0


def test_a_persons_export_holds_their_answers_files_and_history(visitor):
    [link] = visitor.ask_for_link("jeanne@tilleuls.test")
    visitor.fill_in_all(link)
    visitor.fill(link, "images", {"photo": photo(), "photo_alt": "Une vache"})
    file = BytesIO()
    export_person("jeanne@tilleuls.test", file)
    archive = zipfile.ZipFile(file)
    data = json.loads(archive.read("donnees.json"))
    [dossier] = data["dossiers"]
    assert dossier["reponses"]["Nom de l’innovation"] == "Le lait de nuit"
    assert dossier["consentements"][0]["libelle"].startswith("J’accepte que la description")
    piece = PieceJointe.objects.get()
    assert archive.namelist() == ["donnees.json", f"fichiers/{piece.dossier_id}/{piece.cle.hex}.jpg"]


def test_who_withdraws_a_dossier_reads_that_its_fiche_is_not_on_the_site(sent):
    sent.visitor.post(f"{sent.link}retirer/")
    for told in (text(sent.visitor.get(sent.link)), mail.outbox[-1].body):
        assert "fiche n’est pas sur le site." in told
    assert "Elle n’est pas sur le site." in text(sent.visitor.get(f"{sent.link}apercu/"))


def test_the_mail_of_a_dossier_withdrawn_before_it_was_sent_has_a_whole_subject(visitor):
    [link] = visitor.ask_for_link("jeanne@tilleuls.test")
    visitor.post(f"{link}retirer/")
    assert mail.outbox[-1].subject == "Dossier non envoyé : retiré"
