"""Withdrawal of consents and dossiers, erasure of persons, retention periods."""

import json
import zipfile
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from bs4 import BeautifulSoup
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

from fiches.candidatures import submission
from fiches.candidatures.consentements import granted, record, withdraw
from fiches.candidatures.enums import Etat
from fiches.candidatures.export import export_person
from fiches.candidatures.models import Dossier, Evenement, Jeton, Modification, PieceJointe, Signalement
from fiches.candidatures.retrait import erase_if_old, old_dossiers
from fiches.candidatures.still_named import dossiers_still_named
from fiches.models import Courriel, FichePage
from fiches.moderation.decision import NotToBePublished, decide
from tests.candidatures.conftest import CONTACTS, photo, text
from tests.factories import EtapePageFactory, FichePageFactory
from tests.together import together

CONSENTS = {**CONTACTS, "consentement_droits_photo": "on", "consentement_contact_telephone": "on"}


@pytest.fixture
def published(visitor, staff):
    """The link of a dossier whose published fiche shows a photo and a phone."""
    [link] = visitor.ask_for_link("jeanne@tilleuls.test")
    visitor.fill_in_all(link)
    visitor.fill(link, "images", {"photo": photo(), "photo_alt": "Une vache"})
    visitor.fill(link, "contacts", CONSENTS)
    visitor.post(f"{link}envoyer/")
    with visitor.capture(execute=True):
        FichePage.objects.get().get_latest_revision().publish(user=staff.user, skip_permission_checks=True)
    return link


def test_a_detail_whose_consent_is_taken_back_leaves_the_page_and_each_revision(visitor, published):
    assert "03 81 86 58 58" in text(visitor.get("/fiches/le-lait-de-nuit/"))
    visitor.post(f"{published}consentements/", {"finalite": "contact_telephone"})
    assert "03 81 86 58 58" not in text(visitor.get("/fiches/le-lait-de-nuit/"))
    assert [revision.content["contact_telephone_public"] for revision in Revision.page_revisions.all()] == [False]
    assert "Accord retiré le" in text(visitor.get(f"{published}consentements/"))


def test_the_consents_page_says_of_each_detail_either_given_or_withdrawn(visitor, published):
    """Nothing that was taken back is told to be published, nor the other way round."""
    page = f"{published}consentements/"
    shown, leaves = "Le site ne montre pas cette information.", "l’information disparaît immédiatement"
    given = text(visitor.get(page))
    assert (given.count("Accord donné le"), given.count("Accord retiré le"), given.count(shown)) == (3, 0, 0)
    visitor.post(page, {"finalite": "contact_telephone"})
    one = text(visitor.get(page))
    assert (one.count("Accord donné le"), one.count("Accord retiré le"), one.count(shown)) == (2, 1, 1)
    assert (one.count(leaves), "La fiche n’est pas sur le site." in one) == (1, False)
    visitor.post(page, {"finalite": "publication"})
    off = text(visitor.get(page))
    assert (off.count(leaves), off.count(shown), off.count("La fiche n’est pas sur le site.")) == (0, 2, 1)


def test_a_fiche_that_its_company_keeps_off_is_not_told_to_come_online(visitor, published):
    visitor.post(f"{published}consentements/", {"finalite": "publication"})
    page = text(visitor.get(published))
    assert ("la fiche n’est plus sur le site" in page, "n’est pas encore en ligne" in page) == (True, False)
    assert "Voir la fiche comme le public la verra" not in page
    assert "vous ne pouvez pas envoyer le dossier" not in text(visitor.get(f"{published}relecture/"))


@pytest.mark.parametrize(
    ("signed", "shown"),
    [
        ("© J. Marmier", False),
        ("Photo : Marmier J.", False),
        ("J. MARMIER, présidente", False),
        ("© P. Marmier", True),
        ("© J. Marmillon", True),
    ],
)
def test_a_name_taken_back_leaves_credits_and_quotations_with_its_initial(visitor, published, signed, shown):
    record(dossier=Dossier.objects.get(), choices={"contact_nom": True})
    fiche = FichePage.objects.get()
    with visitor.capture(execute=True):
        fiche.corps = [("citation", {"texte": "On dort.", "auteur": signed, "fonction": ""})]
        fiche.save_revision().publish()
        get_image_model().objects.update(credit=signed)
        visitor.post(f"{published}consentements/", {"finalite": "contact_nom"})
    fiche.refresh_from_db()
    assert (fiche.corps[0].value["auteur"], fiche.photo.credit) == ((signed, signed) if shown else ("", ""))
    assert (signed in text(visitor.get("/fiches/le-lait-de-nuit/"))) == shown


