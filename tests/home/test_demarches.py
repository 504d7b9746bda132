"""The register of processing."""

import json
from datetime import timedelta

import pytest

from fiches.candidatures.views.signalement import TipForm
from fiches.upkeep import retention
from home import processing_register
from home.models import ConfidentialitePage


@pytest.fixture
def privacy(tree):
    return tree.home.add_child(instance=ConfidentialitePage(title="Confidentialité", slug="confidentialite"))


def test_the_register_stands_in_the_page_and_as_data(privacy, client):
    html = client.get("/confidentialite/").content.decode()
    payload = json.loads(client.get("/confidentialite/registre.json").content)
    assert len(payload) == len({each["cle"] for each in payload}) == 11
    for each in payload:
        assert all(each.values()), each
        assert f'id="traitement-{each["cle"]}"' in html
    assert 'href="/confidentialite/registre.json' in html


def test_the_register_tells_how_long_the_code_keeps(monkeypatch, settings):
    settings.RALLYNOV_KEEP_DRAFTS_MONTHS = 4
    monkeypatch.setattr(retention, "MAILS", timedelta(days=33))
    kept = {each.cle: each.duree for each in processing_register.register()}
    assert kept["candidatures"].startswith("4 mois sans modification")
    assert kept["courriels"] == "33 jours"


def test_every_retention_of_the_code_has_its_processing():
    """A room that starts keeping something of a person says here which line of the register tells of it."""
    told = {
        "abonnements anciens": "carnets",
        "abonnements que personne n’a confirmés": "carnets",
        "besoins d’accessibilité des inscrits": "inscriptions",
        "brouillons gardés pour un site séparé": "fiches",
        "comptages des intégrations": "journaux",
        "comptes que personne n’utilise": "comptes",
        "contacts de partenaires": "fiches",
        "contacts des étapes": "fiches",
        "courriels": "courriels",
        "dossiers": "candidatures",
        "inscriptions": "inscriptions",
        "journal des webhooks": "journaux",
        "liens": "candidatures",
        "lignes d’imports": "fiches",
        "recherches sans résultat": "journaux",
        "signalements": "signalements",
    }
    assert {str(kept.label) for kept in retention.RULES} == set(told)
    assert set(told.values()) <= {each.cle for each in processing_register.rows()}


def test_the_register_names_all_that_a_tip_takes():
    (tips,) = [each for each in processing_register.register() if each.cle == "signalements"]
    named = {
        "organisation": "nom",
        "lieu": "lieu",
        "innovation": "texte",
        "photo": "photo",
        "contact": "contact",
        "de": "qui signale",
    }
    assert TipForm.base_fields.keys() - {"suite", "depart"} == named.keys()
    assert [words for words in named.values() if words not in tips.donnees] == []
