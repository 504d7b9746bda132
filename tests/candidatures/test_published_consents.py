"""Consents taken back, and persons erased, once the fiche is online."""

import json
import zipfile
from io import BytesIO, StringIO

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.core.files.base import ContentFile
from django.core.management import call_command
from wagtail.images import get_image_model
from wagtail.models import (
    Comment,
    PageLogEntry,
    Revision,
    Site,
    TaskState,
)

from fiches.candidatures.consentements import record_consents
from fiches.candidatures.enums import Etat
from fiches.candidatures.models import Dossier, PieceJointe
from fiches.candidatures.personal_data import export_person
from fiches.models import Courriel, FichePage
from fiches.models.bulk import update
from home.models import Organisme
from tests.candidatures.conftest import Visitor, photo, text
from tests.candidatures.screens import CONSENTS, FOUR
from tests.conftest import module_transaction
from tests.factories import EtapePageFactory, FichePageFactory, UserFactory


@pytest.fixture(scope="module")
def module_published(module_call, django_db_blocker):
    """``(link, cookies)`` of a dossier whose published fiche shows a photo and a phone, once per module."""
    with module_transaction(django_db_blocker):
        visitor = Visitor()
        [link] = visitor.ask_for_link("jeanne@tilleuls.test")
        visitor.fill_in_all(link)
        visitor.fill(link, "images", {"photo": photo(), "photo_alt": "Une vache"})
        visitor.fill(link, "contacts", CONSENTS)
        visitor.post(f"{link}envoyer/")
        with visitor.capture(execute=True):
            FichePage.objects.get().get_latest_revision().publish(skip_permission_checks=True)
        yield link, visitor.client.cookies, stored_files()


@pytest.fixture
def published(module_published, visitor):
    """The link of the dossier of `module_published`; its files are there again, whatever a test before took off the disk."""
    link, cookies, files = module_published
    visitor.client.cookies.load(cookies.output(header=""))
    for (storage, name), content in files.items():
        if not storage.exists(name):
            storage.save(name, ContentFile(content))
    return link


def stored_files():
    """``{(storage, name): content}`` of the pieces and the pictures."""
    files = [piece.fichier for piece in PieceJointe.objects.all()]
    files += [picture.file for picture in get_image_model().objects.all()]
    return {(file.storage, file.name): file.read() for file in files}


def test_a_detail_whose_consent_is_taken_back_leaves_the_page_and_each_revision(visitor, published):
    fiche = FichePage.objects.get()
    fiche.chapo = "Plus court."
    fiche.save_revision().publish()
    assert "03 81 86 58 58" in text(visitor.get("/fiches/le-lait-de-nuit/"))
    visitor.post(f"{published}consentements/", {"finalite": "contact_telephone"})
    assert "03 81 86 58 58" not in text(visitor.get("/fiches/le-lait-de-nuit/"))
    assert [revision.content["contact_telephone_public"] for revision in Revision.page_revisions.all()] == [False] * 2
    assert "Accord retiré le" in text(visitor.get(f"{published}consentements/"))


def test_a_form_writes_to_the_contact_only_while_its_name_may_be_shown_as_the_consent_says(visitor, published):
    def is_offered():
        pages = [text(visitor.get(address)) for address in ("/fiches/le-lait-de-nuit/", f"{published}apercu/")]
        assert len({"Écrire au porteur" in page for page in pages}) == 1
        assert ("Écrire au porteur" in pages[0]) is (visitor.get("/contact/le-lait-de-nuit/").status_code == 200)
        return "Écrire au porteur" in pages[0]

    assert not is_offered()
    record_consents(dossier=Dossier.objects.get(), choices={"contact_nom": True})
    update(FichePage.objects.all(), contact_nom_public=True)
    assert is_offered()
    consents = text(visitor.get(f"{published}consentements/"))
    assert "Publier le nom du contact sur la fiche, avec un formulaire pour lui écrire" in consents
    visitor.post(f"{published}consentements/", {"finalite": "contact_nom"})
    assert not is_offered()