def test_photo_rights_taken_back_take_the_photo_off(visitor, published):
    assert "Une vache" in text(visitor.get("/fiches/le-lait-de-nuit/"))
    visitor.post(f"{published}consentements/", {"finalite": "droits_photo"})
    assert "Une vache" not in text(visitor.get("/fiches/le-lait-de-nuit/"))
    assert FichePage.objects.get().get_latest_revision_as_object().photo is None


def test_photo_rights_taken_back_take_the_files_of_the_picture_off_the_disk(visitor, published):
    [image] = get_image_model().objects.all()
    rendition = image.get_rendition("width-100")
    storage, names = image.file.storage, [image.file.name, rendition.file.name]
    assert all(storage.exists(name) for name in names)
    with visitor.capture(execute=True):
        visitor.post(f"{published}consentements/", {"finalite": "droits_photo"})
    assert not any(storage.exists(name) for name in names)
    assert get_image_model().objects.count() == 0
    assert PieceJointe.objects.get().fichier.storage.exists(PieceJointe.objects.get().fichier.name)
    assert visitor.get("/fiches/le-lait-de-nuit/").status_code == 200


def test_photo_rights_taken_back_take_the_photo_off_the_pages_where_staff_put_it_too(visitor, published, tree):
    image = get_image_model().objects.get()
    etape = EtapePageFactory(parent=tree.etapes, title="La foire", photo=image, photo_alt="Une vache")
    other = FichePageFactory(parent=tree.fiches, title="Le fromage", photo=image, photo_alt="Une vache")
    for page in (etape, other):
        page.save_revision().publish()
        assert image.file.name.rpartition("/")[2][:20] in visitor.get(page.url).content.decode()
    visitor.post(f"{published}consentements/", {"finalite": "droits_photo"})
    assert get_image_model().objects.count() == 0
    for page in (etape, other):
        answer = visitor.get(page.url)
        assert (answer.status_code, image.file.name.rpartition("/")[2][:20] in answer.content.decode()) == (200, False)
    notes = Dossier.objects.get().evenements.filter(interne=True).values_list("texte", flat=True)
    assert "vache.jpg a aussi été retirée de ces pages\N{NO-BREAK SPACE}: La foire, Le fromage" in notes


def test_without_consent_to_be_published_the_fiche_leaves_the_site(visitor, published):
    visitor.post(f"{published}consentements/", {"finalite": "publication"})
    assert visitor.get("/fiches/le-lait-de-nuit/").status_code == 404
    assert Dossier.objects.get().etat == Etat.APPROUVE


def test_a_fiche_under_review_whose_company_no_longer_agrees_does_not_go_online(sent, staff):
    sent.visitor.post(f"{sent.link}consentements/", {"finalite": "publication"})
    fiche = FichePage.objects.get()
    assert not fiche.workflow_in_progress
    with sent.visitor.capture(execute=True):
        fiche.get_latest_revision().publish(user=staff.user, skip_permission_checks=True)
    assert not FichePage.objects.get().live
    assert sent.visitor.get("/fiches/le-lait-de-nuit/").status_code == 404
    assert Dossier.objects.get().etat == Etat.RECU


def test_a_consent_taken_back_is_in_the_history_told_to_who_holds_the_dossier_and_once(sent, staff):
    Dossier.objects.update(responsable=staff.user)
    with sent.visitor.capture(execute=True):
        for _twice in range(2):
            sent.visitor.post(f"{sent.link}consentements/", {"finalite": "publication"})
    wording = "Accord retiré : J’accepte que la description de notre innovation soit publiée"
    page = text(sent.visitor.get(sent.link))
    assert page.count(wording) == 1
    assert "Vous avez retiré votre accord pour la publication : la fiche ne sera pas publiée." in page
    assert [message.to for message in mail.outbox] == [[staff.user.email]]
    assert "un accord est retiré (publication de la fiche)." in mail.outbox[0].body
    screen = text(staff.get(f"/admin/candidatures/dossiers/{sent.dossier.pk}/"))
    assert "L’entreprise a retiré son accord pour la publication" in screen


