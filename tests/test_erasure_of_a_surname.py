"""The surname alone of an erased person is in no search, title, credit, tag nor log; somebody else's name stays."""

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from taggit.models import Tag
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import ModelLogEntry, PageLogEntry

from fiches.models import MotCle, RechercheVaine, TexteDeDocument
from fiches.publications.linked_documents import document_fingerprint
from fiches.upkeep.personal_data.erasure import erase_person, mentions_of
from fiches.upkeep.personal_data.identification import find_person
from tests.conftest import reload_record
from tests.factories import FichePageFactory, PartenaireFactory, UserFactory
from tests.pictures import picture
from tests.test_personal_data_screen import SCREEN, officer, words

pytestmark = pytest.mark.django_db
__all__ = ["officer"]
NAME, MAIL = "Jeanne Marmier", "jeanne@tilleuls.test"


@pytest.fixture
def page(tree):
    return FichePageFactory(parent=tree.fiches)


def image(title, credit=""):
    file = ContentFile(picture(), name="a.jpg")
    return get_image_model().objects.create(title=title, credit=credit, file=file)


def document(title, name="a.txt"):
    return get_document_model().objects.create(title=title, file=ContentFile(b"texte", name=name))


def test_a_search_for_the_surname_is_forgotten_whatever_its_case():
    for said in ("marmier", "ferme marmier dole", "marmiers", "pain"):
        RechercheVaine.objects.create(jour=timezone.localdate(), mots=said)
    erase_person(MAIL, NAME)
    assert sorted(RechercheVaine.objects.values_list("mots", flat=True)) == ["marmiers", "pain"]


def test_titles_and_credits_lose_the_surname_and_keep_another_s_name():
    said = {
        "Portrait de Marmier": "Portrait de –",
        "Photo Marmier": "Photo –",
        "© MARMIER, 2026": "© –, 2026",
        "Mme Marmier à l’atelier": "Mme – à l’atelier",
        "Jeanne Marmier": "nom effacé",
        "© P. Marmier": "© P. Marmier",
        "© J.P. Marmier": "© –",
        "© P.-J. Marmier": "© P.-J. Marmier",
        "© Marmier P.": "© Marmier P.",
        "Marmier, P.": "Marmier, P.",
        "© M. Marmier": "© –",
        "© MARMIER Paul": "© MARMIER Paul",
        "© Marmier, Paul Dupont": "© –, Paul Dupont",
        "La fruitière à Marmier": "La fruitière à Marmier",
        "La route vers Marmier": "La route vers Marmier",
        "À Marmier, la cour": "À Marmier, la cour",
        "Merci à Marmier": "Merci à –",
        "Paul Marmier": "Paul Marmier",
        "Fruitière Marmier": "Fruitière Marmier",
        "La marmier du village": "La marmier du village",
        "Les Marmiers": "Les Marmiers",
    }
    rows = [(image(text, text), document(text)) for text in said]
    erase_person(MAIL, NAME)
    after = [(reload_record(photo), reload_record(paper)) for photo, paper in rows]
    assert [(photo.title, photo.credit or "nom effacé", paper.title) for photo, paper in after] == [
        (left, left, left) for left in said.values()
    ]


def test_the_initials_beside_the_surname_go_with_it():
    said = {
        "© J.-M. Dupont-Moretti": "© –",
        "Photo : J-M Dupont-Moretti, 2026": "Photo : –, 2026",
        "Photo : J.M. DUPONT-MORETTI": "Photo : –",
        "© JM Dupont-Moretti": "© –",
        "© J. Dupont-Moretti": "© –",
        "© Dupont-Moretti J.-M., Dole": "© –, Dole",
        "Dupont-Moretti, J. M.": "nom effacé",
        "© Dupont-Moretti, J. Roy": "© –, J. Roy",
        "© Anne J. Dupont-Moretti": "© Anne J. Dupont-Moretti",
        "© J.-M. Dupont": "© J.-M. Dupont",
    }
    photos = [image(text, text) for text in said]
    erase_person(MAIL, "Jean-Marc Dupont-Moretti")
    after = map(reload_record, photos)
    assert [(photo.title, photo.credit or "nom effacé") for photo in after] == [(left, left) for left in said.values()]


def test_the_particle_after_the_initials_goes_too():
    photo = image("Photo : J. de La Tour")
    erase_person(MAIL, "Jeanne de La Tour")
    photo.refresh_from_db()
    assert photo.title == "Photo : –"


def test_a_tag_of_the_name_goes_and_a_keyword_that_may_be_a_common_word_is_left_to_the_staff(page):
    photo = image("La cour")
    photo.tags.add("marmier", "Jeanne Marmier", "Portrait Marmier", "fromage")
    page.mots_cles.add("Marmier", "Jeanne Marmier", "lait")
    page.save()
    mentions = list(mentions_of(find_person(MAIL, NAME)))
    assert {m.excerpt for m in mentions if m.by_hand} == {"marmier", "Marmier"}
    erase_person(MAIL, NAME)
    assert sorted(Tag.objects.values_list("name", flat=True)) == ["fromage", "marmier"]
    assert sorted(MotCle.objects.values_list("name", flat=True)) == ["Marmier", "lait"]


def test_the_logs_of_wagtail_forget_the_surname_in_their_labels_and_data(page):
    partner = PartenaireFactory()
    PageLogEntry.objects.log_action(page, "wagtail.rename", title="Chez Marmier", data={"title": {"old": "La Marmier"}})
    ModelLogEntry.objects.log_action(partner, "wagtail.edit", title="Contact : Marmier", data={"a": ["Photo Marmier"]})
    erase_person(MAIL, NAME)
    for entries in (PageLogEntry, ModelLogEntry):
        told = str(list(entries.objects.values_list("label", "data")))
        assert "armier" not in told and "–" in told


def test_a_document_that_names_the_person_is_in_the_receipt_by_its_title_or_its_text(client, officer):
    document(f"CV de {NAME}")
    document("Autre")
    read = document("Plan")
    TexteDeDocument.objects.create(document=read.pk, empreinte=document_fingerprint(read), texte=f"Établi par {NAME}.")
    page = words(
        client.post(
            SCREEN, follow=True, data={"courriel": MAIL, "nom": NAME, "confirmation": MAIL, "action": "effacer"}
        )
    )
    assert "Document : CV de –" in page and "Texte d’un document : Plan" in page
    assert "Autre" not in page


def test_the_surname_of_an_account_goes_too_once_it_is_agreed_to():
    user = UserFactory(first_name="Jeanne", last_name="Marmier", email=MAIL)
    photo = image("Portrait de Marmier")
    assert find_person(MAIL).learnt == {"Jeanne Marmier": [f"utilisateur n°\xa0{user.pk}"]}
    erase_person(MAIL, agreed=lambda name: True)
    photo.refresh_from_db()
    assert photo.title == "Portrait de –"
