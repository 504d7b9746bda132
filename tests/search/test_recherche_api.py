"""The search over everything, for programs: what the site's page finds, and nothing that isn't public."""

import pytest
from wagtail.models import PageViewRestriction

from tests.factories import CarnetPageFactory, ContentPageFactory, EtapePageFactory, FichePageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def search(client):
    def ask(query, status=200):
        response = client.get(f"/api/v1/recherche?{query}")
        assert response.status_code == status, response.content
        return response.json()

    return ask


@pytest.fixture
def pages_about_bread(tree):
    FichePageFactory(parent=tree.fiches, title="Le pain partagé", slug="pain", chapo="Du <pain> pour tous.")
    EtapePageFactory(parent=tree.etapes, title="L’étape du pain", slug="dole")
    CarnetPageFactory(parent=tree.carnets, title="Le carnet du pain", slug="n1")
    ContentPageFactory(parent=tree.home, title="Le pain, une page", slug="page")


def test_everything_that_has_the_words_is_told_group_by_group(search, pages_about_bread):
    told = search("q=pains")
    assert (told["count"], told["next"], told["previous"], told["corrige"]) == (4, None, None, "")
    assert told["groupes"] == [
        {"genre": "fiches", "libelle": "Innovations", "count": 1},
        {"genre": "etapes", "libelle": "Étapes", "count": 1},
        {"genre": "carnets", "libelle": "Carnets de route", "count": 1},
        {"genre": "pages", "libelle": "Pages", "count": 1},
    ]
    assert [(item["genre"], item["url"]) for item in told["items"]] == [
        ("fiches", "http://localhost/fiches/pain/"),
        ("etapes", "http://localhost/etapes/dole/"),
        ("carnets", "http://localhost/carnets/n1/"),
        ("pages", "http://localhost/page/"),
    ]


def test_words_are_told_plain_and_marked(search, pages_about_bread):
    fiche = search("q=pain")["items"][0]
    assert (fiche["titre"], fiche["titre_html"]) == ("Le pain partagé", "Le <mark>pain</mark> partagé")
    assert fiche["extrait"] == "Du <pain> pour tous."
    assert fiche["extrait_html"] == "Du &lt;<mark>pain</mark>&gt; pour tous."


@pytest.mark.parametrize(
    ("genre", "make", "parent"), [("fiches", FichePageFactory, "fiches"), ("etapes", EtapePageFactory, "etapes")]
)
def test_one_group_is_read_whole_page_by_page(search, tree, client, genre, make, parent):
    for place in range(3):
        make(parent=getattr(tree, parent), title=f"Le pain {place}")
    page = search(f"q=pain&genre={genre}&par_page=2")
    assert (page["count"], len(page["items"]), [group["genre"] for group in page["groupes"]]) == (3, 2, [genre])
    second = client.get(page["next"]).json()
    assert (len(second["items"]), second["next"]) == (1, None)
    assert client.get(second["previous"]).json()["items"] == page["items"]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("q=pain&genre=romans", "genre"),
        ("q=pain&genre=etapes&page=9", "page"),
        ("q=pain&genre=fiches&page=9", "page"),
        ("q=pain&departement=99", "departement"),
        ("q=pain&page=2", "page"),
        ("inconnu=1", "inconnu"),
    ],
)
def test_what_cannot_be_read_is_refused(search, pages_about_bread, query, parameter):
    assert list(search(query, 400)["parametres"]) == [parameter]


def test_what_the_public_may_not_see_is_not_found(search, tree):
    FichePageFactory(parent=tree.fiches, title="Le pain secret", live=False)
    page = ContentPageFactory(parent=tree.home, title="Le pain réservé", slug="reserve")
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    assert search("q=pain")["items"] == []


def test_what_one_can_do_on_the_site_is_told(search, tree):
    assert search("q=pain")["actions"] == []
    assert search("q=déposer+un+dossier")["actions"][0] == {
        "titre": "Proposer une innovation",
        "phrase": "Votre entreprise ou votre association envoie son dossier, sans créer de compte.",
        "url": "http://localhost/candidature/",
    }