FOUR = ("contact_nom", "contact_telephone", "contact_courriel", "droits_photo")
TOLD_IN_A_SENTENCE = "un accord est retiré (Nom du contact), mais une phrase de la fiche contient encore l’information"
ON_THE_DASHBOARD = "dossier dont la fiche contient encore, dans une phrase, une information retirée"


@pytest.fixture
def named(visitor, published, staff):
    """The link of a dossier that nobody of the staff holds; a sentence of its published fiche names the contact."""
    Dossier.objects.update(responsable=None)
    FichePage.objects.update(chapo="Jeanne Marmier laisse dormir ses fromagers.")
    record(dossier=Dossier.objects.get(), choices=dict.fromkeys(FOUR, True))
    mail.outbox.clear()
    return published


def take_back_all(visitor, link):
    with visitor.capture(execute=True):
        for purpose in FOUR:
            visitor.post(f"{link}consentements/", {"finalite": purpose})


def test_a_name_taken_back_that_a_sentence_keeps_is_told_to_the_staff_when_nobody_holds_the_dossier(
    visitor, named, staff
):
    take_back_all(visitor, named)
    assert [(message.to, TOLD_IN_A_SENTENCE in message.body) for message in mail.outbox] == [([staff.user.email], True)]
    home = BeautifulSoup(staff.get("/admin/").content, "html.parser")
    [line] = [link for link in home.select("a[href]") if "pile=phrases" in link["href"]]
    assert " ".join(line.text.split()) == f"1 {ON_THE_DASHBOARD}"
    assert Dossier.objects.get().numero in text(staff.get(line["href"]))
    FichePage.objects.update(chapo="Une fruitière laisse dormir ses fromagers.")
    assert ON_THE_DASHBOARD not in text(staff.get("/admin/"))


def test_details_taken_back_that_no_sentence_keeps_are_told_to_nobody_without_an_assignee(visitor, named, staff):
    FichePage.objects.update(chapo="Une fruitière laisse dormir ses fromagers.")
    take_back_all(visitor, named)
    assert mail.outbox == []
    assert ON_THE_DASHBOARD not in text(staff.get("/admin/"))


def test_a_company_reads_before_it_takes_a_detail_back_that_a_sentence_keeps_it(visitor, named):
    before = text(visitor.get(f"{named}consentements/"))
    assert before.count("Si une phrase de la fiche la contient aussi, elle y reste.") == 3
    assert before.count("l’information disparaît immédiatement de tout le site") == 1  # the picture
    take_back_all(visitor, named)
    after = text(visitor.get(f"{named}consentements/"))
    assert after.count("Une phrase de la fiche contient encore cette information.") == 1
    assert after.count("Le site ne montre pas cette information.") == 3


@pytest.mark.parametrize("number", [1, 30])
def test_finding_who_is_still_named_costs_the_same_for_one_dossier_and_thirty(
    visitor, named, number, django_assert_num_queries
):
    take_back_all(visitor, named)
    [dossier] = Dossier.objects.all()
    consents = list(dossier.consentements.all())
    with together():
        for copy in range(1, number):
            other = Dossier.objects.create(
                courriel=f"{copy}@tilleuls.test", reponses=dossier.reponses, appel=dossier.appel
            )
            Dossier.objects.filter(pk=other.pk).update(fiche=FichePageFactory(parent=dossier.fiche.get_parent()))
            for each in consents:
                each.pk, each.dossier = None, other
                each.save()
    with django_assert_num_queries(4):
        assert dossiers_still_named().count() == 1


def test_a_consent_taken_back_keeps_what_is_saved_at_the_same_moment(visitor):
    [link] = visitor.ask_for_link("jeanne@tilleuls.test")
    visitor.fill(link, "contacts", CONSENTS)
    stale = Dossier.objects.get()
    visitor.fill(link, "innovation", {"titre": "Le lait de nuit"})
    withdraw(dossier=stale, finalite="contact_telephone")
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


LEFT_OUT = "« Le lait de nuit » n’est pas traitée. L’entreprise a retiré son dossier : la fiche reste hors du site."


