"""What a reader of English or German still met in French, or in French marks, inside a page of their language."""

import pytest
from bs4 import BeautifulSoup

from fiches.candidatures.models import Dossier
from fiches.candidatures.tokens import mint
from fiches.models import Critere
from tests.factories import CritereFactory, DimensionFactory


@pytest.fixture
def grid():
    """A dimension and a criterion that the demonstration's catalogues translate, and a criterion that they lack."""
    dimension = DimensionFactory(nom="centrée sur", slug="centree-sur")
    for name in ("entreprise", "pure invention"):
        CritereFactory(dimension=dimension, name=name, slug=name.replace(" ", "-"), definition="Une règle.")


def soup_of(response):
    return BeautifulSoup(response.content, "html.parser")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", ["0 innovations with “pain”, centred on company", "“pain”", "company"]),
        ("de", ["0 Innovationen mit „pain“, ausgerichtet auf Unternehmen", "„pain“", "Unternehmen"]),
    ],
)
def test_a_search_is_said_in_the_words_and_marks_of_the_page(client, translations, grid, code, said):
    page = soup_of(client.get(f"/{code}/fiches/?centree-sur=entreprise&q=pain"))
    filters = page.find(class_="chips").find_all("a")
    assert [page.title.string.split(" – ")[0], *(next(each.stripped_strings) for each in filters)][:3] == said


@pytest.mark.parametrize(
    ("code", "words"), [("en", ["Centred on…", "company"]), ("de", ["Ausgerichtet auf…", "Unternehmen"])]
)
def test_the_step_of_the_grid_is_in_the_applicants_language_and_marks_the_rest(client, translations, grid, code, words):
    dossier = Dossier.objects.create(courriel="jeanne@tilleuls.test", langue=code)
    form = soup_of(client.get(f"/{code}/candidature/{mint(dossier)}/caracterisation/")).main.form
    marked = {element.get_text(strip=True) for element in form.find_all(lang="fr")}
    assert [form.legend.get_text(strip=True), form.find("label", string=words[1]).string] == words
    assert marked == {"pure invention", "Une règle."}
    dossier.reponses = {"criteres": [form.find("label", string=words[1])["for"].rpartition("_")[2]]}
    dossier.save()
    summary = soup_of(client.get(f"/{code}/candidature/{mint(dossier)}/relecture/"))
    assert words[1] in summary.main.get_text("|", strip=True).split("|")


@pytest.mark.parametrize(
    ("code", "said"), [("en", "This address can only be read"), ("de", "Diese Adresse lässt sich nur lesen")]
)
def test_a_refused_method_is_answered_in_the_language_that_the_page_names(client, translations, code, said):
    page = soup_of(client.put(f"/{code}/fiches/"))
    assert (page.html["lang"], page.h1.string) == (code, said)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", ["# “The recipe”", "- Organisation: Agrodoubs", "- centred on: company"]),
        ("de", ["# „Das Rezept“", "- Organisation: Agrodoubs", "- ausgerichtet auf: Unternehmen"]),
    ],
)
def test_what_leaves_the_site_says_the_grid_in_its_language(client, translations, grid, code, said):
    fiche = getattr(translations, code).fiche
    fiche.criteres.add(Critere.objects.get(name="entreprise"))
    fiche.save_revision().publish()
    lines = client.get(f"/{code}/fiches/la-recette/fiche.md").text.splitlines()
    assert [line for line in lines if line in said] == said
    for address in ("liste/", "fiche/la-recette/"):
        embed = soup_of(client.get(f"/integration/{address}?langue={code}"))
        assert said[2].split(": ")[1] in embed.get_text("|", strip=True).split("|"), address
