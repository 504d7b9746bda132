"""Compound surnames, « Mme » with a surname, and phones in others' answers: nobody else's name is cut, what may be the person is
listed for the staff."""

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.images import get_image_model

from fiches.candidatures.models import Dossier
from fiches.models import FichePage, RechercheVaine
from fiches.upkeep.personal_data.erasure import erase_and_list, erase_person, find_person, mentions_of
from tests.factories import FichePageFactory, PartenaireFactory
from tests.pictures import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(tree):
    """``told(text, name)`` erases ``name``; returns what a chapô and the credit of a picture say then, and whether each is listed."""

    def after(text, name):
        fiche = FichePageFactory(parent=tree.fiches, chapo=text)
        file = ContentFile(picture(), name="a.jpg")
        photo = get_image_model().objects.create(title="La cour", credit=text, file=file)
        by_hand, _counts = erase_and_list(find_person("", name))
        photo.refresh_from_db()
        listed = [any(each.pk == row.pk for each in by_hand) for row in (fiche, photo)]
        return FichePage.objects.get().chapo, photo.credit, listed

    return after


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Claire Vaubourg", "Photo : Claire Vaubourg-Leroy"),
        ("Claire Vaubourg", "Photo : Claire Leroy-Vaubourg"),
        ("Claire Vaubourg", "Photo : Anne-Claire Vaubourg"),
        ("Claire Vaubourg", "Photo : Vaubourg-Leroy"),
        ("Claire Vaubourg", "Avec C. Vaubourg-Leroy"),
        ("Claire Vaubourg", "Photo : Claire Anne Vaubourg"),
        ("Anne Vaubourg", "Photo : Vaubourg Claire Anne"),
        ("Anne Vaubourg", "Avec Vaubourg, Claire Anne"),
        ("Claire Vaubourg-Leroy", "Photo : Claire Vaubourg"),
        ("Claire Vaubourg-Leroy", "Photo : Claire Leroy"),
        ("Claire Vaubourg-Leroy", "Avec Leroy C., de Dole"),
        ("Claire Vaubourg-Leroy", "Avec Mme Vaubourg"),
    ],
)
def test_a_compound_name_is_left_whole_and_listed(told, name, text):
    assert told(text, name) == (text, text, [True, True])


@pytest.mark.parametrize(
    "text",
    [
        "Avec Mme Vaubourg, présidente",
        "Avec M. Vaubourg",
        "Avec M Vaubourg",
        "Avec madame de Vaubourg",
        "Avec Vaubourg C.",
        "Avec Vaubourg, C.",
        "Avec M. et Mme Vaubourg",
        "Chez la famille Vaubourg",
    ],
)
def test_a_surname_after_a_title_or_before_an_initial_is_listed(told, text):
    left, _credit, listed = told(text, "Claire Vaubourg")
    assert (left, listed[0]) == (text, True)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Anne Vaubourg", "Claire Anne Vaubourg"),
        ("Claire Anne Vaubourg", "Claire Anne Vaubourg"),
        ("Claire Vaubourg", "VAUBOURG Claire Anne"),
        ("Émile Vaubourg", "Hélène Émile Vaubourg"),
    ],
)
def test_first_names_written_apart_go_together(told, name, written):
    assert told(f"Avec {written} hier.", name)[:2] == ("Avec – hier.", "Avec – hier.")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Avec Anne Vaubourg.", "Avec –."),
        ("Merci, Claire, Anne Vaubourg.", "Merci, Claire, –."),
        ("Présidente Anne Vaubourg.", "Présidente –."),
        ("Avec Claire et Anne Vaubourg.", "Avec Claire et –."),
        ("Une rose Anne Vaubourg.", "Une rose –."),
    ],
)
def test_another_word_before_the_first_name_stays(told, text, left):
    assert told(text, "Anne Vaubourg")[0] == left


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Jean Petit", "Avec Petitjean et Mme Petitjean."),
        ("Jean Petit", "Le pain de M. Petitjean"),
        ("Jean Petit", "Les Jeanpetit de Dole"),
        ("Martin Paul", "Avec Paulmartin"),
    ],
)
def test_a_near_surname_is_neither_cut_nor_listed(told, name, text):
    assert told(text, name) == (text, text, [False, False])


