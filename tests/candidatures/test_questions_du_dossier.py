"""The dossier asks its questions as one would ask them aloud, folds the optional ones, and sums up what was answered."""

import pytest
from bs4 import BeautifulSoup

from fiches.candidatures.forms import STEP_FORMS
from fiches.candidatures.models import Dossier
from fiches.models import FichePage
from tests.candidatures.conftest import INNOVATION, ORGANISATION, photo, text
from tests.factories import CritereFactory

STEPS = ("organisation", "innovation", "caracterisation", "images", "contacts")
WRITTEN = "input[type=text], input[type=url], input[type=number], textarea, select"


@pytest.fixture
def link(visitor):
    return visitor.ask_for_link("jeanne@tilleuls.test")[0]


def page_of(response):
    return BeautifulSoup(response.content, "html.parser")


def questions(step):
    """``{name: question}`` of the fields of a step that are written or chosen, as they follow one another."""
    form = step.select_one("form.formulaire")
    labels = {label["for"]: label for label in form.select("label[for]")}
    written = {field["name"]: labels[field["id"]] for field in form.select(WRITTEN)}
    return {name: " ".join(label.text.replace("(obligatoire)", "").split()) for name, label in written.items()}


def folded(step):
    """``({name of the folded fields}, whether the box is open)`` of each box of a step, by its summary."""
    return {
        " ".join(box.summary.text.split()): ({each["name"] for each in box.select("[name]")}, box.has_attr("open"))
        for box in step.select("form details")
    }


def test_what_is_optional_is_folded_and_what_is_mandatory_never_is(visitor, link, critere):
    boxes = {cle: folded(page_of(visitor.get(f"{link}{cle}/"))) for cle in STEPS}
    assert boxes["organisation"] == {
        "Questions facultatives : Statut juridique, Code NAF, Effectif, Type d’économie, Site web": (
            {"statut", "naf", "effectif", "sphere", "site"},
            False,
        ),
        "Questions facultatives : Ne pas montrer l’organisation sur les cartes": (
            {"sans_localisation"},
            False,
        ),
    }
    assert boxes["images"] == {}
    names = {name for boxes_of_step in boxes.values() for fields, _open in boxes_of_step.values() for name in fields}
    assert names & {name for etape in STEP_FORMS for name in etape.essential} == set()
    assert names == {
        *("statut", "naf", "effectif", "sphere", "site", "sans_localisation"),
        *("citation", "citation_auteur", "mots_cles", "partenaire"),
    }


def test_a_folded_question_with_an_answer_or_an_error_is_open(visitor, link):
    def is_open():
        return [opened for _names, opened in folded(page_of(visitor.get(f"{link}organisation/"))).values()]

    assert is_open() == [False, False]
    refused = visitor.fill(link, "organisation", {**ORGANISATION, "effectif": "", "naf": "zéro"})
    assert [opened for _names, opened in folded(page_of(refused)).values()] == [True, False]
    visitor.fill(link, "organisation", {**ORGANISATION, "effectif": "", "sans_localisation": "on"})
    assert is_open() == [False, True]


def test_a_postcode_chooses_among_communes_of_one_name_and_goes_on_the_fiche(visitor, link, critere):
    # Several communes of the territory are called so.
    alone = visitor.fill(link, "organisation", {**ORGANISATION, "commune": "Champagney"})
    answers = {**ORGANISATION, "commune": "Champagney", "adresse": "1 rue du Puits", "code_postal": "70 290"}
    assert "commune" in alone.context["form"].errors
    assert visitor.fill(link, "organisation", answers).url == f"{link}innovation/"
    visitor.fill_in_all(link)
    visitor.fill(link, "organisation", answers)
    visitor.post(f"{link}envoyer/")
    fiche = FichePage.objects.get()
    assert (fiche.adresse, fiche.code_postal, fiche.commune.nom) == ("1 rue du Puits", "70290", "Champagney")


