"""The staff's screens of the palmarès, before and after the results."""

import re

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from fiches.palmares import viewsets
from fiches.palmares.enums import Rang
from fiches.palmares.forms import CategoryNameForm
from fiches.palmares.models import Categorie, Palmares
from fiches.palmares.palmares_transitions import publish_now
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
    publish_now(decided_rally.palmares, by=decided_rally.staff)
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
    publish_now(embargoed.rally.palmares, by=embargoed.rally.staff)
    type(embargoed.rally)(tree, year=2015).open()
    page = client.get("/palmares/").content.decode().replace("\u00a0", " ")
    assert page.count('<li class="prize prize--1">') == 1
    assert 'href="/palmares/2015/">2015 : le jury étudie les innovations, les résultats viendront</a>' in page
    following = client.get("/palmares/2015/").content.decode()
    assert '<li class="prize' not in following
    assert "les résultats viendront" not in following


def call_once_after(monkeypatch, owner, name, act):
    """Another person does ``act()`` once, just after this method."""
    method, left = getattr(owner, name), [act]

    def then_another(*args, **kwargs):
        answer = method(*args, **kwargs)
        if left:
            left.pop()()
        return answer

    monkeypatch.setattr(owner, name, then_another)


def test_no_category_is_added_once_the_scoring_is_open(client, rally, monkeypatch):
    client.force_login(UserFactory(role="redaction"))
    call_once_after(monkeypatch, CategoryNameForm, "is_valid", rally.open)
    refused = client.post(reverse("palmares:agir", args=[rally.palmares.pk, "categorie"]), {"categorie-nom": "Énergie"})
    assert "La notation a commencé : vous ne pouvez plus changer" in text_of(refused)
    assert [each.nom for each in rally.palmares.categories.all()] == ["Coopération"]


def test_what_scores_depend_on_is_not_saved_from_a_form_read_before_the_scoring_opened(client, rally, monkeypatch):
    client.force_login(UserFactory(role="redaction"))
    address = reverse("palmares:edit", args=[rally.palmares.pk])
    sent = {**filled_form(client.get(address)), "note_maximale": "9"}
    call_once_after(monkeypatch, viewsets.EditView, "get_object", rally.open)
    assert "La notation a commencé : vous ne pouvez plus changer" in text_of(client.post(address, sent))
    assert Palmares.objects.get().note_maximale == 5


@pytest.mark.parametrize("view", [viewsets.PalmaresDeleteView, viewsets.CategorieDeleteView])
def test_nothing_is_deleted_while_the_scoring_opens(client, rally, monkeypatch, view):
    client.force_login(UserFactory(role="admin"))
    of_palmares = view is viewsets.PalmaresDeleteView
    record = rally.palmares if of_palmares else rally.categorie
    call_once_after(monkeypatch, view, "get_object", rally.open)
    client.post(reverse("palmares:delete" if of_palmares else "palmares_categories:delete", args=[record.pk]))
    assert (Palmares.objects.count(), Categorie.objects.count()) == (1, 1)


def test_a_decision_without_its_reasons_is_refused_as_the_other_forms_are(client, decided_rally):
    client.force_login(decided_rally.staff)
    address = reverse("palmares:decider", args=[decided_rally.palmares.pk, decided_rally.categorie.pk])
    refused = client.post(address, {"motifs": ""})
    assert "Rien n’est enregistré : lisez" in text_of(refused)
    assert (refused.status_code, decided_rally.categorie.decisions.count()) == (422, 1)