@pytest.mark.parametrize(
    "text", ["Écrire à petitjean@exemple.test.", "Voir exemple.test/jeanpetit", "Suivre @jeanpetit", "Avec JeanPetit"]
)
def test_a_name_in_one_word_in_an_address_is_listed(told, text):
    assert told(text, "Jean Petit")[2] == [True, True]


@pytest.mark.parametrize(
    "text", ["Une fruitière à Vaubourg.", "Avec Claire Leroy.", "Avec Paul Vaubourg-Leroy.", "Saint-Vaubourg et Dole."]
)
def test_another_person_or_a_place_is_neither_cut_nor_listed(told, text):
    left, _credit, listed = told(text, "Claire Vaubourg")
    assert (left, listed[0]) == (text, False)


def test_a_search_for_a_compound_name_is_left_and_listed(tree):
    for said in ("vaubourg-leroy", "photo-vaubourg", "saint-vaubourg pain"):
        RechercheVaine.objects.create(jour=timezone.localdate(), mots=said)
    by_hand, _counts = erase_and_list(find_person("", "Claire Vaubourg"))
    left = {row.mots: row.pk for row in RechercheVaine.objects.all()}
    assert set(left) == {"vaubourg-leroy", "saint-vaubourg pain"}
    assert [each.pk for each in by_hand] == [left["vaubourg-leroy"]]


PHONE = "06 12 98 76 54"


@pytest.mark.parametrize("spelling", ["Appeler le 06.12.98.76.54.", "Appeler au (+33) 6 12 98 76 54, le soir."])
@pytest.mark.parametrize("courriel", ["claire@vaubourg.test", ""])
def test_a_phone_in_the_answers_of_another_dossier_is_erased_or_listed(tree, courriel, spelling):
    PartenaireFactory(contact_nom="Claire Vaubourg", contact_courriel="claire@vaubourg.test", contact_telephone=PHONE)
    other = Dossier.objects.create(courriel="autre@exemple.test", reponses={"resultats": spelling})
    by_hand, _counts = erase_and_list(find_person(courriel, "Claire Vaubourg"))
    other.refresh_from_db()
    is_listed = any(each.pk == other.pk and "dossier" in each.kind for each in by_hand)
    assert (other.reponses["resultats"] == spelling, is_listed) == ((False, False) if courriel else (True, True))


def test_a_phone_that_another_dossier_gives_for_the_same_name_is_listed(tree):
    Dossier.objects.create(
        courriel="a@exemple.test", reponses={"contact_nom": "Claire Vaubourg", "contact_telephone": PHONE}
    )
    other = Dossier.objects.create(courriel="b@exemple.test", reponses={"resultats": f"Appeler le {PHONE}."})
    mentions = {
        mention.pk: mention.by_hand for mention in mentions_of(find_person("claire@vaubourg.test", "Claire Vaubourg"))
    }
    assert mentions[other.pk] is True
    erase_person("claire@vaubourg.test", "Claire Vaubourg")
    other.refresh_from_db()
    assert other.reponses["resultats"] == f"Appeler le {PHONE}."


def test_a_phone_of_a_namesake_with_another_address_is_theirs(tree):
    PartenaireFactory(contact_nom="Claire Vaubourg", contact_courriel="autre@exemple.test", contact_telephone=PHONE)
    other = Dossier.objects.create(courriel="b@exemple.test", reponses={"resultats": f"Appeler le {PHONE}."})
    named = mentions_of(find_person("claire@vaubourg.test", "Claire Vaubourg"))
    assert ("dossier", other.pk) not in {(mention.model, mention.pk) for mention in named}
