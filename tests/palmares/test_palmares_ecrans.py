"""The staff's screens of the palmarès, before and after the results."""

import re

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from fiches.palmares.models import Palmares, Rang
from fiches.palmares.transitions import publish_now
from tests.factories import UserFactory
from tests.formulaires import filled_form


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def decided_rally(rally):
    rally.open()
    rally.close()
    rally.decide((0, Rang.PREMIER, "Bravo."))
    return rally


def test_the_list_says_of_each_edition_whether_its_results_are_public(client, decided_rally):
    client.force_login(UserFactory(role="redaction"))
    address = reverse("palmares:index")
    assert "notation terminée" in text_of(client.get(address))
    publish_now(decided_rally.palmares)
    page = text_of(client.get(address))
    assert "résultats publics" in page and "notation terminée" not in page


def confirmation_texts(response):
    """Returns ``{action: text that asks to confirm it}``."""
    forms = BeautifulSoup(response.content, "html.parser").select("details:not([open]) form")
    return {form["action"].split("/")[-2]: form.p.text for form in forms}


def test_what_cannot_be_taken_back_is_told_before_it_is_confirmed(client, rally):
    rally.open()
    client.force_login(rally.staff)
    overview = reverse("palmares:suivi", args=[rally.palmares.pk])
    assert confirmation_texts(client.get(overview)) == {
        "clore": "Après la clôture, on ne peut pas rouvrir la notation. La colonne « Notées » dit qui n’a pas fini."
    }
    rally.close()
    rally.decide((0, Rang.PREMIER, "Bravo."))
    told = confirmation_texts(client.get(overview))
    assert list(told) == ["publier"]
    assert told["publier"].startswith("Les prix sont publiés immédiatement, partout")


def test_what_a_juror_scored_goes_in_two_gestures(client, rally):
    rally.open()
    rally.score(0, 0, 5, 5)
    client.force_login(UserFactory(role="redaction"))
    overview = reverse("palmares:suivi", args=[rally.palmares.pk])
    page = client.get(overview)
    assert confirmation_texts(page) == {"retirer-jure": "Ses notes sont supprimées définitivement."}
    [first, _second] = BeautifulSoup(page.content, "html.parser").select("details:not([open]) form")
    assert first.button.text == "Retirer Jurée 1, avec ses notes"
    client.post(first["action"], {field["name"]: field["value"] for field in first.select("input[name]")})
    assert [jure.nom for jure in rally.palmares.jures.all()] == ["Jurée 2"]


def test_the_palmares_opens_on_results_and_says_which_edition_comes(tree, client, embargoed):
    publish_now(embargoed.rally.palmares)
    type(embargoed.rally)(tree, year=2015).open()
    page = client.get("/palmares/").content.decode().replace("\u00a0", " ")
    assert page.count('<li class="prize prize--1">') == 1
    assert 'href="/palmares/2015/">2015 : le jury étudie les innovations. Résultats à venir</a>' in page
    following = client.get("/palmares/2015/").content.decode()
    assert '<li class="prize' not in following
    assert "Résultats à venir" not in following


def test_nothing_that_scores_depend_on_changes_once_the_scoring_is_open(client, rally):
    client.force_login(UserFactory(role="redaction"))
    palmares, category = rally.palmares, rally.categorie
    addresses = [
        reverse("palmares:edit", args=[palmares.pk]),
        reverse("palmares_categories:edit", args=[category.pk]),
        reverse("palmares_categories:add", args=[palmares.pk]),
    ]
    changes = {"note_maximale": "9"}, {"nominations-0-DELETE": "1"}, {"nom": "Énergie"}
    sent = [filled_form(client.get(address)) | change for address, change in zip(addresses, changes, strict=True)]
    rally.open()
    for address, form in zip(addresses, sent, strict=True):
        assert "La notation a commencé : vous ne pouvez plus changer" in text_of(client.post(address, form)), address
    for record in ("palmares", "palmares_categories"):
        pk = palmares.pk if record == "palmares" else category.pk
        client.post(reverse(f"{record}:delete", args=[pk]))
    assert Palmares.objects.get().note_maximale == 5
    assert [each.nominations.count() for each in palmares.categories.all()] == [3]


def test_a_category_is_added_with_its_fiches_and_its_name_once(client, rally):
    client.force_login(UserFactory(role="redaction"))
    address = reverse("palmares_categories:add", args=[rally.palmares.pk])
    fiches = {"nominations-TOTAL_FORMS": "1", "nominations-0-fiche": rally.fiches[0].pk, "nominations-0-ORDER": "1"}
    form = filled_form(client.get(address)) | fiches
    added = client.post(address, form | {"nom": "Énergie"})
    assert added.url == reverse("palmares:suivi", args=[rally.palmares.pk])
    assert [each.fiche for each in rally.palmares.categories.get(slug="energie").nominations.all()] == [rally.fiches[0]]
    assert client.post(address, form | {"nom": "ENERGIE"}).status_code == 200
    assert rally.palmares.categories.count() == 2


def test_a_decision_without_its_reasons_is_refused_as_the_other_forms_are(client, decided_rally):
    client.force_login(decided_rally.staff)
    address = reverse("palmares:decider", args=[decided_rally.palmares.pk, decided_rally.categorie.pk])
    refused = client.post(address, {"motifs": ""})
    assert "Rien n’est enregistré : lisez" in text_of(refused)
    assert (refused.status_code, decided_rally.categorie.decisions.count()) == (422, 1)
