"""The cards of a list: drawn once, true at once."""

import re

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fiches.models import Publication
from fiches.models.bulk import update
from fiches.publications import ledger
from fiches.publications.response_cache import mark_incomplete
from fiches.publications.version import touch
from tests import pictures
from tests.factories import CritereFactory, FichePageFactory, IllustrationFactory

pytestmark = pytest.mark.django_db


def cards_shown(client, query=""):
    """``[(address, title)]`` of the cards, as they are read."""
    content = client.get(f"/fiches/{query}").content.decode()
    return re.findall(r'<a class="card__link" href="([^"]+)">([^<]+)</a>', content)


QUESTIONS = {
    "": ["Un four pour tout le village."],
    "?q=four": ["Un <mark>four</mark> pour tout le village."],
    "?q=village": ["Un four pour tout le <mark>village</mark>."],
}


def queries(client, query=""):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(f"/fiches/{query}").status_code == 200
    return len(captured)


def test_a_card_leads_to_its_fiche_and_back_to_the_question(tree, client):
    FichePageFactory(parent=tree.fiches, title="Le verger", slug="le-verger", sphere="ess")
    assert cards_shown(client) == [("/fiches/le-verger/", "Le verger")]
    assert cards_shown(client, "?sphere=ess") == [("/fiches/le-verger/?sphere=ess", "Le verger")]
    assert cards_shown(client, "?tri=titre&sphere=ess") == [
        ("/fiches/le-verger/?sphere=ess&amp;tri=titre", "Le verger")
    ]
    assert cards_shown(client) == [("/fiches/le-verger/", "Le verger")]


def test_the_question_is_escaped(tree, client):
    FichePageFactory(parent=tree.fiches, title="Le verger", slug="le-verger", code_postal="25000")
    for _drawn_then_kept in range(2):
        content = client.get("/fiches/", {"bbox": '4,46,8,49"><script>', "tri": "titre"}).content.decode()
        assert "<script>" not in content.split('id="resultats"')[1].split("</ol>")[0]


@pytest.mark.parametrize("number", [1, 18])
def test_the_list_costs_the_same_whatever_it_shows(tree, client, number):
    places = {"commune_id": "25056", "chapo": "Un four.", "exemple": True}
    FichePageFactory.create_batch(number, parent=tree.fiches, photo=IllustrationFactory(), **places)
    queries(client)  # the sizes of the picture are made, and the cards drawn
    touch()
    assert queries(client) == 20  # all that every page shows is read
    FichePageFactory(parent=tree.fiches)
    assert queries(client) == 27  # its card is drawn with the grid, and stored
    # The version, the site, the root page; the rows of the question, whose counts hold for every order; their cards.
    assert queries(client, "?tri=titre") == 5


@pytest.mark.parametrize("number", [1, 18])
def test_cards_without_pictures_cost_the_same_at_any_number(tree, client, number):
    for _ in range(number):
        FichePageFactory(parent=tree.fiches, commune_id="25056")
    queries(client)
    touch()
    assert queries(client) == 20


def test_the_road_is_off_the_map_as_soon_as_its_list_is(tree, client):
    FichePageFactory(parent=tree.fiches)
    assert "/etapes/carte.geojson" in client.get("/fiches/").content.decode()
    tree.etapes.unpublish()
    assert "carte.geojson" in (content := client.get("/fiches/").content.decode())
    assert "/etapes/carte.geojson" not in content


def test_each_question_shows_its_own_passage(tree, client):
    FichePageFactory(parent=tree.fiches, title="Le verger", chapo="Un four pour tout le village.")
    passages = {
        query: re.findall(r'<p class="card__text">(.+?)</p>', client.get(f"/fiches/{query}").content.decode())
        for query in QUESTIONS
    }
    assert passages == QUESTIONS
    assert queries(client, "?q=village") == queries(client, "?q=four")


def test_what_changes_is_shown_at_once(tree, client):
    fiche = FichePageFactory(parent=tree.fiches, title="Le verger", slug="le-verger")
    cards_shown(client)
    fiche.title = "Le grand verger"
    fiche.save()
    assert cards_shown(client) == [("/fiches/le-verger/", "Le grand verger")]
    fiche.unpublish()
    assert cards_shown(client) == []


