"""The cards of a list: true at once."""

import re

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fiches.models.bulk import update
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


def test_a_picture_taken_back_leaves_the_card_at_once(tree, client):
    picture = IllustrationFactory()
    fiches = FichePageFactory.create_batch(2, parent=tree.fiches, photo=picture)
    assert client.get("/fiches/").content.decode().count("srcset=") == 2
    update(type(fiches[0]).objects.filter(pk=fiches[0].pk), photo=None)
    assert client.get("/fiches/").content.decode().count("srcset=") == 1
    picture.delete()
    assert client.get("/fiches/").content.decode().count("srcset=") == 0