@pytest.mark.parametrize("model", ["rallynov_fiches/fichepage", "wagtailcore/page"])
def test_of_many_fiches_the_one_that_its_company_keeps_off_the_site_is_left_out_and_named(sent, staff, tree, model):
    sent.visitor.post(f"{sent.link}retirer/")
    own, other = FichePage.objects.get(), FichePageFactory(parent=tree.fiches, live=False, title="Une autre")
    address = f"/admin/bulk/{model}/publish/?next=/admin/fiches/&id={own.pk}"
    told = text(staff.post(address, follow=True))
    assert (LEFT_OUT in told, "été publiée" in told) == (True, False)
    told = text(staff.post(f"{address}&id={other.pk}", follow=True))
    assert (LEFT_OUT in told, "1 page a été publiée" in told) == (True, True)
    assert list(FichePage.objects.filter(live=True)) == [other]


def test_of_the_drafts_below_a_page_the_one_that_its_company_keeps_off_the_site_is_left_out_too(sent, staff, tree):
    sent.visitor.post(f"{sent.link}retirer/")
    other = FichePageFactory(parent=tree.fiches, live=False, title="Une autre")
    address = f"/admin/bulk/wagtailcore/page/publish/?next=/admin/fiches/&id={tree.fiches.pk}&id={other.pk}"
    told = text(staff.post(address, {"include_descendants": "on"}, follow=True))
    assert (LEFT_OUT in told, "2 pages ont été publiées" in told) == (True, True)
    assert list(FichePage.objects.filter(live=True)) == [other]


def test_a_detail_taken_back_stays_private_whoever_publishes_it_again(visitor, published, staff):
    visitor.post(f"{published}consentements/", {"finalite": "contact_telephone"})
    page = FichePage.objects.get()
    page.unpublish()
    page.contact_telephone_public = True  # from a form opened before, or ticked by mistake
    with visitor.capture(execute=True):
        page.save_revision(user=staff.user).publish(user=staff.user, skip_permission_checks=True)
    assert not FichePage.objects.get().contact_telephone_public
    assert "03 81 86 58 58" not in text(visitor.get("/fiches/le-lait-de-nuit/"))
    assert [r.content["contact_telephone_public"] for r in Revision.page_revisions.all()] == [False] * 2
    assert Dossier.objects.get().evenements.filter(etat=Etat.PUBLIE).count() == 2  # published twice: two lines


def test_a_moderation_that_the_company_stopped_is_not_opened_again(sent):
    sent.visitor.post(f"{sent.link}consentements/", {"finalite": "publication"})
    submission.resume_pending()
    assert not FichePage.objects.get().workflow_in_progress


def test_what_its_company_keeps_off_the_site_is_not_approved(sent, staff):
    sent.visitor.post(f"{sent.link}consentements/", {"finalite": "publication"})
    fiche = FichePage.objects.get()
    fiche.get_workflow().start(fiche, None)
    state = fiche.current_workflow_task_state
    with pytest.raises(NotToBePublished, match="L’entreprise n’est pas, ou n’est plus, d’accord pour la publication"):
        decide(task_state=state, action="approve", by=staff.user, revision_read=state.revision_id)
    assert FichePage.objects.get().current_workflow_task_state == state


def test_erasing_a_person_reaches_everything(sent, django_capture_on_commit_callbacks):
    Signalement.objects.create(organisation="x", innovation="y", de="jeanne@tilleuls.test")
    out = StringIO()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("effacer_personne", "Jeanne@Tilleuls.test", stdout=out)
    assert {"Supprimé : dossiers : 1", "Supprimé : signalements : 1"} <= set(out.getvalue().split("\n"))
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


def test_erasing_a_person_leaves_a_published_fiche_without_its_contact(visitor, published):
    storage = PieceJointe.objects.get().fichier.storage
    name = PieceJointe.objects.get().fichier.name
    with visitor.capture(execute=True):
        call_command("effacer_personne", "jeanne@tilleuls.test", stdout=StringIO())
    fiche = FichePage.objects.get()
    assert (fiche.live, fiche.contact_nom, fiche.contact_courriel) == (True, "", "")
    assert not any("Marmier" in str(revision.content) for revision in Revision.objects.all())
    assert not storage.exists(name)
    assert Dossier.objects.count() == 0


