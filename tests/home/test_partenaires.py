"""The partners' page: by first role, with what each organised and supported."""

import datetime

import pytest
from bs4 import BeautifulSoup

from fiches.models import FicheFinanceur
from tests.factories import EtapePageFactory, FichePageFactory, PartenaireFactory, PartenairesPageFactory


@pytest.fixture
def cards(tree, client):
    """``{role: {partner: {deed: what is listed}}}`` as the page shows it."""
    PartenairesPageFactory(parent=tree.home, slug="partenaires")

    def partners_by_role():
        page = BeautifulSoup(client.get("/partenaires/").content, "html.parser")
        return {
            section.h2.text: {card.h3.text: items_by_heading(card) for card in section.select(".partner")}
            for section in page.select("section[aria-labelledby^=role-]")
        }

    return partners_by_role


def items_by_heading(card):
    items = {}
    for each in card.select("details > *, details li"):
        if "partner__deed" in each.get("class", []):
            heading = items[each.text] = []
        elif each.name in ("li", "p"):
            heading.append(" ".join(each.text.split()))
    return items


def test_each_partner_has_one_card_with_its_roles_and_what_it_did(tree, cards, client):
    network = PartenaireFactory(nom="Réseau", roles=["organisateur", "associe"])
    funder = PartenaireFactory(nom="Fonds", roles=["financeur"])
    EtapePageFactory(parent=tree.etapes, title="À Dole", date=datetime.date(2013, 4, 16), organisateurs=[network])
    EtapePageFactory(parent=tree.etapes, title="À Vesoul", date=datetime.date(2014, 5, 2), organisateurs=[network])
    fiche = FichePageFactory(parent=tree.fiches, title="Le lait de nuit", partenaire=network)
    fiche.financements = [FicheFinanceur(partenaire=funder)]
    fiche.save_revision().publish()
    assert cards() == {
        "Financeur": {"Fonds": {"Innovations financées": ["Le lait de nuit"]}},
        "Organisateur d’étape": {
            "Réseau": {
                "Étapes organisées": ["À Vesoul 2014", "À Dole 2013"],
                "Innovations accompagnées": ["Le lait de nuit"],
            }
        },
    }
    page = BeautifulSoup(client.get("/partenaires/").content, "html.parser")
    told = {card.h3.text: card.summary.text for card in page.select(".partner")}
    assert {name: line.split("\xa0:")[0] for name, line in told.items()} == {
        "Fonds": "1 innovation financée",
        "Réseau": "1 innovation, 2 étapes",
    }
    assert [each.text for each in page.select(".partner__roles")] == ["Autre rôle\u00a0: partenaire associé"]


def test_what_the_public_does_not_see_and_what_is_cancelled_is_no_deed(tree, cards):
    network = PartenaireFactory(nom="Réseau", roles=["organisateur", "associe"])
    EtapePageFactory(parent=tree.etapes, live=False, organisateurs=[network])
    EtapePageFactory(parent=tree.etapes, statut="annulee", organisateurs=[network])
    EtapePageFactory(parent=tree.etapes, statut="reportee", organisateurs=[network])
    FichePageFactory(parent=tree.fiches, live=False, partenaire=network)
    assert cards() == {"Organisateur d’étape": {"Réseau": {}}}


def test_a_deed_outside_a_partners_roles_is_told_once(tree, cards):
    network = PartenaireFactory(nom="Réseau", roles=["copilote", "associe"])
    EtapePageFactory(parent=tree.etapes, title="À Dole", organisateurs=[network])
    assert cards() == {"Copilote": {"Réseau": {"Étapes organisées": ["À Dole 2013"]}}}


def test_beyond_five_the_list_of_the_fiches_is_asked_for_all(tree, cards, client):
    network = PartenaireFactory(nom="Réseau", slug="reseau", roles=["associe"])
    for number in range(7):
        FichePageFactory(parent=tree.fiches, title=f"Fiche {number}", partenaire=network)
    [listed] = cards()["Partenaire associé"]["Réseau"].values()
    assert listed == ["Voir les 7 innovations"]
    page = BeautifulSoup(client.get("/partenaires/").content, "html.parser")
    [link] = [each["href"] for each in page.select("a") if each.text == "Voir les 7 innovations"]
    assert link == "/fiches/?partenaire=reseau"
    html = client.get(link).content.decode()
    assert all(f"Fiche {number}" in html for number in range(7))