def test_a_card_says_the_criteria_that_are_left_and_as_they_are_named_now(tree, client):
    named, gone = CritereFactory(name="entreprise"), CritereFactory(name="procédure")
    fiche = FichePageFactory(parent=tree.fiches)
    fiche.criteres.add(named, gone)
    fiche.save()
    before = client.get("/fiches/").content.decode()
    gone.delete()
    named.name = "société"
    named.save()
    after = client.get("/fiches/").content.decode()
    said = [re.findall(r"<li>(entreprise|procédure|société)</li>", content) for content in (before, after)]
    assert said == [["entreprise", "procédure"], ["société"]]


def test_a_picture_that_is_replaced_is_shown_at_once(tree, client):
    picture = IllustrationFactory()
    FichePageFactory(parent=tree.fiches, photo=picture)
    before = re.findall(r'srcset="([^"]+)"', client.get("/fiches/").content.decode())
    picture.file = ContentFile(pictures.picture("PNG"), name="autre.png")
    picture.save()
    picture.renditions.all().delete()
    after = re.findall(r'srcset="([^"]+)"', client.get("/fiches/").content.decode())
    assert before and after
    assert before != after


def drawn_by(client):
    """The keys of the fiches whose cards a request draws."""
    with CaptureQueriesContext(connection) as captured:
        client.get("/fiches/")
    asked = [
        query["sql"] for query in captured if "rallynov_fiches_fichepage" in query["sql"] and "chapo" in query["sql"]
    ]
    return [sorted(map(int, re.findall(r"\d+", sql.split('page_ptr_id" IN (')[1].split(")")[0]))) for sql in asked]


def test_a_card_is_drawn_once_for_all_processes_and_again_when_its_fiche_changes(tree, client):
    others = FichePageFactory.create_batch(5, parent=tree.fiches, photo=IllustrationFactory())
    fiche = FichePageFactory(parent=tree.fiches, title="Le verger")
    assert drawn_by(client) == [sorted(each.pk for each in [*others, fiche])]
    touch()  # what a process keeps in memory is made again
    assert drawn_by(client) == []
    fiche.chapo = "Un autre chapô."
    fiche.save()
    assert drawn_by(client) == [[fiche.pk]]
    assert "Un autre chapô." in client.get("/fiches/").content.decode()
    assert drawn_by(client) == []


def test_a_card_that_another_release_of_the_code_drew_is_drawn_again_and_so_are_its_contents(tree, client, monkeypatch):
    fiche = FichePageFactory(parent=tree.fiches, title="Le verger", slug="le-verger")
    client.get("/api/v1/fiches/le-verger")
    cards_shown(client)
    monkeypatch.setattr(ledger, "release", lambda: "another")
    assert drawn_by(client) == [[fiche.pk]]
    row = Publication.objects.get(kind="fiche")
    assert (row.release, row.contents, "Le verger" in row.card) == ("another", None, True)
    assert client.get("/api/v1/fiches/le-verger").json()["titre"] == "Le verger"
    assert drawn_by(client) == []


def test_a_withdrawn_fiche_leaves_no_card_in_the_register(tree, client):
    fiche = FichePageFactory(parent=tree.fiches)
    cards_shown(client)
    assert Publication.objects.get(kind="fiche").card
    fiche.unpublish()
    assert Publication.objects.get(kind="fiche").card is None


def test_a_picture_taken_back_leaves_the_card_at_once(tree, client):
    picture = IllustrationFactory()
    fiches = FichePageFactory.create_batch(2, parent=tree.fiches, photo=picture)
    assert client.get("/fiches/").content.decode().count("srcset=") == 2
    update(type(fiches[0]).objects.filter(pk=fiches[0].pk), photo=None)
    assert client.get("/fiches/").content.decode().count("srcset=") == 1
    picture.delete()
    assert client.get("/fiches/").content.decode().count("srcset=") == 0


def test_a_card_whose_picture_could_not_be_drawn_is_drawn_again_for_the_next_reader(tree, client, monkeypatch):
    FichePageFactory(parent=tree.fiches)
    (draw,) = ledger._drawing

    def busy(pks):
        mark_incomplete()
        return draw(pks)

    monkeypatch.setattr(ledger, "_drawing", [busy])
    assert len(cards_shown(client)) == 1
    monkeypatch.undo()
    assert len(drawn_by(client)) == 1
    assert drawn_by(client) == []