def test_an_export_names_a_file_that_the_disk_lacks(visitor, published):
    piece = PieceJointe.objects.get()
    piece.fichier.storage.delete(piece.fichier.name)
    file = BytesIO()
    export_person(Dossier.objects.get().courriel, file)
    archive = zipfile.ZipFile(file)
    assert archive.namelist() == ["donnees.json"]
    assert json.loads(archive.read("donnees.json"))["fichiers_introuvables"] == [piece.nom]


def test_what_was_said_of_an_erased_person_under_review_leaves_the_published_fiche(visitor, published, staff):
    fiche = FichePage.objects.get()
    with visitor.capture(execute=True):
        fiche.get_workflow().start(fiche, staff.user)
        fiche.current_workflow_task_state.reject(user=staff.user, comment="Rappeler Jeanne Marmier.")
        comment = Comment.objects.create(page=fiche, user=staff.user, text="Jeanne ?", contentpath="title")
        comment.log_create(page_revision=fiche.latest_revision, user=staff.user)
        FichePage.objects.get().save_revision()
        call_command("effacer_personne", "jeanne@tilleuls.test", stdout=StringIO())
    assert FichePage.objects.get().live
    kept = [list(model.objects.values()) for model in (PageLogEntry, Comment, Revision, TaskState, Courriel)]
    assert "Jeanne" not in str(kept)
    assert TaskState.objects.filter(status="rejected").count() == 1
    assert staff.get(f"/admin/pages/{fiche.pk}/history/").status_code == 200


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


def test_retention_says_what_would_go_then_takes_it(visitor, sent, django_capture_on_commit_callbacks):
    visitor.ask_for_link("oubli@exemple.test")
    recent, old = Dossier.objects.create(courriel="a@x.test"), Dossier.objects.get(courriel="oubli@exemple.test")
    Dossier.objects.filter(pk=old.pk).update(modifie=timezone.now() - timedelta(days=200))
    long_ago = timezone.now() - timedelta(days=400)
    gone = [
        Dossier.objects.create(courriel="b@x.test", etat=Etat.REFUSE, depuis=long_ago),
        Dossier.objects.create(courriel="c@x.test", etat=Etat.CORRECTIONS_DEMANDEES, depuis=long_ago, modifie=long_ago),
        Dossier.objects.create(courriel="d@x.test", etat=Etat.APPROUVE, depuis=long_ago),
    ]
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


NEVER = "la fiche ne sera pas publiée."
NO_LONGER = "la fiche n’est plus sur le site."


@pytest.mark.parametrize("published", [False, True])
def test_a_company_that_withdraws_reads_whether_its_fiche_was_on_the_site(sent, staff, published):
    if published:
        with staff.capture(execute=True):
            FichePage.objects.get().get_latest_revision().publish(skip_permission_checks=True)
    sent.visitor.post(f"{sent.link}consentements/", {"finalite": "publication"})
    for path in ("", "consentements/"):
        page = text(sent.visitor.get(sent.link + path))
        assert (NEVER in page, NO_LONGER in page) == (not published, published)


def test_the_staff_are_not_asked_to_decide_on_what_its_company_keeps_off_the_site(sent, staff):
    detail, inbox = f"/admin/candidatures/dossiers/{sent.dossier.pk}/", "/admin/candidatures/dossiers/"
    assert "à lire" in text(staff.get(detail)) and "à lire" in text(staff.get(inbox))
    sent.visitor.post(f"{sent.link}consentements/", {"finalite": "publication"})
    page = text(staff.get(detail))
    assert ("accord à redemander" in page, "à lire" in page, "Approuver et publier" in page) == (True, False, False)
    [row] = BeautifulSoup(staff.get(inbox).content, "html.parser").select("tbody tr")
    assert ("accord à redemander" in row.text, "à lire" in row.text) == (True, False)


def confirmation(visitor, link, finalite):
    """The lines of the page that asks to confirm a withdrawal, and the page."""
    page = BeautifulSoup(visitor.get(f"{link}consentements/?retirer={finalite}").content, "html.parser")
    assert page.h1.text == "Retirer cet accord\N{NO-BREAK SPACE}?"
    return [line.text for line in page.select("main h1 ~ ul li")], page


BY_YOURSELF = "Vous ne pourrez pas redonner cet accord vous-même. Si vous changez d’avis, écrivez à l’équipe."


