"""Compound surnames, « Mme » with a surname, and phones in others' answers: nobody else's name is cut, what may be the person is
listed for the staff."""

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.images import get_image_model

from fiches.candidatures.models import Dossier
from fiches.models import RechercheVaine
from fiches.upkeep.personal_data.erasure import erase_and_list, erase_person, mentions_of
from fiches.upkeep.personal_data.identification import find_person
from tests.batch_indexing import batch_indexing
from tests.conftest import reload_record
from tests.factories import FichePageFactory, PartenaireFactory
from tests.pictures import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def erase(tree):
    """``erase(name, *texts)`` erases ``name``. Returns, for each text, the chapô and the picture's credit that are left, and whether
    each is listed."""

    def after(name, *texts):
        file = picture()
        with batch_indexing():
            fiches = [FichePageFactory(parent=tree.fiches, chapo=text) for text in texts]
        photos = [
            get_image_model().objects.create(title="La cour", credit=text, file=ContentFile(file, name="a.jpg"))
            for text in texts
        ]
        by_hand, _counts = erase_and_list(find_person("", name))
        listed = {(each.kind, each.pk) for each in by_hand}
        rows = zip(map(reload_record, fiches), map(reload_record, photos), strict=True)
        return [
            (fiche.chapo, photo.credit, [(row._meta.verbose_name, row.pk) in listed for row in (fiche, photo)])
            for fiche, photo in rows
        ]

    return after


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        (
            "Claire Vaubourg",
            [
                "Photo : Claire Vaubourg-Leroy",
                "Photo : Claire Leroy-Vaubourg",
                "Photo : Anne-Claire Vaubourg",
                "Photo : Vaubourg-Leroy",
                "Avec C. Vaubourg-Leroy",
                "Photo : Claire Anne Vaubourg",
            ],
        ),
        ("Anne Vaubourg", ["Photo : Vaubourg Claire Anne", "Avec Vaubourg, Claire Anne"]),
        (
            "Claire Vaubourg-Leroy",
            ["Photo : Claire Vaubourg", "Photo : Claire Leroy", "Avec Leroy C., de Dole", "Avec Mme Vaubourg"],
        ),
    ],
)
def test_a_compound_name_is_left_whole_and_listed(erase, name, texts):
    assert erase(name, *texts) == [(text, text, [True, True]) for text in texts]


def test_a_surname_after_a_title_or_before_an_initial_is_listed(erase):
    texts = [
        "Avec Mme Vaubourg, présidente",
        "Avec M. Vaubourg",
        "Avec M Vaubourg",
        "Avec madame de Vaubourg",
        "Avec Vaubourg C.",
        "Avec Vaubourg, C.",
        "Avec M. et Mme Vaubourg",
        "Chez la famille Vaubourg",
    ]
    after = erase("Claire Vaubourg", *texts)
    assert [(left, listed[0]) for left, _credit, listed in after] == [(text, True) for text in texts]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Anne Vaubourg", "Claire Anne Vaubourg"),
        ("Claire Anne Vaubourg", "Claire Anne Vaubourg"),
        ("Claire Vaubourg", "VAUBOURG Claire Anne"),
        ("Émile Vaubourg", "Hélène Émile Vaubourg"),
    ],
)
def test_first_names_written_apart_go_together(erase, name, written):
    assert erase(name, f"Avec {written} hier.")[0][:2] == ("Avec – hier.", "Avec – hier.")


def test_another_word_before_the_first_name_stays(erase):
    texts = {
        "Avec Anne Vaubourg.": "Avec –.",
        "Merci, Claire, Anne Vaubourg.": "Merci, Claire, –.",
        "Présidente Anne Vaubourg.": "Présidente –.",
        "Avec Claire et Anne Vaubourg.": "Avec Claire et –.",
        "Une rose Anne Vaubourg.": "Une rose –.",
    }
    assert [left for left, _credit, _listed in erase("Anne Vaubourg", *texts)] == list(texts.values())


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("Jean Petit", ["Avec Petitjean et Mme Petitjean.", "Le pain de M. Petitjean", "Les Jeanpetit de Dole"]),
        ("Martin Paul", ["Avec Paulmartin"]),
    ],
)
def test_a_near_surname_is_neither_cut_nor_listed(erase, name, texts):
    assert erase(name, *texts) == [(text, text, [False, False]) for text in texts]


def test_a_name_in_one_word_in_an_address_is_listed(erase):
    texts = [
        "Écrire à petitjean@exemple.test.",
        "Voir exemple.test/jeanpetit",
        "Suivre @jeanpetit",
        "Avec JeanPetit",
    ]
    assert [listed for _left, _credit, listed in erase("Jean Petit", *texts)] == [[True, True]] * len(texts)


def test_another_person_or_a_place_is_neither_cut_nor_listed(erase):
    texts = [
        "Une fruitière à Vaubourg.",
        "Avec Claire Leroy.",
        "Avec Paul Vaubourg-Leroy.",
        "Saint-Vaubourg et Dole.",
    ]
    after = erase("Claire Vaubourg", *texts)
    assert [(left, listed[0]) for left, _credit, listed in after] == [(text, False) for text in texts]


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
