"""A front end of another make draws the palmarès from the API: each edition, as far as its public page shows it."""

import json
import re

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from fiches.palmares.models import Categorie, Nomination, Rang
from fiches.palmares.transitions import publish_now, record_decision
from tests.diffusion.conftest import openapi, read  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture
def read_page(read):  # noqa: F811 - the fixture
    """``read_page(path)`` returns the API's entry of the page at this path."""

    def find(path):
        (page,) = read(f"pages?chemin={path}").json()["items"]
        return page

    return find


@pytest.fixture
def studied_edition(rally):
    """An edition that its jury studies: its categories have descriptions, one juror agreed to be named."""
    Categorie.objects.filter(pk=rally.categorie.pk).update(description="Ce que plusieurs font ensemble.")
    rally.travail = Categorie.objects.create(
        palmares=rally.palmares, nom="Travail", description="Où l’on décide.", sort_order=1
    )
    Nomination.objects.create(categorie=rally.travail, fiche=rally.fiches[2])
    rally.palmares.introduction, rally.palmares.echelle = "Le jury étudie.", "0 : aucune preuve."
    rally.palmares.save()
    rally.jury[0].fonction, rally.jury[0].accord_le = "enseignante", timezone.now()
    rally.jury[0].save()
    rally.open()
    rally.score(0, 0, 5, 5, "zibeline")
    return rally


def no_prize(studied_edition):
    record_decision(studied_edition.travail, prizes=[], motifs="Aucune n’est prête.", by=studied_edition.staff)


def page_texts(page):
    """What the page of an edition says, but its headings and the sentences of its template."""
    main = BeautifulSoup(page.content, "html.parser").main
    for part in main.select(".criteria__weight, .badge"):
        part.decompose()
    parts = main.select("h1, .over, .head__intro, .criteria dt, .criteria dd, .jury li strong, .prize__citation")
    parts += main.select(".prize__title, .prize__name, section:has(.prize) h2, section:has(.prize) > .prose")
    return {part.get_text(" ", strip=True).replace("\u00a0", " ") for part in parts}


def as_text(item):
    return json.dumps(item, ensure_ascii=False).replace("\\u00a0", " ")


def test_an_edition_that_the_jury_studies_is_told_as_its_page_shows_it(read_page, client, studied_edition):
    item = read_page("/palmares/2013/")
    assert (item["type"], item["chemin"], item["url"]) == (
        "palmares",
        "/palmares/2013/",
        "http://localhost/palmares/2013/",
    )
    assert item["referencement"]["titre"] == "Palmarès – 2013"
    assert [step["chemin"] for step in item["fil"]] == ["/", "/palmares/", "/palmares/2013/"]
    assert item["palmares"]["affichee"] == 2013
    assert item["palmares"]["editions"] == [
        {
            "edition": 2013,
            "nom": "2013",
            "chemin": "/palmares/2013/",
            "url": "http://localhost/palmares/2013/",
            "etat": "jugement",
            "resultats_le": None,
            "exemple": False,
            "introduction": "Le jury étudie.",
            "categories": [
                {
                    "slug": "cooperation",
                    "nom": "Coopération",
                    "description": "Ce que plusieurs font ensemble.",
                    "prix": [],
                },
                {"slug": "travail", "nom": "Travail", "description": "Où l’on décide.", "prix": []},
            ],
            "note_maximale": 5,
            "echelle": "0 : aucune preuve.",
            "criteres": [
                {"nom": "Utilité", "definition": "Utilité", "poids": 3},
                {"nom": "Partage", "definition": "Partage", "poids": 1},
            ],
            "jury": [{"nom": "Jurée 1", "fonction": "enseignante"}],
        }
    ]
    page = page_texts(client.get("/palmares/2013/"))
    assert len(page) > 8 and {text for text in page if text not in as_text(item)} == set()


def test_neither_candidates_nor_scores_nor_an_unnamed_juror_are_told(read_page, studied_edition):
    secrets = (
        "fiche 1",
        "fiche-2013",
        "zibeline",
        "jurée 2",
        studied_edition.jury[0].compte.email,
        studied_edition.jury[0].compte.username,
    )
    for path in ("/palmares/", "/palmares/2013/"):
        text = as_text(read_page(path)).lower()
        assert [word for word in secrets if word.lower() in text] == []


def test_the_results_are_told_with_their_categories_once_they_are_public(read_page, client, read, studied_edition):  # noqa: F811 - the fixture
    studied_edition.close()
    studied_edition.decide((0, Rang.PREMIER, "Pour son zinzolin."), (1, Rang.MENTION, "Pour sa patience."))
    no_prize(studied_edition)
    sealed = studied_edition.announce(timezone.now().replace(microsecond=0) + timezone.timedelta(hours=2))
    (edition,) = read_page("/palmares/2013/")["palmares"]["editions"]
    assert (edition["etat"], edition["resultats_le"][:16]) == ("annonce", sealed.embargo.isoformat()[:16])
    assert [category["prix"] for category in edition["categories"]] == [[], []]
    assert "zinzolin" not in as_text(edition)
    publish_now(studied_edition.fresh())
    item = read_page("/palmares/2013/")
    (edition,) = item["palmares"]["editions"]
    # A category without prize is not on the page of the results.
    assert (edition["etat"], [each["nom"] for each in edition["categories"]]) == ("publie", ["Coopération"])
    assert edition["categories"][0]["prix"] == read("palmares").json()["items"]
    page = page_texts(client.get("/palmares/2013/"))
    assert len(page) > 10 and {text for text in page if text not in as_text(item)} == set()


def test_an_edition_in_preparation_has_no_address_and_an_address_without_edition_neither(client, rally):
    for path in ("/palmares/2013/", "/palmares/2014/", "/palmares/2013/rien/", "/palmares/flux.atom/", "/2013/"):
        response = client.get("/api/v1/pages", {"chemin": path})
        assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json"), path
    (page,) = client.get("/api/v1/pages", {"chemin": "/palmares/"}).json()["items"]
    assert page["palmares"] == {"affichee": None, "editions": []}


def test_an_edition_that_has_a_page_is_in_the_sitemap(client, tree, rally):
    def listed():
        return re.findall(r"<loc>http://localhost(/palmares/[^<]*)</loc>", client.get("/sitemap.xml").content.decode())

    assert listed() == ["/palmares/"]
    rally.open()
    assert listed() == ["/palmares/", "/palmares/2013/"]
    assert [client.get(path).status_code for path in listed()] == [200, 200]
    rally.page.unpublish()
    assert listed() == []