def test_a_consent_is_withdrawn_after_a_page_that_says_what_happens(visitor, published):
    page = f"{published}consentements/"
    links = [
        link["href"] for link in BeautifulSoup(visitor.get(page).content, "html.parser").select("main a[href^='?']")
    ]
    assert links == ["?retirer=publication", "?retirer=droits_photo", "?retirer=contact_telephone"]
    lines, asked = confirmation(visitor, published, "publication")
    assert lines == ["La fiche quitte immédiatement ce site et les sites de nos partenaires.", BY_YOURSELF]
    assert visitor.get("/fiches/le-lait-de-nuit/").status_code == 200
    assert asked.select_one("main a.button")["href"] == page
    form = asked.select_one("main form[method=post]")
    visitor.post(form["action"], {field["name"]: field["value"] for field in form.select("input[name]")})
    assert visitor.get("/fiches/le-lait-de-nuit/").status_code == 404


def test_the_page_has_words_for_each_consent_online_or_not(visitor, published):
    def said(finalite):
        return confirmation(visitor, published, finalite)[0][0]

    contact = "Cette information quitte immédiatement le contact de la fiche. "
    assert said("contact_telephone") == contact + "Si une phrase de la fiche la contient, l’équipe corrige la phrase."
    assert said("droits_photo") == "La photo et le logo quittent immédiatement la fiche et tout le site."
    FichePage.objects.get().unpublish()
    off = "La fiche n’est pas en ligne. Sans cet accord, elle ne sera pas publiée."
    assert said("publication") == f"{off} L’équipe arrête de l’étudier."
    assert said("contact_telephone") == "La fiche ne montrera pas cette information."
    assert said("droits_photo") == "La fiche ne montrera ni la photo ni le logo."
    record(dossier=Dossier.objects.get(), choices={"actualites": True})
    assert said("actualites") == "Vous ne recevrez plus de nouvelles du rallye par courriel."
    Dossier.objects.update(etat=Etat.RETIRE)
    assert said("publication") == off
    Dossier.objects.update(etat=Etat.BROUILLON)
    again = "Vous pourrez le redonner avant d’envoyer votre dossier."
    assert confirmation(visitor, published, "publication")[0] == [off, again]


def test_a_consent_that_is_not_in_force_has_no_page_to_withdraw_it(visitor, published):
    page = f"{published}consentements/"
    assert visitor.get(f"{page}?retirer=actualites").url == page
    assert visitor.get(f"{page}?retirer=inconnu").status_code == 404


NEVER_SHOWN = "La fiche n’a jamais été sur le site. Elle ne sera pas publiée."
SHOWN_NO_MORE = "La fiche n’est plus visible sur le site."


def withdraw_and_read(visitor, link):
    """``(page of the dossier, mail, preview)`` once it is withdrawn."""
    visitor.post(f"{link}retirer/")
    notice = BeautifulSoup(visitor.get(f"{link}apercu/").content, "html.parser").select_one("main .notice")
    return text(visitor.get(link)), mail.outbox[-1], " ".join(notice.text.split())


def test_a_dossier_withdrawn_before_it_was_published_is_told_that_it_never_was(sent):
    page, told, preview = withdraw_and_read(sent.visitor, sent.link)
    assert (NEVER_SHOWN in page, SHOWN_NO_MORE in page) == (True, False)
    assert f"comme vous l’avez demandé. {NEVER_SHOWN} Vos réponses" in told.body
    assert preview == "Aperçu Voici la fiche d’après votre dossier. Elle n’est pas sur le site. Retour"


def test_a_dossier_withdrawn_once_published_is_told_that_its_fiche_left(visitor, published):
    preview = BeautifulSoup(visitor.get(f"{published}apercu/").content, "html.parser").select_one("main .notice")
    assert "La fiche en ligne peut être différente." in preview.text
    page, told, _preview = withdraw_and_read(visitor, published)
    assert (NEVER_SHOWN in page, SHOWN_NO_MORE in page) == (False, True)
    assert f"comme vous l’avez demandé. {SHOWN_NO_MORE} Vos réponses" in told.body


def test_the_mail_of_a_dossier_withdrawn_before_it_was_sent_has_a_whole_subject(visitor):
    [link] = visitor.ask_for_link("jeanne@tilleuls.test")
    _page, told, _preview = withdraw_and_read(visitor, link)
    assert told.subject == "Dossier non envoyé : retiré"