def test_an_error_is_listed_under_the_question_that_was_asked(visitor, link, critere):
    address = f"{link}organisation/?a-completer"
    for page in (page_of(visitor.get(address)), page_of(visitor.get(f"{link}relecture/"))):
        questions = {label["for"]: " ".join(label.find(string=True).split()) for label in page.select("label")}
        listed = {
            line["href"].split("#")[1]: " ".join(line.text.split()) for line in page.select(".notice--alert li a")
        }
        asked = questions.get("id_organisation", "Comment s’appelle votre organisation ?")
        assert asked in listed["id_organisation"]
    assert "Quels critères décrivent le mieux votre innovation ?" in listed["id_criteres"]
    assert [line for line in listed.values() if "critères de la grille" in line] == []


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("253", "Le code postal est incorrect : il a cinq chiffres."),
        ("25000", "Flagey a pour code postal 25330, pas 25000. Pour un code CEDEX, écrivez CEDEX dans l’adresse."),
    ],
)
def test_a_wrong_postcode_is_told_beside_it_and_nothing_is_lost(visitor, link, code, message):
    answer = visitor.fill(link, "organisation", {**ORGANISATION, "code_postal": code})
    errors = answer.context["form"].errors
    assert {name: [each.replace("\u00a0", " ") for each in told] for name, told in errors.items()} == {
        "code_postal": [message]
    }
    assert Dossier.objects.get().reponses["code_postal"] == code


def test_the_summary_shows_what_is_answered_and_says_once_what_is_to_be_completed(visitor, link, critere):
    visitor.fill(link, "organisation", ORGANISATION)
    visitor.fill(link, "innovation", {**INNOVATION, "chapo": ""})
    visitor.fill(link, "images", {"photo": photo(), "photo_alt": "Une vache"})
    response = visitor.get(f"{link}relecture/")
    page, words = page_of(response), text(response)
    lines = {line.dt.text: line.dd.text.strip() for line in page.select(".reponses dl > div")}
    assert lines == {
        "Nom de l’organisation": "Fruitière des Tilleuls",
        "SIRET": "73282932000074",
        "Effectif": "12",
        "Commune": "Flagey (25330, Doubs)",
        "Nom de l’innovation": "Le lait de nuit",
        "Le besoin": "La traite commençait à quatre heures.",
        "Ce que vous avez fait": "Le lait attend au frais.Les fromagers commencent à huit heures.",
        "Les résultats": "Plus personne ne part.",
        "Ce que montre la photo": "Une vache",
        "Courriel": "jeanne@tilleuls.test",
    }
    assert (words.count("À compléter"), words.count("Comment résumez-vous votre innovation en deux phrases ?")) == (
        1,
        1,
    )
    assert words.count("Aucune réponse pour le moment.") == 1  # the grid
    assert "vache.jpg" in words


def test_the_grid_explains_each_criterion_beside_its_box(visitor, link):
    CritereFactory(name="procédure", definition="Une façon de faire.\nExemple : un essai payé.")
    page = page_of(visitor.get(f"{link}caracterisation/"))
    for box in page.select("input[name=criteres]"):
        if box.has_attr("aria-describedby"):
            assert (
                page.select_one(f"#{box['aria-describedby']}").text.strip()
                == "Une façon de faire.Exemple : un essai payé."
            )


def test_what_an_applicant_types_is_set_as_french_prints_it_but_for_names_of_persons(visitor, link, critere):
    visitor.fill_in_all(link)
    visitor.fill(link, "organisation", {**ORGANISATION, "organisation": "Le Four d'Antan"})
    typed = {
        "titre": "L'atelier : ouvert",
        "description": "On ouvre à 18h.",
        "citation": "C'est bien.",
        "citation_auteur": "Ann O'Hara",
    }
    visitor.fill(link, "innovation", {**INNOVATION, **typed})
    visitor.post(f"{link}envoyer/")
    fiche = FichePage.objects.get()
    assert (fiche.organisation, fiche.title) == ("Le Four d’Antan", "L’atelier\u00a0: ouvert")
    assert "On ouvre à 18\u00a0h." in str(fiche.corps[1].value)
    quoted = next(block.value for block in fiche.corps if block.block_type == "citation")
    assert (quoted["texte"], quoted["auteur"]) == ("C’est bien.", "Ann O'Hara")