def test_a_fiche_that_its_company_keeps_off_is_not_told_to_come_online(visitor, published):
    visitor.post(f"{published}consentements/", {"finalite": "publication"})
    page = text(visitor.get(published))
    assert ("la fiche n’est pas sur le site" in page, "n’est pas encore en ligne" in page) == (True, False)
    assert "Voir la fiche comme le public la verra" not in page
    assert "vous ne pouvez pas envoyer le dossier" not in text(visitor.get(f"{published}relecture/"))


@pytest.mark.parametrize(("signed", "shown"), [("Jeanne Marmier", False), ("Jeanne Marmier-Puget", True)])
def test_a_name_taken_back_leaves_the_credits_and_quotations_that_it_signs(visitor, published, signed, shown):
    record_consents(dossier=Dossier.objects.get(), choices={"contact_nom": True})
    fiche = FichePage.objects.get()
    with visitor.capture(execute=True):
        fiche.corps = [("citation", {"texte": "On dort.", "auteur": signed, "fonction": ""})]
        fiche.save_revision().publish()
        get_image_model().objects.update(credit=signed)
        visitor.post(f"{published}consentements/", {"finalite": "contact_nom"})
    fiche.refresh_from_db()
    assert (fiche.corps[0].value["auteur"], fiche.photo.credit) == ((signed, signed) if shown else ("", ""))
    assert (signed in text(visitor.get("/fiches/le-lait-de-nuit/"))) == shown


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


TOLD_IN_A_SENTENCE = "un accord est retiré (Nom du contact), mais une phrase de la fiche contient encore l’information"
STILL_NAMED = "nomme cette personne"


@pytest.fixture
def link_with_named_contact(visitor, published, staff):
    """The link of a dossier; a sentence of its published fiche names the contact."""
    FichePage.objects.update(chapo="Jeanne Marmier laisse dormir ses fromagers.")
    record_consents(dossier=Dossier.objects.get(), choices=dict.fromkeys(FOUR, True))
    mail.outbox.clear()
    return published


def take_back_all(visitor, link):
    with visitor.capture(execute=True):
        for purpose in FOUR:
            visitor.post(f"{link}consentements/", {"finalite": purpose})


def test_a_name_taken_back_that_a_sentence_keeps_is_told_to_the_staff(visitor, link_with_named_contact, staff):
    take_back_all(visitor, link_with_named_contact)
    assert {recipient for message in mail.outbox for recipient in message.to} == {staff.user.email}
    assert [TOLD_IN_A_SENTENCE in message.body for message in mail.outbox].count(True) == 1
    screen = f"/admin/candidatures/dossiers/{Dossier.objects.get().pk}/"
    assert STILL_NAMED in text(staff.get(screen))
    FichePage.objects.update(chapo="Une fruitière laisse dormir ses fromagers.")
    assert STILL_NAMED not in text(staff.get(screen))


@pytest.mark.parametrize("team", ["equipe@rallynov.example", ""])
def test_a_question_and_a_name_taken_back_reach_the_same_people(visitor, link_with_named_contact, staff, team):
    colleague = UserFactory(role="moderation")
    Organisme.objects.create(site=Site.objects.get(is_default_site=True), courriel=team)
    visitor.post(f"{link_with_named_contact}messages/", {"texte": "Peut-on changer la photo ?"})
    take_back_all(visitor, link_with_named_contact)
    question, withdrawal = (
        sorted(message.to for message in mail.outbox if said in message.body)
        for said in ("un message attend votre réponse", TOLD_IN_A_SENTENCE)
    )
    people = [[team]] if team else sorted([[staff.user.email], [colleague.email]])
    assert (question, withdrawal) == (people, people)


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
    assert lines[0].startswith("La fiche quitte immédiatement ce site et les sites de nos partenaires.")
    assert lines[1:] == [BY_YOURSELF]
    assert visitor.get("/fiches/le-lait-de-nuit/").status_code == 200
    assert asked.select_one("main a.button")["href"] == page
    form = asked.select_one("main form[method=post]")
    visitor.post(form["action"], {field["name"]: field["value"] for field in form.select("input[name]")})
    assert visitor.get("/fiches/le-lait-de-nuit/").status_code == 404


def test_a_consent_that_is_not_in_force_has_no_page_to_withdraw_it(visitor, published):
    page = f"{published}consentements/"
    assert visitor.get(f"{page}?retirer=actualites").url == page
    assert visitor.get(f"{page}?retirer=inconnu").status_code == 404
